/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/principal.h"
#include "core/identity/token.h"

G_BEGIN_DECLS

/**
 * HeptadCredentials:
 *
 * All valid tokens of the host in memory, by digest. A look-up is served from a cache of the
 * thread's own and touches no memory that another thread writes; every change takes effect at once,
 * since it moves a generation number that each look-up compares.
 */
typedef struct _HeptadCredentials HeptadCredentials;

HeptadCredentials *heptad_credentials_new (void);
void heptad_credentials_free (HeptadCredentials *credentials);

/**
 * heptad_credentials_authenticate:
 * @token: from a client; hostile
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): whose token it is, %NULL when it is unknown, expired or
 * revoked
 */
HeptadPrincipal *
heptad_credentials_authenticate (HeptadCredentials *credentials, const char *token, gsize length);

/* Adds a token or gives it another principal. Any thread. */
void heptad_credentials_set (HeptadCredentials *credentials,
                             const HeptadTokenDigest *digest,
                             HeptadPrincipal *principal);

/* From when this returns the token is refused on every thread. */
void heptad_credentials_remove (HeptadCredentials *credentials, const HeptadTokenDigest *digest);

/**
 * heptad_credentials_replace:
 * @principals: (transfer full): HeptadTokenDigest -> HeptadPrincipal, from
 * heptad_credentials_new_table()
 *
 * Puts another set of tokens in place of all, in one step. Any thread.
 */
void heptad_credentials_replace (HeptadCredentials *credentials, GHashTable *principals);

/* Returns: (transfer full): an empty table that owns its keys and values */
GHashTable *heptad_credentials_new_table (void);

/* Removes what has expired; to be called now and then. */
void heptad_credentials_purge (HeptadCredentials *credentials);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadCredentials, heptad_credentials_free)

G_END_DECLS
