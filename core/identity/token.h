/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HEPTAD_TOKEN_KEY_PREFIX     "hep_"
#define HEPTAD_TOKEN_SESSION_PREFIX "hes_"
#define HEPTAD_TOKEN_LENGTH         47 /* a prefix of 4, and 256 random bits in base64url */

/**
 * HeptadTokenDigest:
 *
 * SHA-256 of a token; the only form in which a token is kept. A token has 256 random bits, so that
 * the digest needs neither salt nor stretching.
 */
typedef struct {
  guint8 bytes[32];
} HeptadTokenDigest;

/* Returns: (transfer full): a new secret token, shown once */
char *heptad_token_generate (const char *prefix);

/**
 * heptad_token_digest:
 *
 * Any thread, without allocation.
 *
 * Returns: %FALSE when @token does not even look like one
 */
gboolean heptad_token_digest (const char *token, gsize length, HeptadTokenDigest *digest);

/* For hash tables that are keyed by a digest. */
guint heptad_token_digest_hash (gconstpointer digest);
gboolean heptad_token_digest_equal (gconstpointer a, gconstpointer b);

/* Fills @bytes from the system's generator; there is no way on when that fails. */
void heptad_random_bytes (guint8 *bytes, gsize length);

/* Returns: (transfer full): @length bytes in base64url without padding */
char *heptad_base64url_encode (const guint8 *bytes, gsize length);

G_END_DECLS
