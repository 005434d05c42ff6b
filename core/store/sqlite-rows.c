/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-transaction.h"
#include "core/store/sqlite-types.h"
#include "sdk/backend/heptad-deadline.h"

typedef enum {
  ROWS_FIRST, /* the first row is read and not yet asked for */
  ROWS_OPEN,
  ROWS_END,
} RowsState;

typedef struct {
  HeptadRows base;
  SqliteStatement *statement;
  SqliteStore *store;             /* (nullable): the reader goes back there */
  SqliteTransaction *transaction; /* (nullable): the write that these rows are read in */
  GCancellable *cancellable;      /* (nullable) */
  RowsState state;
} SqliteRows;

static gboolean
rows_next (HeptadRows *base, GError **error)
{
  SqliteRows *rows = (SqliteRows *) base;

  if (rows->state == ROWS_FIRST)
    {
      rows->state = ROWS_OPEN;
      return TRUE;
    }
  if (rows->state == ROWS_END)
    return FALSE;

  g_autoptr (GError) failure = NULL;
  if (sqlite_statement_step (rows->statement, &failure) == SQLITE_ROW)
    return TRUE;
  rows->state = ROWS_END;
  if (failure != NULL && rows->transaction != NULL)
    sqlite_transaction_fail (rows->transaction, failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static guint
rows_get_n_columns (HeptadRows *base)
{
  return (guint) sqlite3_column_count (((SqliteRows *) base)->statement->handle);
}

static const char *
rows_get_column_name (HeptadRows *base, guint column)
{
  return sqlite3_column_name (((SqliteRows *) base)->statement->handle, (int) column);
}

static HeptadSqlCell
rows_get_cell (HeptadRows *base, guint column)
{
  return sqlite_get_cell (((SqliteRows *) base)->statement->handle, (int) column);
}

static const char *
rows_get_text (HeptadRows *base, guint column)
{
  sqlite3_stmt *handle = ((SqliteRows *) base)->statement->handle;

  /* Bytes are no text; SQLite would hand them out unchecked. */
  if (sqlite3_column_type (handle, (int) column) == SQLITE_BLOB)
    return NULL;
  return (const char *) sqlite3_column_text (handle, (int) column);
}

static void
rows_free (HeptadRows *base)
{
  SqliteRows *rows = (SqliteRows *) base;
  SqliteConnection *connection = rows->statement->connection;

  sqlite_statement_release (rows->statement);
  if (rows->store != NULL)
    {
      sqlite_store_return_reader (rows->store, connection);
      sqlite_store_unref (rows->store);
    }
  if (rows->transaction != NULL)
    rows->transaction->n_open--;
  g_clear_object (&rows->cancellable);
  g_free (rows);
}

static const HeptadRowsBackend backend = {
  .next = rows_next,
  .get_n_columns = rows_get_n_columns,
  .get_column_name = rows_get_column_name,
  .get_cell = rows_get_cell,
  .get_text = rows_get_text,
  .free = rows_free,
};

/* (transfer full) @statement. The first step is what takes the snapshot. */
static SqliteRows *
rows_new (SqliteStatement *statement, GError **error)
{
  int code = sqlite_statement_step (statement, error);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    {
      sqlite_statement_release (statement);
      return NULL;
    }
  SqliteRows *rows = g_new0 (SqliteRows, 1);
  rows->base.backend = &backend;
  rows->statement = statement;
  rows->state = code == SQLITE_ROW ? ROWS_FIRST : ROWS_END;
  return rows;
}

HeptadRows *
sqlite_rows_new_in_write (SqliteStatement *statement,
                          SqliteTransaction *transaction,
                          GError **error)
{
  SqliteRows *rows = rows_new (statement, error);

  if (rows == NULL)
    return NULL;
  rows->transaction = transaction;
  transaction->n_open++;
  return &rows->base;
}

static HeptadRows *
query (SqliteStore *store,
       SqliteConnection *reader,
       HeptadStoreAccess access,
       const char *sql,
       const HeptadSqlParameter *parameters,
       GError **error)
{
  g_autoptr (SqliteStatement) statement =
      sqlite_connection_prepare (reader, (SqliteAccess) access, sql, error);

  if (statement == NULL)
    return NULL;
  if (!statement->reads_only)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "A query only reads; give '%.200s' to heptad_store_write()", sql);
      return NULL;
    }
  if (!sqlite_statement_bind (statement, parameters, FALSE, error))
    return NULL;

  SqliteRows *rows = rows_new (g_steal_pointer (&statement), error);
  if (rows == NULL)
    return NULL;
  rows->store = sqlite_store_ref (store);
  rows->cancellable = reader->cancellable != NULL ? g_object_ref (reader->cancellable) : NULL;
  return &rows->base;
}

HeptadRows *
sqlite_store_query (gpointer data,
                    HeptadStoreAccess access,
                    const char *sql,
                    const HeptadSqlParameter *parameters,
                    GCancellable *cancellable,
                    GError **error)
{
  SqliteStore *store = data;

  if (heptad_cancellable_is_over (cancellable))
    {
      heptad_cancellable_set_error (cancellable, "The query", error);
      return NULL;
    }
  SqliteConnection *reader = sqlite_store_take_reader (store, cancellable, error);
  if (reader == NULL)
    return NULL;
  sqlite_connection_set_cancellable (reader, cancellable);
  HeptadRows *rows = query (store, reader, access, sql, parameters, error);
  if (rows == NULL)
    sqlite_store_return_reader (store, reader);
  return rows;
}
