/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the program finds what belongs to it: in the build tree when it was started from there,
 * else where it was installed. */

gboolean heptad_paths_is_uninstalled (void);

/* Returns: (transfer full): the program heptad-probe */
char *heptad_paths_find_probe (void);

/* Returns: (transfer full): a file of the product, named as in the source tree, such as
 * core/host/openapi.yaml */
char *heptad_paths_find_data (const char *relative);

/**
 * heptad_paths_list_plugin_dirs:
 * @first: (array zero-terminated=1): what the configuration names
 *
 * Returns: (transfer full): @first, the build tree's plugins, the user's, the system's
 */
char **heptad_paths_list_plugin_dirs (const char *const *first);

G_END_DECLS
