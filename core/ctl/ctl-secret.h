/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ctl_secret_read:
 * @path: (nullable): a file whose first line it is; "-" for standard input; %NULL to ask at the
 *   terminal, without echo
 * @name: what is asked for
 *
 * Returns: (transfer full): the secret
 */
char *ctl_secret_read (const char *path, const char *name, GError **error);

/* Whether there is a person to ask. */
gboolean ctl_secret_can_ask (void);

G_END_DECLS
