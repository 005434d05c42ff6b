/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/token.h"

#include <gnutls/crypto.h>
#include <string.h>

#define PREFIX_LENGTH 4
#define SECRET_BYTES  32

void
heptad_random_bytes (guint8 *bytes, gsize length)
{
  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, length) != 0)
    g_error ("The system's random number generator has failed; no secret can be made.");
}

char *
heptad_base64url_encode (const guint8 *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  *strchrnul (text, '=') = '\0';
  return text;
}

char *
heptad_token_generate (const char *prefix)
{
  guint8 secret[SECRET_BYTES];
  g_autofree char *text = NULL;

  g_return_val_if_fail (strlen (prefix) == PREFIX_LENGTH, NULL);

  heptad_random_bytes (secret, sizeof secret);
  text = heptad_base64url_encode (secret, sizeof secret);
  return g_strconcat (prefix, text, NULL);
}

gboolean
heptad_token_digest (const char *token, gsize length, HeptadTokenDigest *digest)
{
  if (length != HEPTAD_TOKEN_LENGTH
      || (memcmp (token, HEPTAD_TOKEN_KEY_PREFIX, PREFIX_LENGTH) != 0
          && memcmp (token, HEPTAD_TOKEN_SESSION_PREFIX, PREFIX_LENGTH) != 0))
    return FALSE;
  return gnutls_hash_fast (GNUTLS_DIG_SHA256, token, length, digest->bytes) == 0;
}

guint
heptad_token_digest_hash (gconstpointer digest)
{
  guint hash;

  memcpy (&hash, digest, sizeof hash);
  return hash;
}

gboolean
heptad_token_digest_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (HeptadTokenDigest)) == 0;
}
