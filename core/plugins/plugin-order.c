/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-order.h"

static const HeptadManifest *
find_manifest (GPtrArray *manifests, const char *id)
{
  for (guint i = 0; i < manifests->len; i++)
    {
      const HeptadManifest *manifest = g_ptr_array_index (manifests, i);

      if (g_str_equal (manifest->id, id))
        return manifest;
    }
  return NULL;
}

/* Depth-first search. @visited keeps it from walking in circles; @path is left as the way to @to.
 */
static gboolean
search (GPtrArray *manifests,
        const char *from,
        const char *to,
        gboolean only_required,
        GHashTable *visited,
        GPtrArray *path)
{
  const HeptadManifest *manifest = find_manifest (manifests, from);

  if (manifest == NULL || !g_hash_table_add (visited, (gpointer) manifest->id))
    return FALSE;

  g_ptr_array_add (path, (gpointer) manifest->id);
  for (guint i = 0; i < manifest->dependencies->len; i++)
    {
      const HeptadManifestDependency *dependency =
          &g_array_index (manifest->dependencies, HeptadManifestDependency, i);

      if (only_required && !dependency->required)
        continue;
      if (g_str_equal (dependency->id, to)
          || search (manifests, dependency->id, to, only_required, visited, path))
        return TRUE;
    }
  g_ptr_array_remove_index (path, path->len - 1);
  return FALSE;
}

gboolean
heptad_plugin_order_reaches (GPtrArray *manifests,
                             const char *from,
                             const char *to,
                             gboolean only_required)
{
  g_autoptr (GHashTable) visited = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

  return search (manifests, from, to, only_required, visited, path);
}

char *
heptad_plugin_order_describe_cycle (GPtrArray *manifests, const char *plugin_id)
{
  g_autoptr (GHashTable) visited = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

  if (!search (manifests, plugin_id, plugin_id, TRUE, visited, path))
    return NULL;
  g_ptr_array_add (path, (gpointer) plugin_id);
  g_ptr_array_add (path, NULL);
  return g_strjoinv (" requires ", (char **) path->pdata);
}

gboolean
heptad_plugin_order_must_wait (GPtrArray *manifests,
                               const char *plugin_id,
                               const HeptadManifestDependency *dependency)
{
  return dependency->required
         || !heptad_plugin_order_reaches (manifests, dependency->id, plugin_id, FALSE);
}
