/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-generation.h"

#include "core/plugins/start-marker.h"
#include "sdk/heptad-log.h"

HeptadPluginGeneration *
heptad_plugin_generation_new (HeptadPluginManager *manager, const char *bundle_dir)
{
  HeptadPluginGeneration *self = g_new0 (HeptadPluginGeneration, 1);

  g_atomic_ref_count_init (&self->references);
  self->manager = heptad_plugin_manager_ref (manager);
  self->bundle_dir = g_strdup (bundle_dir);
  self->id = g_path_get_basename (bundle_dir);
  self->state = HEPTAD_PLUGIN_FOUND;
  self->since_us = g_get_real_time ();
  return self;
}

HeptadPluginGeneration *
heptad_plugin_generation_ref (HeptadPluginGeneration *generation)
{
  g_atomic_ref_count_inc (&generation->references);
  return generation;
}

void
heptad_plugin_generation_unref (HeptadPluginGeneration *generation)
{
  if (!g_atomic_ref_count_dec (&generation->references))
    return;
  g_clear_pointer (&generation->runtime, heptad_plugin_runtime_unref);
  g_clear_pointer (&generation->replaces, heptad_plugin_runtime_unref);
  g_clear_pointer (&generation->manifest, heptad_manifest_unref);
  g_free (generation->bundle_dir);
  g_free (generation->id);
  g_free (generation->reason);
  heptad_plugin_manager_unref (generation->manager);
  g_free (generation);
}

static void
log_state (HeptadPluginGeneration *self)
{
  if (self->state == HEPTAD_PLUGIN_FAILED)
    heptad_log_warning ("The plugin %s has failed: %s", self->id, self->reason);
  else if (self->state == HEPTAD_PLUGIN_DISABLED)
    heptad_log_notice ("The plugin %s is disabled: %s", self->id, self->reason);
  else if (self->state == HEPTAD_PLUGIN_ACTIVE)
    heptad_log_info ("The plugin %s %s serves.", self->id, self->manifest->version);
  else
    heptad_log_debug ("The plugin %s is %s.", self->id, heptad_plugin_state_get_name (self->state));
}

void
heptad_plugin_generation_tell_locked (HeptadPluginGeneration *generation)
{
  const HeptadPluginManagerConfig *config = &generation->manager->config;

  if (config->hooks != NULL && config->hooks->changed != NULL
      && g_ptr_array_find (generation->manager->all, generation, NULL))
    config->hooks->changed (config->hooks_data, generation->id, generation->state,
                            generation->reason);
}

gboolean
heptad_plugin_generation_move_locked (HeptadPluginGeneration *generation,
                                      HeptadPluginState state,
                                      const char *reason)
{
  if (!heptad_plugin_state_may_follow (generation->state, state))
    return FALSE;

  generation->state = state;
  generation->since_us = g_get_real_time ();
  generation->deadline_us = 0;
  g_free (generation->reason);
  generation->reason = g_strdup (reason);
  log_state (generation);
  heptad_plugin_generation_tell_locked (generation);
  g_cond_broadcast (&generation->manager->changed);
  return TRUE;
}

gboolean
heptad_plugin_generation_move (HeptadPluginGeneration *generation,
                               HeptadPluginState state,
                               const char *reason)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&generation->manager->mutex);

  return heptad_plugin_generation_move_locked (generation, state, reason);
}

void
heptad_plugin_generation_set_deadline (HeptadPluginGeneration *generation,
                                       const char *doing,
                                       guint milliseconds)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&generation->manager->mutex);

  generation->doing = doing;
  generation->deadline_us =
      doing != NULL ? g_get_monotonic_time () + (gint64) milliseconds * 1000 : 0;
  g_cond_broadcast (&generation->manager->changed);
}

/* The thread goes on in the plugin's code and cannot be ended; whatever it says later is not heard.
 */
static void
give_up (HeptadPluginGeneration *self)
{
  HeptadPluginManager *manager = self->manager;
  gboolean starting = self->state != HEPTAD_PLUGIN_STOPPING;
  guint milliseconds =
      starting ? manager->config.start_deadline_ms : manager->config.stop_deadline_ms;
  g_autofree char *reason = g_strdup_printf (
      "it did not %s within %.1f s; %s, and restart the host to be rid of the thread that it holds",
      self->doing, milliseconds / 1000.0,
      starting ? "look at its start and tenant_added functions"
               : "look at its calls in flight and its stop function");

  heptad_plugin_generation_move_locked (self, HEPTAD_PLUGIN_FAILED, reason);
  heptad_start_marker_remove (manager->marker_dir, self->id);
}

/* Gives up what is late. Returns when to look again, 0 when all are settled, %G_MAXINT64 for no
 * limit. */
static gint64
look_at_deadlines (GPtrArray *generations)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 next_us = 0;

  for (guint i = 0; i < generations->len; i++)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (generations, i);

      if (generation->deadline_us != 0 && generation->deadline_us <= now_us)
        give_up (generation);
      if (heptad_plugin_state_is_settled (generation->state))
        continue;
      if (generation->deadline_us != 0)
        next_us = next_us == 0 ? generation->deadline_us : MIN (next_us, generation->deadline_us);
      else if (next_us == 0)
        next_us = G_MAXINT64;
    }
  return next_us;
}

void
heptad_plugin_generations_wait (HeptadPluginManager *manager, GPtrArray *generations)
{
  gint64 next_us;

  g_mutex_lock (&manager->mutex);
  while ((next_us = look_at_deadlines (generations)) != 0)
    {
      if (next_us == G_MAXINT64)
        g_cond_wait (&manager->changed, &manager->mutex);
      else
        g_cond_wait_until (&manager->changed, &manager->mutex, next_us);
    }
  g_mutex_unlock (&manager->mutex);
}
