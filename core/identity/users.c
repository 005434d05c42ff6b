/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

gboolean
heptad_identity_create_user (HeptadIdentity *identity,
                             const char *tenant_id,
                             const char *name,
                             const char *password,
                             gboolean must_change,
                             GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GError) failure = NULL;

  if (!heptad_identity_check_name ("user", name, error))
    return FALSE;
  hash = heptad_passwords_hash (identity->passwords, password, error);
  if (hash == NULL)
    return FALSE;

  if (heptad_identity_change (identity,
                              "INSERT INTO account (name, tenant_id, display_name, password_hash, "
                              "must_change, disabled,"
                              " created_at) VALUES ($1, $2, $1, $3, $4, FALSE, $5)",
                              HEPTAD_SQL (heptad_sql_text (name), heptad_sql_text (tenant_id),
                                          heptad_sql_text (hash), heptad_sql_boolean (must_change),
                                          heptad_sql_time (g_get_real_time ())),
                              &failure))
    return TRUE;
  if (g_error_matches (failure, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT))
    g_prefix_error (&failure, "The user '%s' is there already, or the tenant '%s' is not: ", name,
                    tenant_id);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

typedef struct {
  const char *name;
  const char *hash;
  gint64 n_changed;
} PasswordWrite;

static gboolean
write_password (HeptadTransaction *transaction, gpointer data, GError **error)
{
  PasswordWrite *write = data;

  return heptad_transaction_execute (
             transaction,
             "UPDATE account SET password_hash = $2, must_change = FALSE WHERE name = $1",
             HEPTAD_SQL (heptad_sql_text (write->name), heptad_sql_text (write->hash)),
             &write->n_changed, error)
         && heptad_transaction_execute (transaction, "DELETE FROM session WHERE account = $1",
                                        HEPTAD_SQL (heptad_sql_text (write->name)), NULL, error);
}

static gboolean
require_user (gint64 n_changed, const char *name, GError **error)
{
  if (n_changed > 0)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
               "There is no user '%s'; 'heptadctl user list' lists them", name);
  return FALSE;
}

gboolean
heptad_identity_set_password (HeptadIdentity *identity,
                              const char *name,
                              const char *password,
                              GError **error)
{
  g_autofree char *hash = heptad_passwords_hash (identity->passwords, password, error);
  PasswordWrite write = { .name = name, .hash = hash };

  return hash != NULL && heptad_store_write (identity->store, write_password, &write, NULL, error)
         && require_user (write.n_changed, name, error) && heptad_identity_reload (identity, error);
}

typedef struct {
  const char *sql;
  const HeptadSqlParameter *parameters;
  gint64 n_changed;
} CountedWrite;

static gboolean
write_counted (HeptadTransaction *transaction, gpointer data, GError **error)
{
  CountedWrite *write = data;

  return heptad_transaction_execute (transaction, write->sql, write->parameters, &write->n_changed,
                                     error);
}

static gboolean
change_user (HeptadIdentity *self,
             const char *name,
             const char *sql,
             const HeptadSqlParameter *parameters,
             GError **error)
{
  CountedWrite write = { .sql = sql, .parameters = parameters };

  return heptad_store_write (self->store, write_counted, &write, NULL, error)
         && require_user (write.n_changed, name, error) && heptad_identity_reload (self, error);
}

gboolean
heptad_identity_set_user_disabled (HeptadIdentity *identity,
                                   const char *name,
                                   gboolean disabled,
                                   GError **error)
{
  return change_user (identity, name, "UPDATE account SET disabled = $2 WHERE name = $1",
                      HEPTAD_SQL (heptad_sql_text (name), heptad_sql_boolean (disabled)), error);
}

gboolean
heptad_identity_delete_user (HeptadIdentity *identity, const char *name, GError **error)
{
  return change_user (identity, name, "DELETE FROM account WHERE name = $1",
                      HEPTAD_SQL (heptad_sql_text (name)), error);
}

typedef struct {
  HeptadBuilder *list;
  char *open; /* (nullable): the user whose object is open */
} UserList;

static void
close_user (UserList *users)
{
  if (users->open == NULL)
    return;
  heptad_builder_close (users->list);
  heptad_builder_close (users->list);
  g_clear_pointer (&users->open, g_free);
}

static void
open_user (UserList *users, HeptadRows *rows)
{
  close_user (users);
  users->open = g_strdup (heptad_rows_get_text (rows, 0));
  heptad_builder_add_object (users->list);
  heptad_builder_set_string (users->list, "name", users->open);
  heptad_builder_set_string (users->list, "tenant", heptad_rows_get_text (rows, 1));
  heptad_builder_set_boolean (users->list, "disabled", heptad_rows_get_boolean (rows, 2));
  heptad_builder_set_time (users->list, "createdAt", heptad_rows_get_time (rows, 3));
  heptad_builder_set_array (users->list, "roles");
}

/* One row a role, those of a user beside each other. */
static void
add_row (HeptadRows *rows, gpointer data)
{
  UserList *users = data;

  if (g_strcmp0 (users->open, heptad_rows_get_text (rows, 0)) != 0)
    open_user (users, rows);
  if (!heptad_rows_is_null (rows, 4))
    heptad_builder_add_string (users->list, heptad_rows_get_text (rows, 4));
}

HeptadValue *
heptad_identity_list_users (HeptadIdentity *identity, const char *tenant_id, GError **error)
{
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();
  UserList users = { .list = list };
  gboolean read =
      heptad_identity_read (identity,
                            "SELECT a.name, a.tenant_id, a.disabled, a.created_at, r.role"
                            " FROM account a LEFT JOIN account_role r ON r.account = a.name"
                            " WHERE a.tenant_id = $1 ORDER BY a.name, r.role",
                            HEPTAD_SQL (heptad_sql_text (tenant_id)), add_row, &users, error);

  close_user (&users);
  return read ? heptad_builder_end (list) : NULL;
}
