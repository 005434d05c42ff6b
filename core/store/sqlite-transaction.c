/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-transaction.h"

#include "core/store/ledger.h"

gboolean
sqlite_transaction_fail (SqliteTransaction *transaction, const GError *error)
{
  if (transaction->failure == NULL)
    transaction->failure = g_error_copy (error);
  return FALSE;
}

static SqliteStatement *
prepare_bound (SqliteTransaction *transaction,
               HeptadStoreAccess access,
               const char *sql,
               const HeptadSqlParameter *parameters,
               gboolean borrow,
               GError **error)
{
  g_autoptr (SqliteStatement) statement =
      sqlite_connection_prepare (transaction->connection, (SqliteAccess) access, sql, error);

  if (statement == NULL || !sqlite_statement_bind (statement, parameters, borrow, error))
    return NULL;
  return g_steal_pointer (&statement);
}

static gboolean
run (SqliteTransaction *transaction,
     HeptadStoreAccess access,
     const char *sql,
     const HeptadSqlParameter *parameters,
     gint64 *n_changed,
     GError **error)
{
  g_autoptr (SqliteStatement) statement =
      prepare_bound (transaction, access, sql, parameters, TRUE, error);
  int code = SQLITE_ROW;

  while (statement != NULL && code == SQLITE_ROW)
    code = sqlite_statement_step (statement, error);
  if (code != SQLITE_DONE)
    return FALSE;
  if (n_changed != NULL)
    *n_changed =
        statement->reads_only ? 0 : (gint64) sqlite3_changes64 (transaction->connection->db);
  return TRUE;
}

static gboolean
transaction_execute (HeptadTransaction *base,
                     HeptadStoreAccess access,
                     const char *sql,
                     const HeptadSqlParameter *parameters,
                     gint64 *n_changed,
                     GError **error)
{
  SqliteTransaction *transaction = (SqliteTransaction *) base;
  g_autoptr (GError) failure = NULL;

  if (run (transaction, access, sql, parameters, n_changed, &failure))
    return TRUE;
  sqlite_transaction_fail (transaction, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static HeptadRows *
transaction_query (HeptadTransaction *base,
                   HeptadStoreAccess access,
                   const char *sql,
                   const HeptadSqlParameter *parameters,
                   GError **error)
{
  SqliteTransaction *transaction = (SqliteTransaction *) base;
  g_autoptr (GError) failure = NULL;
  SqliteStatement *statement =
      prepare_bound (transaction, access, sql, parameters, FALSE, &failure);
  HeptadRows *rows =
      statement != NULL ? sqlite_rows_new_in_write (statement, transaction, &failure) : NULL;

  if (rows == NULL)
    {
      sqlite_transaction_fail (transaction, failure);
      g_propagate_error (error, g_steal_pointer (&failure));
    }
  return rows;
}

static HeptadBulk *
transaction_begin_bulk (HeptadTransaction *base,
                        const char *table,
                        const char *const *columns,
                        GError **error)
{
  SqliteTransaction *transaction = (SqliteTransaction *) base;
  g_autoptr (GError) failure = NULL;
  HeptadBulk *bulk = sqlite_bulk_new (transaction, table, columns, &failure);

  if (bulk == NULL)
    {
      sqlite_transaction_fail (transaction, failure);
      g_propagate_error (error, g_steal_pointer (&failure));
    }
  return bulk;
}

static gboolean
transaction_publish (HeptadTransaction *base,
                     HeptadStoreAccess access,
                     const char *topic,
                     const char *key,
                     const HeptadValue *data,
                     GError **error)
{
  SqliteTransaction *transaction = (SqliteTransaction *) base;
  const HeptadStoreEventHooks *hooks = &transaction->store->context->event_hooks;
  g_autoptr (GError) failure = NULL;
  gboolean is_allowed =
      access == HEPTAD_STORE_ACCESS_CORE || hooks->check == NULL
      || hooks->check (hooks->data, transaction->store->plugin_id, topic, data, &failure);

  if (is_allowed && heptad_ledger_add_event (base, topic, key, data, &failure))
    {
      transaction->has_published = TRUE;
      return TRUE;
    }
  sqlite_transaction_fail (transaction, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static char *
transaction_enqueue (HeptadTransaction *base,
                     const char *kind,
                     const HeptadValue *input,
                     GError **error)
{
  SqliteTransaction *transaction = (SqliteTransaction *) base;
  char *id = heptad_ledger_add_job (base, transaction->store->plugin_id, kind, input, error);

  transaction->has_enqueued |= id != NULL;
  return id;
}

static const HeptadTransactionBackend backend = {
  .execute = transaction_execute,
  .query = transaction_query,
  .begin_bulk = transaction_begin_bulk,
  .publish = transaction_publish,
  .enqueue = transaction_enqueue,
};

void
sqlite_transaction_init (SqliteTransaction *transaction,
                         SqliteStore *store,
                         SqliteConnection *connection)
{
  *transaction = (SqliteTransaction){
    .base.backend = &backend,
    .store = store,
    .connection = connection,
  };
}
