/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiles what the store says of users, roles, keys and sessions to the table of valid tokens. */
#include <string.h>

#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

typedef struct {
  char *name;
  char *tenant_id;
  GPtrArray *roles; /* names, ended by NULL once all are read */
  HeptadGrants *grants;
} Account;

typedef struct {
  GHashTable *accounts; /* name -> Account, those that are not disabled */
  GHashTable *principals;
} Directory;

static const struct {
  const char *role;
  const char *permission;
} built_in[] = {
  { HEPTAD_ROLE_ADMIN, "*" },
  { HEPTAD_ROLE_OPERATOR, "*:read" },
  { HEPTAD_ROLE_OPERATOR, "*:write" },
  { HEPTAD_ROLE_OPERATOR, "*:operate" },
  { HEPTAD_ROLE_OPERATOR, "host:ping" },
  { HEPTAD_ROLE_VIEWER, "*:read" },
  { HEPTAD_ROLE_VIEWER, "host:ping" },
};

static void
account_free (gpointer data)
{
  Account *account = data;

  g_free (account->name);
  g_free (account->tenant_id);
  g_ptr_array_unref (account->roles);
  heptad_grants_unref (account->grants);
  g_free (account);
}

static const char *
null_if_empty (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/* What a hand has written into the database is not trusted more than a client. */
static void
add_grant (HeptadGrants *grants, const char *permission, const char *resource)
{
  if (heptad_identity_check_permission (permission, null_if_empty (resource), NULL))
    heptad_grants_add (grants, permission, null_if_empty (resource));
}

static void
on_account (HeptadRows *rows, gpointer data)
{
  Directory *directory = data;
  Account *account = g_new0 (Account, 1);

  account->name = g_strdup (heptad_rows_get_text (rows, 0));
  account->tenant_id = g_strdup (heptad_rows_get_text (rows, 1));
  account->roles = g_ptr_array_new_with_free_func (g_free);
  account->grants = heptad_grants_new ();
  g_hash_table_insert (directory->accounts, account->name, account);
}

static void
on_role (HeptadRows *rows, gpointer data)
{
  Directory *directory = data;
  Account *account = g_hash_table_lookup (directory->accounts, heptad_rows_get_text (rows, 0));
  const char *role = heptad_rows_get_text (rows, 1);

  if (account == NULL)
    return;
  g_ptr_array_add (account->roles, g_strdup (role));
  for (guint i = 0; i < G_N_ELEMENTS (built_in); i++)
    if (g_str_equal (built_in[i].role, role))
      heptad_grants_add (account->grants, built_in[i].permission, NULL);
}

/* Rows of account, permission, resource: from a role or given directly. */
static void
on_permission (HeptadRows *rows, gpointer data)
{
  Directory *directory = data;
  Account *account = g_hash_table_lookup (directory->accounts, heptad_rows_get_text (rows, 0));

  if (account != NULL)
    add_grant (account->grants, heptad_rows_get_text (rows, 1), heptad_rows_get_text (rows, 2));
}

static void
add_principal (Directory *directory, HeptadRows *rows, const HeptadPrincipalFields *fields)
{
  gsize length = 0;
  const void *digest = heptad_rows_get_bytes (rows, 1, &length);

  if (digest == NULL || length != sizeof (HeptadTokenDigest))
    return;
  g_hash_table_replace (directory->principals, g_memdup2 (digest, length),
                        heptad_principal_new (fields));
}

static void
describe_account (const Account *account, HeptadPrincipalFields *fields)
{
  fields->tenant_id = account->tenant_id;
  fields->roles = (const char *const *) account->roles->pdata;
  fields->grants = account->grants;
}

static void
on_session (HeptadRows *rows, gpointer data)
{
  Directory *directory = data;
  Account *account = g_hash_table_lookup (directory->accounts, heptad_rows_get_text (rows, 0));
  g_autofree char *id = NULL;
  HeptadPrincipalFields fields = { .expires_at_us = heptad_rows_get_time (rows, 2) };

  if (account == NULL)
    return;
  fields.id = id = g_strconcat ("user/", account->name, NULL);
  describe_account (account, &fields);
  add_principal (directory, rows, &fields);
}

static void
on_key (HeptadRows *rows, gpointer data)
{
  Directory *directory = data;
  Account *account = g_hash_table_lookup (directory->accounts, heptad_rows_get_text (rows, 0));
  g_autoptr (HeptadGrants) scope = NULL;
  g_autoptr (HeptadValue) declared = heptad_rows_get_json (rows, 4);
  g_autofree char *id = NULL;
  HeptadPrincipalFields fields = { .expires_at_us = heptad_rows_get_time (rows, 2) };

  if (account == NULL)
    return;
  if (declared != NULL)
    {
      scope = heptad_grants_new ();
      if (heptad_identity_check_permissions (declared, NULL))
        heptad_identity_add_permissions (scope, declared);
    }
  fields.id = id = g_strconcat ("key/", heptad_rows_get_text (rows, 3), NULL);
  fields.scope = scope;
  describe_account (account, &fields);
  add_principal (directory, rows, &fields);
}

static void
end_role_list (gpointer key, gpointer value, gpointer data)
{
  Account *account = value;

  g_ptr_array_add (account->roles, NULL);
}

static gboolean
read_directory (HeptadIdentity *self, Directory *directory, GError **error)
{
  const HeptadSqlParameter *now = HEPTAD_SQL (heptad_sql_time (g_get_real_time ()));

  if (!heptad_identity_read (self, "SELECT name, tenant_id FROM account WHERE NOT disabled", NULL,
                             on_account, directory, error)
      || !heptad_identity_read (self, "SELECT account, role FROM account_role ORDER BY role", NULL,
                                on_role, directory, error))
    return FALSE;
  g_hash_table_foreach (directory->accounts, end_role_list, NULL);

  return heptad_identity_read (self, "SELECT account, permission, resource FROM account_permission",
                               NULL, on_permission, directory, error)
         && heptad_identity_read (self,
                                  "SELECT r.account, p.permission, p.resource FROM account_role r"
                                  " JOIN account a ON a.name = r.account"
                                  " JOIN role_permission p"
                                  "   ON p.tenant_id = a.tenant_id AND p.role = r.role",
                                  NULL, on_permission, directory, error)
         && heptad_identity_read (self,
                                  "SELECT account, digest, expires_at FROM session"
                                  " WHERE expires_at > $1",
                                  now, on_session, directory, error)
         && heptad_identity_read (self,
                                  "SELECT account, digest, expires_at, id, scope FROM api_key"
                                  " WHERE expires_at IS NULL OR expires_at > $1",
                                  now, on_key, directory, error);
}

gboolean
heptad_identity_reload (HeptadIdentity *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->reload_mutex);
  g_autoptr (GHashTable) accounts =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, account_free);
  g_autoptr (GHashTable) principals = heptad_credentials_new_table ();
  Directory directory = { accounts, principals };

  if (!read_directory (self, &directory, error))
    return FALSE;
  heptad_credentials_replace (self->credentials, g_steal_pointer (&principals));
  return TRUE;
}
