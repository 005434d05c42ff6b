/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-generation.h"

void
heptad_plugin_info_free (HeptadPluginInfo *info)
{
  g_free (info->id);
  g_free (info->name);
  g_free (info->version);
  g_free (info->summary);
  g_free (info->bundle_dir);
  g_free (info->reason);
  g_free (info);
}

static HeptadPluginInfo *
describe (const HeptadPluginGeneration *generation)
{
  const HeptadManifest *manifest = generation->manifest;
  HeptadPluginInfo *info = g_new0 (HeptadPluginInfo, 1);

  info->id = g_strdup (generation->id);
  info->name = manifest != NULL ? g_strdup (manifest->name) : NULL;
  info->version = manifest != NULL ? g_strdup (manifest->version) : NULL;
  info->summary = manifest != NULL ? g_strdup (manifest->summary) : NULL;
  info->bundle_dir = g_strdup (generation->bundle_dir);
  info->state = generation->state;
  info->reason = g_strdup (generation->reason);
  info->since_us = generation->since_us;
  return info;
}

static int
compare_infos (gconstpointer a, gconstpointer b)
{
  const HeptadPluginInfo *const *first = a;
  const HeptadPluginInfo *const *second = b;

  return g_strcmp0 ((*first)->id, (*second)->id);
}

GPtrArray *
heptad_plugin_manager_list (HeptadPluginManager *manager)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->mutex);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_plugin_info_free);

  for (guint i = 0; i < manager->all->len; i++)
    g_ptr_array_add (list, describe (g_ptr_array_index (manager->all, i)));
  g_ptr_array_sort (list, compare_infos);
  return list;
}

HeptadPluginInfo *
heptad_plugin_manager_describe (HeptadPluginManager *manager, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->mutex);
  HeptadPluginGeneration *generation = heptad_plugin_manager_find (manager, id);

  return generation != NULL ? describe (generation) : NULL;
}

HeptadPluginRuntime *
heptad_plugin_manager_get_runtime (HeptadPluginManager *manager, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->mutex);
  HeptadPluginGeneration *generation = heptad_plugin_manager_find (manager, id);

  if (generation == NULL || generation->state != HEPTAD_PLUGIN_ACTIVE)
    return NULL;
  return heptad_plugin_runtime_ref (generation->runtime);
}

GPtrArray *
heptad_plugin_manager_list_runtimes (HeptadPluginManager *manager)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->mutex);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_plugin_runtime_unref);

  for (guint i = 0; i < manager->all->len; i++)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (manager->all, i);

      if (generation->state == HEPTAD_PLUGIN_ACTIVE)
        g_ptr_array_add (list, heptad_plugin_runtime_ref (generation->runtime));
    }
  return list;
}
