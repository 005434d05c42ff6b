/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

static gboolean
is_built_in (const char *role)
{
  return g_str_equal (role, HEPTAD_ROLE_ADMIN) || g_str_equal (role, HEPTAD_ROLE_OPERATOR)
         || g_str_equal (role, HEPTAD_ROLE_VIEWER);
}

static gboolean
check_own_role (const char *role, GError **error)
{
  if (!heptad_identity_check_name ("role", role, error))
    return FALSE;
  if (!is_built_in (role))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
               "The role '%s' is built in and cannot be changed; make one of another name", role);
  return FALSE;
}

typedef struct {
  const char *tenant_id;
  const char *name;
  const char *title;
  const HeptadValue *permissions;
} RoleWrite;

static gboolean
write_role_permissions (HeptadTransaction *transaction, const RoleWrite *write, GError **error)
{
  for (guint i = 0; i < heptad_value_get_size (write->permissions); i++)
    {
      const HeptadValue *item = heptad_value_get_item (write->permissions, i);
      const char *resource = heptad_value_get_member_string (item, "resource");

      if (!heptad_transaction_execute (
              transaction,
              "INSERT INTO role_permission (tenant_id, role, permission, resource)"
              " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
              HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->name),
                          heptad_sql_text (heptad_value_get_member_string (item, "permission")),
                          heptad_sql_text (resource != NULL ? resource : "")),
              NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_role (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const RoleWrite *write = data;
  const HeptadSqlParameter *key =
      HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->name));

  return heptad_transaction_execute (
             transaction,
             "INSERT INTO role (tenant_id, name, title) VALUES ($1, $2, $3)"
             " ON CONFLICT (tenant_id, name) DO UPDATE SET title = excluded.title",
             HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->name),
                         heptad_sql_text (write->title)),
             NULL, error)
         && heptad_transaction_execute (
             transaction, "DELETE FROM role_permission WHERE tenant_id = $1 AND role = $2", key,
             NULL, error)
         && write_role_permissions (transaction, write, error);
}

gboolean
heptad_identity_set_role (HeptadIdentity *identity,
                          const char *tenant_id,
                          const char *name,
                          const char *title,
                          const HeptadValue *permissions,
                          GError **error)
{
  RoleWrite write = { tenant_id, name, title, permissions };

  return check_own_role (name, error) && heptad_identity_check_permissions (permissions, error)
         && heptad_store_write (identity->store, write_role, &write, NULL, error)
         && heptad_identity_reload (identity, error);
}

static gboolean
delete_role (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const RoleWrite *write = data;
  const HeptadSqlParameter *key =
      HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->name));

  return heptad_transaction_execute (
             transaction,
             "DELETE FROM account_role WHERE role = $2"
             " AND account IN (SELECT name FROM account WHERE tenant_id = $1)",
             key, NULL, error)
         && heptad_transaction_execute (
             transaction, "DELETE FROM role WHERE tenant_id = $1 AND name = $2", key, NULL, error);
}

gboolean
heptad_identity_delete_role (HeptadIdentity *identity,
                             const char *tenant_id,
                             const char *name,
                             GError **error)
{
  RoleWrite write = { .tenant_id = tenant_id, .name = name };

  return check_own_role (name, error)
         && heptad_store_write (identity->store, delete_role, &write, NULL, error)
         && heptad_identity_reload (identity, error);
}

typedef struct {
  const char *user;
  const char *role;
} Assignment;

static gboolean
assign_role (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Assignment *assignment = data;
  gint64 n_changed = 0;

  if (!heptad_transaction_execute (
          transaction,
          "INSERT INTO account_role (account, role) SELECT a.name, $2 FROM account a"
          " WHERE a.name = $1 AND ($3 OR EXISTS (SELECT 1 FROM role r"
          "   WHERE r.tenant_id = a.tenant_id AND r.name = $2))"
          " ON CONFLICT (account, role) DO UPDATE SET role = excluded.role",
          HEPTAD_SQL (heptad_sql_text (assignment->user), heptad_sql_text (assignment->role),
                      heptad_sql_boolean (is_built_in (assignment->role))),
          &n_changed, error))
    return FALSE;
  if (n_changed > 0)
    return TRUE;
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
      "There is no user '%s', or no role '%s' in the user's tenant; look at 'heptadctl user "
      "list'",
      assignment->user, assignment->role);
  return FALSE;
}

gboolean
heptad_identity_assign_role (HeptadIdentity *identity,
                             const char *user,
                             const char *role,
                             GError **error)
{
  Assignment assignment = { user, role };

  return heptad_store_write (identity->store, assign_role, &assignment, NULL, error)
         && heptad_identity_reload (identity, error);
}

gboolean
heptad_identity_unassign_role (HeptadIdentity *identity,
                               const char *user,
                               const char *role,
                               GError **error)
{
  return heptad_identity_change (
      identity, "DELETE FROM account_role WHERE account = $1 AND role = $2",
      HEPTAD_SQL (heptad_sql_text (user), heptad_sql_text (role)), error);
}

gboolean
heptad_identity_grant (HeptadIdentity *identity,
                       const char *user,
                       const char *permission,
                       const char *resource,
                       GError **error)
{
  return heptad_identity_check_permission (permission, resource, error)
         && heptad_identity_change (
             identity,
             "INSERT INTO account_permission (account, permission, resource) VALUES ($1, $2, $3)"
             " ON CONFLICT DO NOTHING",
             HEPTAD_SQL (heptad_sql_text (user), heptad_sql_text (permission),
                         heptad_sql_text (resource != NULL ? resource : "")),
             error);
}

gboolean
heptad_identity_revoke_grant (HeptadIdentity *identity,
                              const char *user,
                              const char *permission,
                              const char *resource,
                              GError **error)
{
  return heptad_identity_change (
      identity,
      "DELETE FROM account_permission WHERE account = $1 AND permission = $2 AND resource = $3",
      HEPTAD_SQL (heptad_sql_text (user), heptad_sql_text (permission),
                  heptad_sql_text (resource != NULL ? resource : "")),
      error);
}
