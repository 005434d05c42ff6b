/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which plugins are not to be started, and why: a file a plugin in `DATA/disabled/`, so that it can
 * be read and mended when no host runs. */

gboolean heptad_disabled_note_put (const char *note_dir,
                                   const char *plugin_id,
                                   const char *reason,
                                   GError **error);
gboolean heptad_disabled_note_remove (const char *note_dir, const char *plugin_id, GError **error);

/* Returns: (transfer full) (nullable): why the plugin is disabled; %NULL when it is not */
char *heptad_disabled_note_read (const char *note_dir, const char *plugin_id);

G_END_DECLS
