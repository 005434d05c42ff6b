/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ctl_template_write:
 * @name: the plugin's id: small letters, digits and dashes
 * @directory: (nullable): where to; a folder of that name when %NULL. It must not exist, or be
 * empty
 *
 * Writes the source of a new plugin. `@id@`, `@id_c@`, `@Name@` and `@Type@` of the templates
 * become the name in each spelling.
 *
 * Returns: %FALSE with @error when it cannot be written
 */
gboolean ctl_template_write (const char *name, const char *directory, GError **error);

G_END_DECLS
