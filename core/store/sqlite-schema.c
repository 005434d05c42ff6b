/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/store/dialect.h"
#include "core/store/file-sync.h"
#include "core/store/ledger.h"
#include "core/store/migrations.h"
#include "core/store/sqlite-error.h"

static gint64
read_number (SqliteConnection *connection, const char *sql, GError **error)
{
  g_autoptr (SqliteStatement) statement =
      sqlite_connection_prepare (connection, SQLITE_ACCESS_CORE, sql, error);

  if (statement == NULL || sqlite_statement_step (statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement->handle, 0);
}

static guint
count_lines (const char *from, const char *to)
{
  guint n_lines = 0;
  for (; from < to; from++)
    n_lines += *from == '\n';
  return n_lines;
}

/* Runs every statement of a text that is already translated. */
static gboolean
run_script (SqliteConnection *connection, SqliteAccess access, const char *script, GError **error)
{
  const char *at = script;

  while (!dialect_is_blank (at))
    {
      sqlite3_stmt *statement = NULL;
      const char *next = NULL;
      connection->access = access;
      int code = sqlite3_prepare_v2 (connection->db, at, -1, &statement, &next);
      while (code == SQLITE_OK || code == SQLITE_ROW)
        code = statement != NULL ? sqlite3_step (statement) : SQLITE_DONE;
      if (code != SQLITE_DONE)
        {
          at += strspn (at, " \t\r\n");
          sqlite_error_set (connection->db, code, connection->name, error);
          g_prefix_error (error, "line %u, '%.60s': ", 1 + count_lines (script, at), at);
        }
      sqlite3_finalize (statement);
      if (code != SQLITE_DONE)
        return FALSE;
      at = next;
    }
  return TRUE;
}

static gboolean
run_in_transaction (SqliteConnection *connection,
                    SqliteAccess access,
                    const char *sql,
                    const char *afterwards,
                    GError **error)
{
  g_autofree char *script = dialect_to_sqlite (sql, access == SQLITE_ACCESS_CORE,
                                               sqlite_connection_get_decimals (connection), error);

  if (script == NULL || !sqlite_connection_run (connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (run_script (connection, access, script, error)
      && sqlite_connection_run (connection, afterwards, error)
      && sqlite_connection_run (connection, "COMMIT", error))
    return TRUE;
  if (sqlite3_get_autocommit (connection->db) == 0)
    sqlite_connection_run (connection, "ROLLBACK", NULL);
  return FALSE;
}

/* The low half of user_version counts the ledger's steps, the high half those of a core store. */
static gboolean
run_steps (SqliteConnection *connection, const char *const *steps, guint shift, GError **error)
{
  gint64 version = read_number (connection, "PRAGMA user_version", error);
  gint64 done = (version >> shift) & 0xffff;

  if (version < 0)
    return FALSE;
  for (gint64 i = 0; steps[i] != NULL; i++)
    {
      if (i < done)
        continue;
      version += (gint64) 1 << shift;
      g_autofree char *afterwards =
          g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, version);
      if (!run_in_transaction (connection, SQLITE_ACCESS_CORE, steps[i], afterwards, error))
        return FALSE;
      done = i + 1;
    }
  if (done <= (gint64) g_strv_length ((char **) steps))
    return TRUE;
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
      "The %s was written by a newer version of the host; start that one, or restore a backup",
      connection->name);
  return FALSE;
}

static gboolean
check_applied (const Migration *migration, const char *checksum, GError **error)
{
  if (strcmp (migration->checksum, checksum) == 0)
    return TRUE;
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
      "The migration %s was changed after it had been applied; restore it and put the change "
      "into a new one",
      migration->name);
  return FALSE;
}

/* How many migrations are applied, each of them checked; -1 on failure. */
static int
check_history (SqliteConnection *connection, GPtrArray *migrations, GError **error)
{
  g_autoptr (SqliteStatement) statement = sqlite_connection_prepare (
      connection, SQLITE_ACCESS_CORE,
      "SELECT number, name, checksum FROM _heptad_migrations ORDER BY number", error);
  guint n_applied = 0;
  int code = SQLITE_DONE;

  if (statement == NULL)
    return -1;
  while ((code = sqlite_statement_step (statement, error)) == SQLITE_ROW)
    {
      if (n_applied >= migrations->len)
        {
          g_set_error (
              error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
              "The %s has the migration %s, which this version of the plugin does not know; "
              "install the newer version again",
              connection->name, sqlite3_column_text (statement->handle, 1));
          return -1;
        }
      if (!check_applied (g_ptr_array_index (migrations, n_applied),
                          (const char *) sqlite3_column_text (statement->handle, 2), error))
        return -1;
      n_applied++;
    }
  return code == SQLITE_DONE ? (int) n_applied : -1;
}

static gboolean
apply (SqliteConnection *connection, const Migration *migration, GError **error)
{
  g_autofree char *record = g_strdup_printf (
      "INSERT INTO _heptad_migrations VALUES (%u, '%s', '%s', %" G_GINT64_FORMAT ")",
      migration->number, migration->name, migration->checksum, g_get_real_time ());

  if (run_in_transaction (connection, SQLITE_ACCESS_MIGRATION, migration->sql, record, error))
    return TRUE;
  g_prefix_error (error, "The migration %s failed and was undone: ", migration->name);
  return FALSE;
}

static gboolean
apply_all (SqliteConnection *connection, GPtrArray *migrations, GError **error)
{
  int n_applied = check_history (connection, migrations, error);

  for (guint i = (guint) MAX (n_applied, 0); n_applied >= 0 && i < migrations->len; i++)
    if (!apply (connection, g_ptr_array_index (migrations, i), error))
      return FALSE;
  return n_applied >= 0;
}

static gboolean
prepare_core (const char *path,
              const char *name,
              const char *const *steps,
              gboolean may_create,
              SqliteConnection **opened,
              GError **error)
{
  g_autoptr (SqliteConnection) connection =
      sqlite_connection_open (path, name, may_create, TRUE, error);

  if (connection == NULL || !run_steps (connection, heptad_ledger_get_steps (), 0, error)
      || (steps != NULL && !run_steps (connection, steps, 16, error)))
    return FALSE;
  if (opened != NULL)
    *opened = g_steal_pointer (&connection);
  return TRUE;
}

/* A database is made under another name, so that one under its own name is always whole. */
static gboolean
make_file (const char *path, const char *name, const char *const *steps, GError **error)
{
  g_autofree char *fresh = g_strconcat (path, ".new", NULL);
  g_autofree char *fresh_wal = g_strconcat (fresh, "-wal", NULL);

  g_unlink (fresh);
  g_unlink (fresh_wal);
  return prepare_core (fresh, name, steps, TRUE, NULL, error)
         && file_sync_rename (fresh, path, error);
}

static gboolean
check_file (const char *path, GError **error)
{
  GStatBuf info;
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  if (g_stat (path, &info) != 0 || info.st_size > 0 || g_file_test (wal, G_FILE_TEST_EXISTS))
    return TRUE;
  /* To SQLite an empty file is a new database; here it is one that was lost. */
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT,
      "%s: the file is empty; it was left as it is. Restore it from a backup, or remove it to "
      "begin anew",
      path);
  return FALSE;
}

gboolean
sqlite_schema_prepare (const char *path,
                       const char *name,
                       const char *const *steps,
                       GPtrArray *migrations,
                       GError **error)
{
  g_autoptr (SqliteConnection) connection = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !make_file (path, name, steps, error))
    return FALSE;
  if (!check_file (path, error))
    return FALSE;
  if (!prepare_core (path, name, steps, FALSE, &connection, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  return apply_all (connection, migrations, error);
}
