/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A durable note that a plugin's code is about to run in the host for the first time since it
 * started. It is taken away when the plugin has started; where one is found, that plugin took the
 * host down. */

/**
 * heptad_start_marker_put:
 *
 * On disk when this returns, before any of the plugin's code runs.
 */
gboolean heptad_start_marker_put (const char *marker_dir, const char *plugin_id, GError **error);
void heptad_start_marker_remove (const char *marker_dir, const char *plugin_id);

/**
 * heptad_start_marker_read:
 *
 * Returns: (transfer full) (nullable): when the start began, as ISO 8601; %NULL when there is no
 * marker
 */
char *heptad_start_marker_read (const char *marker_dir, const char *plugin_id);

G_END_DECLS
