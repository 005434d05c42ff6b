/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "sdk/backend/heptad-store-backend.h"

/**
 * SqliteAccess:
 *
 * What the statement that is now prepared or run may touch.
 */
typedef enum {
  SQLITE_ACCESS_PLUGIN = HEPTAD_STORE_ACCESS_PLUGIN,
  SQLITE_ACCESS_CORE = HEPTAD_STORE_ACCESS_CORE,
  SQLITE_ACCESS_MIGRATION,
} SqliteAccess;

/**
 * SqliteConnection:
 *
 * One connection, used by one thread at a time.
 */
typedef struct {
  sqlite3 *db;
  char *name; /* of the store, for errors */
  SqliteAccess access;
  GCancellable *cancellable; /* (unowned) of the statement that runs */
  gint64 deadline_us;
  gint64 last_used_us;
  GHashTable *decimals; /* names of decimal columns; read when the first statement is prepared */
  GHashTable *statements[2]; /* SQL → SqliteStatement, by access */
  GQueue recent;             /* of SqliteStatement, least recently used first */
} SqliteConnection;

typedef struct {
  SqliteConnection *connection;
  sqlite3_stmt *handle;
  char *sql;
  SqliteAccess access;
  guint n_parameters;
  gboolean reads_only;
  gboolean in_use;
  gboolean cached;
  GList link;
} SqliteStatement;

/**
 * sqlite_connection_open:
 * @path: the file
 * @name: of the store, for errors
 * @may_create: whether to make a file that is not there
 * @may_write: whether this connection changes anything
 * @error: %HEPTAD_ERROR_CORRUPT, %HEPTAD_ERROR_UNAVAILABLE, %HEPTAD_ERROR_STORAGE_FULL
 *
 * Opens @path in WAL mode with full durability, the dialect's functions, the authorizer and limits.
 */
SqliteConnection *sqlite_connection_open (
    const char *path, const char *name, gboolean may_create, gboolean may_write, GError **error);
void sqlite_connection_close (SqliteConnection *connection);

/* Lets the write-ahead log stay when the connection is closed: it is soon opened again. */
void sqlite_connection_keep_log (SqliteConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqliteConnection, sqlite_connection_close)

/* Whose cancellable stops the statements from here on; NULL for none. */
void sqlite_connection_set_cancellable (SqliteConnection *connection, GCancellable *cancellable);

/* (transfer none): the names of all columns that hold decimals, for the dialect */
GHashTable *sqlite_connection_get_decimals (SqliteConnection *connection);

/* Runs SQL of the core's own that takes no parameters, outside the dialect. */
gboolean sqlite_connection_run (SqliteConnection *connection, const char *sql, GError **error);

/**
 * sqlite_connection_prepare:
 *
 * Prepares one statement of the dialect, or takes it from the cache.
 *
 * Returns: (transfer full): given back by sqlite_statement_release()
 */
SqliteStatement *sqlite_connection_prepare (SqliteConnection *connection,
                                            SqliteAccess access,
                                            const char *sql,
                                            GError **error);

/* Binds all of @parameters; @borrow as for sqlite_bind(). */
gboolean sqlite_statement_bind (SqliteStatement *statement,
                                const HeptadSqlParameter *parameters,
                                gboolean borrow,
                                GError **error);

/* Returns: SQLITE_ROW, SQLITE_DONE, or a failure with @error set. */
int sqlite_statement_step (SqliteStatement *statement, GError **error);
void sqlite_statement_release (SqliteStatement *statement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqliteStatement, sqlite_statement_release)
