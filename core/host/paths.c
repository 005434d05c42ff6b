/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/paths.h"

#include <string.h>

#include "core/host/build-paths.h"

gboolean
heptad_paths_is_uninstalled (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, BUILD_ROOT G_DIR_SEPARATOR_S);
}

char *
heptad_paths_find_probe (void)
{
  if (heptad_paths_is_uninstalled ())
    return g_build_filename (BUILD_ROOT, "core", "plugins", "heptad-probe", NULL);
  return g_build_filename (LIBEXEC_DIR, "heptad-probe", NULL);
}

char *
heptad_paths_find_data (const char *relative)
{
  return g_build_filename (heptad_paths_is_uninstalled () ? SOURCE_ROOT : DATA_DIR, relative, NULL);
}

char **
heptad_paths_list_plugin_dirs (const char *const *first)
{
  g_autoptr (GStrvBuilder) dirs = g_strv_builder_new ();
  g_autofree char *of_user = g_build_filename (g_get_user_data_dir (), "heptad", "plugins", NULL);
  g_autofree char *of_build = g_build_filename (BUILD_ROOT, "plugins", NULL);

  for (guint i = 0; first != NULL && first[i] != NULL; i++)
    g_strv_builder_add (dirs, first[i]);
  if (heptad_paths_is_uninstalled ())
    g_strv_builder_add (dirs, of_build);
  g_strv_builder_add (dirs, of_user);
  g_strv_builder_add (dirs, PLUGIN_DIR);
  return g_strv_builder_end (dirs);
}
