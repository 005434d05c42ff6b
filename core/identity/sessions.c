/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

#define MAX_NAME_LENGTH 64

typedef struct {
  char *hash; /* (nullable) */
  gboolean must_change;
} Found;

void
heptad_sign_in_free (HeptadSignIn *sign_in)
{
  g_free (sign_in->token);
  g_free (sign_in->principal_id);
  g_free (sign_in);
}

static void
on_account (HeptadRows *rows, gpointer data)
{
  Found *found = data;

  found->hash = g_strdup (heptad_rows_get_text (rows, 0));
  found->must_change = heptad_rows_get_boolean (rows, 1);
}

static gboolean
insert_session (
    HeptadIdentity *self, const char *name, const char *token, gint64 expires_at_us, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  HeptadTokenDigest digest;

  return heptad_token_digest (token, strlen (token), &digest)
         && heptad_identity_change (
             self,
             "INSERT INTO session (id, account, digest, created_at, expires_at)"
             " VALUES ($1, $2, $3, $4, $5)",
             HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text (name),
                         heptad_sql_bytes (digest.bytes, sizeof digest.bytes),
                         heptad_sql_time (g_get_real_time ()), heptad_sql_time (expires_at_us)),
             error);
}

HeptadSignIn *
heptad_identity_sign_in (HeptadIdentity *identity,
                         const char *name,
                         const char *password,
                         GError **error)
{
  Found found = { 0 };
  g_autofree char *hash = NULL;
  g_autofree char *token = heptad_token_generate (HEPTAD_TOKEN_SESSION_PREFIX);
  gint64 expires_at_us = g_get_real_time () + identity->session_us;
  HeptadSignIn *sign_in;

  if (strlen (name) <= MAX_NAME_LENGTH
      && !heptad_identity_read (
          identity,
          "SELECT password_hash, must_change FROM account WHERE name = $1 AND NOT disabled",
          HEPTAD_SQL (heptad_sql_text (name)), on_account, &found, error))
    return NULL;
  hash = found.hash;
  if (!heptad_passwords_verify (identity->passwords, hash, password, error)
      || !insert_session (identity, name, token, expires_at_us, error))
    return NULL;

  sign_in = g_new0 (HeptadSignIn, 1);
  sign_in->token = g_steal_pointer (&token);
  sign_in->principal_id = g_strconcat ("user/", name, NULL);
  sign_in->expires_at_us = expires_at_us;
  sign_in->must_change = found.must_change;
  return sign_in;
}

gboolean
heptad_identity_sign_out (HeptadIdentity *identity, const char *token, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  HeptadTokenDigest digest;

  if (!heptad_token_digest (token, strlen (token), &digest))
    return TRUE;
  if (!heptad_store_execute (identity->store, "DELETE FROM session WHERE digest = $1",
                             HEPTAD_SQL (heptad_sql_bytes (digest.bytes, sizeof digest.bytes)),
                             NULL, error))
    return FALSE;

  /* A reload under way may have read the session before it was deleted. */
  locker = g_mutex_locker_new (&identity->reload_mutex);
  heptad_credentials_remove (identity->credentials, &digest);
  return TRUE;
}
