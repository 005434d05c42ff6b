/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/identity.h"

G_BEGIN_DECLS

#define HEPTAD_BOOTSTRAP_USER "admin"

/**
 * heptad_identity_bootstrap:
 * @tenant_id: where the administrator belongs
 * @key_file: (nullable): where the administrator's API key is left, mode 0600. A file that is there
 * is replaced only if it is empty or holds such a key
 * @password: (out) (transfer full) (nullable): the administrator's one-time password, kept nowhere;
 * %NULL when this is not the first start
 * @error: why the key file cannot be written; nothing has been made then
 *
 * Makes the administrator on the first start. The key file is on disk before the key is valid, so
 * that an interrupted start can be repeated. Main thread.
 */
gboolean heptad_identity_bootstrap (HeptadIdentity *identity,
                                    const char *tenant_id,
                                    const char *key_file,
                                    char **password,
                                    GError **error);

G_END_DECLS
