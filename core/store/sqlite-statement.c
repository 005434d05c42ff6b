/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/dialect.h"
#include "core/store/sqlite-connection.h"
#include "core/store/sqlite-error.h"
#include "core/store/sqlite-types.h"
#include "sdk/backend/heptad-deadline.h"

enum {
  MAX_CACHED_STATEMENTS = 96,
};

static void
set_error (SqliteConnection *connection, int code, GError **error)
{
  /* A step that was interrupted, or a busy wait that was cut short by the progress handler. */
  if ((code & 0xff) == SQLITE_INTERRUPT)
    heptad_cancellable_set_error (connection->cancellable, "The statement", error);
  else
    sqlite_error_set (connection->db, code, connection->name, error);
}

static gboolean
check_is_one_statement (const char *tail, GError **error)
{
  if (dialect_is_blank (tail))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "One statement a call: there is more after the first, at '%.40s'", tail);
  return FALSE;
}

static SqliteStatement *
prepare (SqliteConnection *connection, SqliteAccess access, const char *sql, GError **error)
{
  gboolean is_core = access == SQLITE_ACCESS_CORE;
  GHashTable *decimals = is_core ? NULL : sqlite_connection_get_decimals (connection);
  g_autofree char *translated = dialect_to_sqlite (sql, is_core, decimals, error);
  sqlite3_stmt *handle = NULL;
  const char *tail = NULL;

  if (translated == NULL)
    return NULL;
  connection->access = access;
  int code = sqlite3_prepare_v3 (connection->db, translated, -1, SQLITE_PREPARE_PERSISTENT, &handle,
                                 &tail);
  if (code != SQLITE_OK)
    {
      set_error (connection, code, error);
      g_prefix_error (error, "The statement '%.200s' is refused: ", sql);
      return NULL;
    }
  if (handle == NULL)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                           "The statement is empty");
      return NULL;
    }
  if (!check_is_one_statement (tail, error))
    {
      sqlite3_finalize (handle);
      return NULL;
    }

  SqliteStatement *statement = g_new0 (SqliteStatement, 1);
  statement->connection = connection;
  statement->handle = handle;
  statement->access = access;
  statement->n_parameters = (guint) sqlite3_bind_parameter_count (handle);
  statement->reads_only = sqlite3_stmt_readonly (handle) != 0;
  statement->sql = g_strdup (sql);
  statement->link.data = statement;
  return statement;
}

static void
forget_oldest (SqliteConnection *connection)
{
  SqliteStatement *oldest = g_queue_peek_head (&connection->recent);

  if (oldest == NULL)
    return;
  g_queue_unlink (&connection->recent, &oldest->link);
  g_hash_table_remove (connection->statements[oldest->access], oldest->sql);
}

static void
remember (SqliteConnection *connection, SqliteStatement *statement)
{
  GHashTable *cache = connection->statements[statement->access];

  while (g_hash_table_size (connection->statements[0])
                 + g_hash_table_size (connection->statements[1])
             >= MAX_CACHED_STATEMENTS
         && !g_queue_is_empty (&connection->recent))
    forget_oldest (connection);
  statement->cached = TRUE;
  g_hash_table_insert (cache, statement->sql, statement);
}

SqliteStatement *
sqlite_connection_prepare (SqliteConnection *connection,
                           SqliteAccess access,
                           const char *sql,
                           GError **error)
{
  gboolean cacheable = access != SQLITE_ACCESS_MIGRATION;
  SqliteStatement *statement =
      cacheable ? g_hash_table_lookup (connection->statements[access], sql) : NULL;

  if (statement != NULL && !statement->in_use)
    {
      g_queue_unlink (&connection->recent, &statement->link);
      statement->in_use = TRUE;
      return statement;
    }
  SqliteStatement *fresh = prepare (connection, access, sql, error);
  if (fresh == NULL)
    return NULL;
  /* The same text may be open twice, as a cursor inside a cursor; then only the first is kept. */
  if (cacheable && statement == NULL)
    remember (connection, fresh);
  fresh->in_use = TRUE;
  return fresh;
}

gboolean
sqlite_statement_bind (SqliteStatement *statement,
                       const HeptadSqlParameter *parameters,
                       gboolean borrow,
                       GError **error)
{
  guint count = sqlite_count_parameters (parameters);

  if (count != statement->n_parameters)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "The statement '%.200s' takes %u parameters and was given %u", statement->sql,
                   statement->n_parameters, count);
      return FALSE;
    }
  for (guint i = 0; i < count; i++)
    {
      int code = sqlite_bind (statement->handle, (int) i + 1, &parameters[i], borrow);
      if (code != SQLITE_OK)
        {
          set_error (statement->connection, code, error);
          g_prefix_error (error, "Parameter $%u: ", i + 1);
          return FALSE;
        }
    }
  return TRUE;
}

int
sqlite_statement_step (SqliteStatement *statement, GError **error)
{
  statement->connection->access = statement->access; /* a step may prepare anew */
  int code = sqlite3_step (statement->handle);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    set_error (statement->connection, code, error);
  return code;
}

void
sqlite_statement_release (SqliteStatement *statement)
{
  SqliteConnection *connection = statement->connection;

  if (!statement->cached)
    {
      sqlite3_finalize (statement->handle);
      g_free (statement->sql);
      g_free (statement);
      return;
    }
  sqlite3_reset (statement->handle);
  statement->in_use = FALSE;
  g_queue_push_tail_link (&connection->recent, &statement->link);
}
