/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/health.h"

typedef struct {
  HeptadHealthState state;
  char *reason; /* (nullable) */
} Part;

struct _HeptadHealth {
  GMutex mutex;
  GTree *parts; /* name -> Part, sorted for people */
  gboolean stopping;
};

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->reason);
  g_free (part);
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_strcmp0 (a, b);
}

HeptadHealth *
heptad_health_new (void)
{
  HeptadHealth *health = g_new0 (HeptadHealth, 1);

  g_mutex_init (&health->mutex);
  health->parts = g_tree_new_full (compare_names, NULL, g_free, part_free);
  return health;
}

void
heptad_health_free (HeptadHealth *health)
{
  g_tree_unref (health->parts);
  g_mutex_clear (&health->mutex);
  g_free (health);
}

void
heptad_health_set (HeptadHealth *health,
                   const char *name,
                   HeptadHealthState state,
                   const char *reason)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&health->mutex);
  Part *part = g_new0 (Part, 1);

  part->state = state;
  part->reason = g_strdup (reason);
  g_tree_replace (health->parts, g_strdup (name), part);
}

void
heptad_health_remove (HeptadHealth *health, const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&health->mutex);

  g_tree_remove (health->parts, name);
}

void
heptad_health_set_stopping (HeptadHealth *health)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&health->mutex);

  health->stopping = TRUE;
}

static gboolean
note_unready (gpointer name, gpointer value, gpointer data)
{
  const Part *part = value;
  gboolean *ready = data;

  if (part->state == HEPTAD_HEALTH_STARTING || part->state == HEPTAD_HEALTH_FAILED)
    *ready = FALSE;
  return !*ready;
}

static gboolean
is_ready_locked (HeptadHealth *self)
{
  gboolean ready = !self->stopping;

  g_tree_foreach (self->parts, note_unready, &ready);
  return ready;
}

gboolean
heptad_health_is_ready (HeptadHealth *health)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&health->mutex);

  return is_ready_locked (health);
}

static gboolean
describe_part (gpointer name, gpointer value, gpointer data)
{
  static const char *const states[] = { "starting", "ok", "degraded", "failed" };
  const Part *part = value;
  HeptadBuilder *builder = data;

  heptad_builder_add_object (builder);
  heptad_builder_set_string (builder, "name", name);
  heptad_builder_set_string (builder, "state", states[part->state]);
  if (part->reason != NULL)
    heptad_builder_set_string (builder, "reason", part->reason);
  heptad_builder_close (builder);
  return FALSE;
}

HeptadValue *
heptad_health_describe (HeptadHealth *health)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&health->mutex);
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_boolean (builder, "ready", is_ready_locked (health));
  if (health->stopping)
    heptad_builder_set_string (builder, "reason", "the host is stopping");
  heptad_builder_set_array (builder, "parts");
  g_tree_foreach (health->parts, describe_part, builder);
  heptad_builder_close (builder);
  return heptad_builder_end (builder);
}
