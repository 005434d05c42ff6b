/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-connection.h"

#include "core/store/dialect.h"
#include "core/store/sqlite-authorizer.h"
#include "core/store/sqlite-error.h"
#include "core/store/sqlite-functions.h"
#include "core/store/sqlite-json.h"
#include "sdk/backend/heptad-deadline.h"

enum {
  PROGRESS_INTERVAL = 1000, /* virtual machine steps between looks at the clock: some 10 µs */
  BUSY_TIMEOUT_MS = 10 * 1000,
};

static const struct {
  int limit;
  int value;
} limits[] = {
  { SQLITE_LIMIT_LENGTH, 64 << 20 },
  { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
  { SQLITE_LIMIT_COLUMN, 500 },
  { SQLITE_LIMIT_EXPR_DEPTH, 200 },
  { SQLITE_LIMIT_COMPOUND_SELECT, 100 },
  { SQLITE_LIMIT_VDBE_OP, 1000000 },
  { SQLITE_LIMIT_FUNCTION_ARG, 100 },
  { SQLITE_LIMIT_ATTACHED, 0 },
  { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
  { SQLITE_LIMIT_VARIABLE_NUMBER, 1000 },
  { SQLITE_LIMIT_TRIGGER_DEPTH, 20 },
  { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static int
on_progress (void *data)
{
  SqliteConnection *connection = data;

  if (g_cancellable_is_cancelled (connection->cancellable))
    return 1;
  return connection->deadline_us != G_MAXINT64
         && g_get_monotonic_time () >= connection->deadline_us;
}

static void
harden (sqlite3 *db)
{
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (db, limits[i].limit, limits[i].value);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static gboolean
configure (SqliteConnection *connection, gboolean may_write, GError **error)
{
  const char *pragmas = may_write
                            ? "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA wal_autocheckpoint = 4000;" /* pages of 4 KiB: the same */
                              "PRAGMA journal_size_limit = 16777216;"
                              "PRAGMA case_sensitive_like = ON;"
                            : "PRAGMA query_only = ON;"
                              "PRAGMA case_sensitive_like = ON;";

  sqlite3_extended_result_codes (connection->db, 1);
  sqlite3_busy_timeout (connection->db, BUSY_TIMEOUT_MS);
  harden (connection->db);
  if (!sqlite_connection_run (connection, pragmas, error))
    return FALSE;
  sqlite_functions_register (connection->db);
  sqlite_json_register (connection->db);
  sqlite3_progress_handler (connection->db, PROGRESS_INTERVAL, on_progress, connection);
  sqlite3_set_authorizer (connection->db, sqlite_authorize, connection);
  return TRUE;
}

static void
statement_free (gpointer data)
{
  SqliteStatement *statement = data;

  sqlite3_finalize (statement->handle);
  g_free (statement->sql);
  g_free (statement);
}

SqliteConnection *
sqlite_connection_open (
    const char *path, const char *name, gboolean may_create, gboolean may_write, GError **error)
{
  g_autoptr (SqliteConnection) connection = g_new0 (SqliteConnection, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
              | (may_create ? SQLITE_OPEN_CREATE : 0);

  connection->name = g_strdup (name);
  connection->deadline_us = G_MAXINT64;
  connection->access = SQLITE_ACCESS_CORE;
  for (guint i = 0; i < G_N_ELEMENTS (connection->statements); i++)
    connection->statements[i] =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, statement_free);

  int code = sqlite3_open_v2 (path, &connection->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      sqlite_error_set (connection->db, code, path, error);
      return NULL;
    }
  if (!configure (connection, may_write, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&connection);
}

void
sqlite_connection_close (SqliteConnection *connection)
{
  for (guint i = 0; i < G_N_ELEMENTS (connection->statements); i++)
    g_clear_pointer (&connection->statements[i], g_hash_table_unref);
  g_clear_pointer (&connection->decimals, g_hash_table_unref);
  sqlite3_close_v2 (connection->db);
  g_free (connection->name);
  g_free (connection);
}

void
sqlite_connection_keep_log (SqliteConnection *connection)
{
  sqlite3_db_config (connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void
sqlite_connection_set_cancellable (SqliteConnection *connection, GCancellable *cancellable)
{
  connection->cancellable = cancellable;
  connection->deadline_us = heptad_cancellable_get_deadline (cancellable);
}

gboolean
sqlite_connection_run (SqliteConnection *connection, const char *sql, GError **error)
{
  SqliteAccess before = connection->access;

  connection->access = SQLITE_ACCESS_CORE;
  int code = sqlite3_exec (connection->db, sql, NULL, NULL, NULL);
  connection->access = before;
  if (code == SQLITE_OK)
    return TRUE;
  sqlite_error_set (connection->db, code, connection->name, error);
  return FALSE;
}

static int
add_table (void *data, int n_columns, char **values, char **names)
{
  dialect_decimals_add_table (data, values[0]);
  return 0;
}

GHashTable *
sqlite_connection_get_decimals (SqliteConnection *connection)
{
  SqliteAccess before = connection->access;

  if (connection->decimals != NULL)
    return connection->decimals;
  connection->decimals = dialect_decimals_new ();
  connection->access = SQLITE_ACCESS_CORE;
  sqlite3_exec (connection->db,
                "SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL", add_table,
                connection->decimals, NULL);
  connection->access = before;
  return connection->decimals;
}
