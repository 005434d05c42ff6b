/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/bundle.h"

#include "sdk/heptad-error.h"

#define MAX_BUNDLES_PER_PATH 1024

char *
heptad_bundle_find_file (const char *bundle_dir, const char *name)
{
  g_autofree char *path = g_build_filename (bundle_dir, name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  return g_steal_pointer (&path);
}

static gboolean
has_manifest (const char *dir)
{
  g_autofree char *path = heptad_bundle_find_file (dir, HEPTAD_BUNDLE_MANIFEST);

  return path != NULL;
}

static gboolean
has_module (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, "-plugin.so"))
      return TRUE;
  return FALSE;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
add_once (GPtrArray *bundles, const char *path)
{
  if (!g_ptr_array_find_with_equal_func (bundles, path, g_str_equal, NULL))
    g_ptr_array_add (bundles, g_strdup (path));
}

static void
find_in (const char *search_path, GPtrArray *into)
{
  g_autoptr (GDir) dir = g_dir_open (search_path, 0, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && found->len < MAX_BUNDLES_PER_PATH)
    {
      g_autofree char *path = g_build_filename (search_path, name, NULL);

      if (has_manifest (path) || has_module (path))
        g_ptr_array_add (found, g_steal_pointer (&path));
    }
  g_ptr_array_sort (found, compare_paths);
  for (guint i = 0; i < found->len; i++)
    add_once (into, g_ptr_array_index (found, i));
}

GPtrArray *
heptad_bundles_find (const char *const *search_paths)
{
  GPtrArray *bundles = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; search_paths[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (search_paths[i], NULL);

      if (has_manifest (path) || has_module (path))
        add_once (bundles, path);
      else
        find_in (path, bundles);
    }
  return bundles;
}

char *
heptad_bundle_find_module (const char *bundle_dir, const HeptadManifest *manifest, GError **error)
{
  g_autofree char *by_default = g_strconcat (manifest->id, "-plugin.so", NULL);
  const char *name = manifest->module != NULL ? manifest->module : by_default;
  g_autofree char *path = heptad_bundle_find_file (bundle_dir, name);

  if (path == NULL && manifest->module != NULL)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                 "%s names the module %s, which is not in %s; build it, or correct the name",
                 manifest->file_name, name, bundle_dir);
  return g_steal_pointer (&path);
}
