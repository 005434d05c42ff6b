/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/sqlite-error.h"
#include "core/store/sqlite-transaction.h"
#include "core/store/sqlite-types.h"

enum {
  ARENA_SIZE = 64 * 1024,
};

/* Values are bound as they come. Text is first copied into an arena that lives for the row, because
 * SQLite would otherwise allocate for each value. */
typedef struct {
  HeptadBulk base;
  SqliteTransaction *transaction;
  SqliteStatement *statement;
  guint n_columns;
  guint n_added;
  int code; /* of the first value of this row that could not be bound */
  gsize used;
  char arena[ARENA_SIZE];
} SqliteBulk;

static int
bind_copied (SqliteBulk *bulk, int index, const HeptadSqlParameter *value)
{
  HeptadSqlParameter copy = *value;

  if (value->length > ARENA_SIZE - bulk->used)
    return sqlite_bind (bulk->statement->handle, index, value, FALSE);
  copy.as.data = bulk->arena + bulk->used;
  memcpy (bulk->arena + bulk->used, value->as.data, value->length);
  bulk->used += value->length;
  return sqlite_bind (bulk->statement->handle, index, &copy, TRUE);
}

static int
bind_decimal (SqliteBulk *bulk, int index, const HeptadSqlParameter *value)
{
  if (HEPTAD_DECIMAL_TEXT_SIZE > ARENA_SIZE - bulk->used)
    return sqlite_bind (bulk->statement->handle, index, value, FALSE);
  char *text = bulk->arena + bulk->used;
  gsize length = heptad_decimal_format (value->as.decimal, text);
  bulk->used += length;
  return sqlite3_bind_text (bulk->statement->handle, index, text, (int) length, SQLITE_STATIC);
}

static void
bulk_add (HeptadBulk *base, const HeptadSqlParameter *value)
{
  SqliteBulk *bulk = (SqliteBulk *) base;
  int index = (int) ++bulk->n_added;
  int code = SQLITE_OK;

  if (bulk->n_added > bulk->n_columns)
    return; /* said when the row ends */
  if (value->type == HEPTAD_SQL_TYPE_DECIMAL)
    code = bind_decimal (bulk, index, value);
  else if (value->type == HEPTAD_SQL_TYPE_TEXT || value->type == HEPTAD_SQL_TYPE_BYTES)
    code = bind_copied (bulk, index, value);
  else
    code = sqlite_bind (bulk->statement->handle, index, value, FALSE);
  if (bulk->code == SQLITE_OK)
    bulk->code = code;
}

static gboolean
insert_row (SqliteBulk *bulk, GError **error)
{
  SqliteConnection *connection = bulk->statement->connection;

  if (bulk->n_added != bulk->n_columns)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "A bulk row has %u values for %u columns", bulk->n_added, bulk->n_columns);
      return FALSE;
    }
  if (bulk->code != SQLITE_OK)
    {
      sqlite_error_set (connection->db, bulk->code, connection->name, error);
      return FALSE;
    }
  int code = sqlite_statement_step (bulk->statement, error);
  sqlite3_reset (bulk->statement->handle);
  return code == SQLITE_DONE;
}

static gboolean
bulk_end_row (HeptadBulk *base, GError **error)
{
  SqliteBulk *bulk = (SqliteBulk *) base;
  g_autoptr (GError) failure = NULL;
  gboolean is_ok = insert_row (bulk, &failure);

  bulk->n_added = 0;
  bulk->used = 0;
  bulk->code = SQLITE_OK;
  if (is_ok)
    return TRUE;
  sqlite_transaction_fail (bulk->transaction, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
bulk_free (HeptadBulk *base)
{
  SqliteBulk *bulk = (SqliteBulk *) base;

  sqlite3_clear_bindings (bulk->statement->handle); /* they point into the arena */
  sqlite_statement_release (bulk->statement);
  bulk->transaction->n_open--;
  g_free (bulk);
}

static const HeptadBulkBackend backend = {
  .add = bulk_add,
  .end_row = bulk_end_row,
  .free = bulk_free,
};

static void
append_name (GString *sql, const char *name)
{
  g_string_append_c (sql, '"');
  for (; *name != '\0'; name++)
    g_string_append (sql, (char[]){ *name, *name == '"' ? '"' : '\0', '\0' });
  g_string_append_c (sql, '"');
}

static char *
make_insert (const char *table, const char *const *columns)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO ");
  g_autoptr (GString) values = g_string_new (NULL);

  append_name (sql, table);
  for (guint i = 0; columns[i] != NULL; i++)
    {
      g_string_append (sql, i == 0 ? " (" : ", ");
      append_name (sql, columns[i]);
      g_string_append_printf (values, "%s$%u", i == 0 ? "" : ", ", i + 1);
    }
  g_string_append_printf (sql, ") VALUES (%s)", values->str);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

HeptadBulk *
sqlite_bulk_new (SqliteTransaction *transaction,
                 const char *table,
                 const char *const *columns,
                 GError **error)
{
  g_autofree char *sql = make_insert (table, columns);
  SqliteStatement *statement =
      sqlite_connection_prepare (transaction->connection, SQLITE_ACCESS_PLUGIN, sql, error);

  if (statement == NULL)
    return NULL;
  SqliteBulk *bulk = g_malloc (sizeof *bulk); /* the arena needs no zeros */
  bulk->base.backend = &backend;
  bulk->transaction = transaction;
  bulk->statement = statement;
  bulk->n_columns = statement->n_parameters;
  bulk->n_added = 0;
  bulk->code = SQLITE_OK;
  bulk->used = 0;
  transaction->n_open++;
  return &bulk->base;
}
