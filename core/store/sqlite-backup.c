/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-backup.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/store/file-sync.h"
#include "core/store/sqlite-error.h"

static gboolean
copy (sqlite3 *from, sqlite3 *to, const char *path, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");

  /* All pages in one step: one snapshot. In WAL mode writers go on meanwhile. */
  if (backup != NULL)
    sqlite3_backup_step (backup, -1);
  int code = backup != NULL ? sqlite3_backup_finish (backup) : sqlite3_errcode (to);
  if (code == SQLITE_OK)
    return TRUE;
  sqlite_error_set (to, code, path, error);
  return FALSE;
}

gboolean
sqlite_backup (SqliteStore *store, const char *path, GError **error)
{
  g_autofree char *partial = g_strconcat (path, ".part", NULL);
  SqliteConnection *from = sqlite_store_open_connection (store, FALSE, NULL, error);
  sqlite3 *to = NULL;
  gboolean is_ok = FALSE;

  if (from == NULL)
    return FALSE;
  g_unlink (partial);
  int code = sqlite3_open_v2 (partial, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (code == SQLITE_OK)
    is_ok = copy (from->db, to, path, error);
  else
    sqlite_error_set (to, code, partial, error);
  sqlite3_close (to);
  sqlite_store_close_connection (store, from);
  if (is_ok)
    return file_sync_rename (partial, path, error);
  g_unlink (partial);
  return FALSE;
}

static gboolean
check (SqliteStore *store, SqliteConnection *connection, GError **error)
{
  g_autoptr (SqliteStatement) statement = sqlite_connection_prepare (
      connection, SQLITE_ACCESS_CORE, "PRAGMA integrity_check (1)", error);

  if (statement == NULL || sqlite_statement_step (statement, error) != SQLITE_ROW)
    return FALSE;
  const char *verdict = (const char *) sqlite3_column_text (statement->handle, 0);
  if (g_strcmp0 (verdict, "ok") == 0)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT, "%s: %s; restore it from a backup",
               store->path, verdict);
  return FALSE;
}

gboolean
sqlite_verify (SqliteStore *store, GError **error)
{
  SqliteConnection *connection = sqlite_store_open_connection (store, FALSE, NULL, error);

  if (connection == NULL)
    return FALSE;
  gboolean is_ok = check (store, connection, error);
  sqlite_store_close_connection (store, connection);
  return is_ok;
}
