/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/identity.h"

#include <string.h>

#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

#define PASSWORD_THREADS    2
#define PASSWORD_QUEUE      32
#define MAX_PERMISSIONS     1024
#define MAX_RESOURCE_LENGTH 256

HeptadIdentity *
heptad_identity_new (HeptadStore *store, const HeptadIdentityConfig *config, GError **error)
{
  g_autoptr (HeptadIdentity) self = g_new0 (HeptadIdentity, 1);

  self->store = g_object_ref (store);
  self->passwords = heptad_passwords_new (&config->password_cost, PASSWORD_THREADS, PASSWORD_QUEUE);
  self->credentials = heptad_credentials_new ();
  self->session_us = (gint64) config->session_seconds * G_USEC_PER_SEC;
  g_mutex_init (&self->reload_mutex);
  return heptad_identity_reload (self, error) ? g_steal_pointer (&self) : NULL;
}

void
heptad_identity_free (HeptadIdentity *identity)
{
  heptad_passwords_free (identity->passwords);
  heptad_credentials_free (identity->credentials);
  g_object_unref (identity->store);
  g_mutex_clear (&identity->reload_mutex);
  g_free (identity);
}

HeptadPrincipal *
heptad_identity_authenticate_bearer (HeptadIdentity *identity, const char *token, gsize length)
{
  return heptad_credentials_authenticate (identity->credentials, token, length);
}

HeptadCredentials *
heptad_identity_get_credentials (HeptadIdentity *identity)
{
  return identity->credentials;
}

gboolean
heptad_identity_read (HeptadIdentity *self,
                      const char *sql,
                      const HeptadSqlParameter *parameters,
                      HeptadRowFunc func,
                      gpointer data,
                      GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_store_query (self->store, sql, parameters, NULL, error);
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return FALSE;
  while (heptad_rows_next (rows, &failure))
    func (rows, data);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
heptad_identity_change (HeptadIdentity *self,
                        const char *sql,
                        const HeptadSqlParameter *parameters,
                        GError **error)
{
  return heptad_store_execute (self->store, sql, parameters, NULL, error)
         && heptad_identity_reload (self, error);
}

gboolean
heptad_identity_check_name (const char *what, const char *name, GError **error)
{
  if (g_regex_match_simple ("^[a-z0-9][a-z0-9._-]{0,62}$", name, G_REGEX_DOLLAR_ENDONLY, 0))
    return TRUE;
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
      "'%s' is no name of a %s; use up to 63 lower-case letters, digits, dots, hyphens and "
      "underscores",
      name, what);
  return FALSE;
}

gboolean
heptad_identity_check_permission (const char *permission, const char *resource, GError **error)
{
  if (permission == NULL || !heptad_permission_is_valid (permission))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "'%s' is no permission; write PLUGIN:verb, PLUGIN:*, *:verb or *",
                   permission != NULL ? permission : "");
      return FALSE;
    }
  if (resource == NULL
      || (strlen (resource) <= MAX_RESOURCE_LENGTH
          && g_regex_match_simple ("^[a-z][a-z0-9-]*/[^\\s*]*\\*?$", resource,
                                   G_REGEX_DOLLAR_ENDONLY, 0)))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "'%s' is no resource; write KIND/NAME, where NAME may end in *", resource);
  return FALSE;
}

gboolean
heptad_identity_check_permissions (const HeptadValue *permissions, GError **error)
{
  guint n_permissions = heptad_value_get_size (permissions);

  if (n_permissions > MAX_PERMISSIONS)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "%u permissions are more than %d; use a pattern such as PLUGIN:*", n_permissions,
                   MAX_PERMISSIONS);
      return FALSE;
    }
  for (guint i = 0; i < n_permissions; i++)
    {
      const HeptadValue *item = heptad_value_get_item (permissions, i);

      if (!heptad_identity_check_permission (heptad_value_get_member_string (item, "permission"),
                                             heptad_value_get_member_string (item, "resource"),
                                             error))
        return FALSE;
    }
  return TRUE;
}

void
heptad_identity_add_permissions (HeptadGrants *grants, const HeptadValue *permissions)
{
  for (guint i = 0; i < heptad_value_get_size (permissions); i++)
    {
      const HeptadValue *item = heptad_value_get_item (permissions, i);

      heptad_grants_add (grants, heptad_value_get_member_string (item, "permission"),
                         heptad_value_get_member_string (item, "resource"));
    }
}

static void
add_expired (HeptadRows *rows, gpointer data)
{
  *(gboolean *) data = TRUE;
}

gboolean
heptad_identity_purge (HeptadIdentity *identity, GError **error)
{
  gboolean any = FALSE;
  const HeptadSqlParameter now = heptad_sql_time (g_get_real_time ());

  heptad_credentials_purge (identity->credentials);
  if (!heptad_identity_read (identity, "SELECT 1 FROM session WHERE expires_at < $1 LIMIT 1",
                             HEPTAD_SQL (now), add_expired, &any, error))
    return FALSE;
  return !any
         || heptad_store_execute (identity->store, "DELETE FROM session WHERE expires_at < $1",
                                  HEPTAD_SQL (now), NULL, error);
}
