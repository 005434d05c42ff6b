/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

#define KEY_ID_BYTES     6
#define MAX_TITLE_LENGTH 200

static char *
make_id (void)
{
  guint8 bytes[KEY_ID_BYTES];
  GString *id = g_string_new (NULL);

  heptad_random_bytes (bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

static gboolean
insert_key (HeptadIdentity *self,
            const char *id,
            const char *user,
            const char *title,
            const HeptadTokenDigest *digest,
            const HeptadValue *scope,
            gint64 expires_at_us,
            GError **error)
{
  return heptad_identity_change (
      self,
      "INSERT INTO api_key (id, account, title, digest, scope, created_at, expires_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text (user), heptad_sql_text (title),
                  heptad_sql_bytes (digest->bytes, sizeof digest->bytes), heptad_sql_json (scope),
                  heptad_sql_time (g_get_real_time ()),
                  expires_at_us != 0 ? heptad_sql_time (expires_at_us) : heptad_sql_null ()),
      error);
}

char *
heptad_identity_create_key (HeptadIdentity *identity,
                            const char *user,
                            const char *title,
                            const HeptadValue *scope,
                            gint64 expires_at_us,
                            char **id,
                            GError **error)
{
  g_autofree char *token = heptad_token_generate (HEPTAD_TOKEN_KEY_PREFIX);
  g_autofree char *key_id = make_id ();
  g_autoptr (GError) failure = NULL;
  HeptadTokenDigest digest;

  if (strlen (title) > MAX_TITLE_LENGTH
      || (expires_at_us != 0 && expires_at_us <= g_get_real_time ()))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "A key has a title of up to %d bytes and expires in the future, if at all",
                   MAX_TITLE_LENGTH);
      return NULL;
    }
  if (scope != NULL && !heptad_identity_check_permissions (scope, error))
    return NULL;
  if (!heptad_token_digest (token, strlen (token), &digest)
      || !insert_key (identity, key_id, user, title, &digest, scope, expires_at_us, &failure))
    {
      if (g_error_matches (failure, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT))
        g_prefix_error (&failure, "There is no user '%s' who could have a key: ", user);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  if (id != NULL)
    *id = g_steal_pointer (&key_id);
  return g_steal_pointer (&token);
}

static void
note_found (HeptadRows *rows, gpointer data)
{
  *(gboolean *) data = TRUE;
}

gboolean
heptad_identity_revoke_key (HeptadIdentity *identity, const char *id, GError **error)
{
  gboolean found = FALSE;
  const HeptadSqlParameter *key = HEPTAD_SQL (heptad_sql_text (id));

  if (!heptad_identity_read (identity, "SELECT 1 FROM api_key WHERE id = $1", key, note_found,
                             &found, error))
    return FALSE;
  if (found)
    return heptad_identity_change (identity, "DELETE FROM api_key WHERE id = $1", key, error);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
               "There is no key '%s'; 'heptadctl key list' lists them", id);
  return FALSE;
}

static void
add_key (HeptadRows *rows, gpointer data)
{
  HeptadBuilder *list = data;
  g_autoptr (HeptadValue) scope = heptad_rows_get_json (rows, 3);

  heptad_builder_add_object (list);
  heptad_builder_set_string (list, "id", heptad_rows_get_text (rows, 0));
  heptad_builder_set_string (list, "user", heptad_rows_get_text (rows, 1));
  heptad_builder_set_string (list, "title", heptad_rows_get_text (rows, 2));
  heptad_builder_set_value (list, "scope", scope);
  heptad_builder_set_time (list, "createdAt", heptad_rows_get_time (rows, 4));
  if (!heptad_rows_is_null (rows, 5))
    heptad_builder_set_time (list, "expiresAt", heptad_rows_get_time (rows, 5));
  heptad_builder_close (list);
}

HeptadValue *
heptad_identity_list_keys (HeptadIdentity *identity, const char *tenant_id, GError **error)
{
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();

  if (!heptad_identity_read (identity,
                             "SELECT k.id, k.account, k.title, k.scope, k.created_at, k.expires_at"
                             " FROM api_key k JOIN account a ON a.name = k.account"
                             " WHERE a.tenant_id = $1 ORDER BY k.created_at, k.id",
                             HEPTAD_SQL (heptad_sql_text (tenant_id)), add_key, list, error))
    return NULL;
  return heptad_builder_end (list);
}
