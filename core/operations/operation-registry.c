/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/operation-registry.h"

#include <string.h>

struct _HeptadOperationRegistry {
  GMutex mutex;
  HeptadOperationSnapshot *current; /* under mutex */
};

static HeptadOperationSnapshot *
snapshot_new (guint64 generation)
{
  HeptadOperationSnapshot *snapshot = g_new0 (HeptadOperationSnapshot, 1);

  g_atomic_ref_count_init (&snapshot->references);
  snapshot->generation = generation;
  snapshot->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_operation_set_unref);
  snapshot->router = heptad_router_new ();
  snapshot->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return snapshot;
}

static HeptadOperationSnapshot *
snapshot_ref (HeptadOperationSnapshot *snapshot)
{
  g_atomic_ref_count_inc (&snapshot->references);
  return snapshot;
}

void
heptad_operation_snapshot_unref (HeptadOperationSnapshot *snapshot)
{
  if (snapshot == NULL || !g_atomic_ref_count_dec (&snapshot->references))
    return;
  g_hash_table_unref (snapshot->by_name);
  heptad_router_free (snapshot->router);
  g_ptr_array_unref (snapshot->sets);
  g_free (snapshot);
}

HeptadOperationRegistry *
heptad_operation_registry_new (void)
{
  HeptadOperationRegistry *registry = g_new0 (HeptadOperationRegistry, 1);

  g_mutex_init (&registry->mutex);
  registry->current = snapshot_new (1);
  return registry;
}

void
heptad_operation_registry_free (HeptadOperationRegistry *registry)
{
  if (registry == NULL)
    return;
  heptad_operation_snapshot_unref (registry->current);
  g_mutex_clear (&registry->mutex);
  g_free (registry);
}

static gboolean
snapshot_add (HeptadOperationSnapshot *snapshot, HeptadOperationSet *set, GError **error)
{
  GPtrArray *operations = heptad_operation_set_get_operations (set);

  g_ptr_array_add (snapshot->sets, heptad_operation_set_ref (set));
  for (guint i = 0; i < operations->len; i++)
    {
      HeptadOperation *operation = operations->pdata[i];

      if (!heptad_router_add (snapshot->router, operation, error))
        return FALSE;
      g_hash_table_insert (snapshot->by_name, operation->qualified, operation);
    }
  return TRUE;
}

/* Copies what is installed now but the sets of @without. Called under the mutex. */
static HeptadOperationSnapshot *
copy_current (HeptadOperationRegistry *registry, const char *without)
{
  HeptadOperationSnapshot *copy = snapshot_new (registry->current->generation + 1);

  for (guint i = 0; i < registry->current->sets->len; i++)
    {
      HeptadOperationSet *set = registry->current->sets->pdata[i];

      if (strcmp (heptad_operation_set_get_plugin_id (set), without) != 0)
        snapshot_add (copy, set, NULL);
    }
  return copy;
}

static HeptadOperationSnapshot *
swap (HeptadOperationRegistry *registry, HeptadOperationSnapshot *next)
{
  HeptadOperationSnapshot *old = registry->current;

  registry->current = next;
  return old;
}

gboolean
heptad_operation_registry_install (HeptadOperationRegistry *registry,
                                   HeptadOperationSet *set,
                                   GError **error)
{
  g_autoptr (HeptadOperationSnapshot) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&registry->mutex);
  g_autoptr (HeptadOperationSnapshot) next =
      copy_current (registry, heptad_operation_set_get_plugin_id (set));

  if (!snapshot_add (next, set, error))
    return FALSE;
  old = swap (registry, g_steal_pointer (&next));
  return TRUE;
}

void
heptad_operation_registry_remove (HeptadOperationRegistry *registry, const char *plugin_id)
{
  g_autoptr (HeptadOperationSnapshot) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&registry->mutex);

  old = swap (registry, copy_current (registry, plugin_id));
}

HeptadOperationSnapshot *
heptad_operation_registry_get_snapshot (HeptadOperationRegistry *registry)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&registry->mutex);

  return snapshot_ref (registry->current);
}
