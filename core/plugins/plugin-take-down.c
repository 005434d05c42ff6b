/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-generation.h"

static gpointer
take_down (gpointer data)
{
  g_autoptr (HeptadPluginGeneration) self = data;
  const HeptadPluginManagerConfig *config = &self->manager->config;

  if (config->hooks != NULL && config->hooks->deactivate != NULL)
    config->hooks->deactivate (config->hooks_data, self->runtime, self->replaced);
  heptad_plugin_runtime_stop (self->runtime);
  heptad_plugin_generation_move (self, HEPTAD_PLUGIN_STOPPED, NULL);
  return NULL;
}

void
heptad_plugin_generation_take_down (HeptadPluginGeneration *generation, gboolean replaced)
{
  const HeptadPluginManagerConfig *config = &generation->manager->config;

  if (!heptad_plugin_generation_move (generation, HEPTAD_PLUGIN_STOPPING, NULL))
    return;
  heptad_plugin_generation_set_deadline (generation, "stop", config->stop_deadline_ms);
  generation->replaced = replaced;
  g_thread_unref (
      g_thread_new ("plugin-stop", take_down, heptad_plugin_generation_ref (generation)));
}

static gboolean
depends_on (const HeptadManifest *manifest, const char *id, gboolean only_required)
{
  for (guint i = 0; i < manifest->dependencies->len; i++)
    {
      const HeptadManifestDependency *dependency =
          &g_array_index (manifest->dependencies, HeptadManifestDependency, i);

      if (g_str_equal (dependency->id, id) && (dependency->required || !only_required))
        return TRUE;
    }
  return FALSE;
}

const char *
heptad_plugin_generation_find_dependent (HeptadPluginGeneration *generation, gboolean only_required)
{
  GPtrArray *all = generation->manager->all;

  for (guint i = 0; i < all->len; i++)
    {
      HeptadPluginGeneration *other = g_ptr_array_index (all, i);

      if (other->state == HEPTAD_PLUGIN_ACTIVE
          && depends_on (other->manifest, generation->id, only_required))
        return other->id;
    }
  return NULL;
}
