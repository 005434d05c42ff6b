/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sqlite-budget.h"
#include "core/store/sqlite-connection.h"
#include "core/store/store-config.h"

/**
 * SqliteStoreContext:
 *
 * What all stores of one hub share, and keep alive.
 */
typedef struct {
  gatomicrefcount references;
  HeptadStoreConfig config; /* with the defaults filled in */
  SqliteBudget *budget;
  HeptadStoreEventHooks event_hooks;
  HeptadStoreJobHooks job_hooks;
} SqliteStoreContext;

/**
 * SqliteStore:
 *
 * One database file: a pool of readers, and one writer that commits in groups.
 */
typedef struct {
  gatomicrefcount references;
  SqliteStoreContext *context;
  char *tenant_id;
  char *plugin_id;
  char *name; /* for people */
  char *path;

  GMutex mutex; /* guards all below */
  gboolean is_closed;
  GQueue idle_readers; /* of SqliteConnection, most recently used first */
  guint n_readers;     /* idle and busy */
  GQueue waiting_readers;
  SqliteConnection *writer; /* (nullable); used by whoever leads */
  gboolean is_writing;
  GQueue waiting_writes;
  guint last_group; /* members of the last commit */
} SqliteStore;

SqliteStoreContext *sqlite_store_context_new (HeptadStoreConfig config);
void sqlite_store_context_unref (SqliteStoreContext *context);

extern const HeptadStoreBackend sqlite_store_backend;

SqliteStore *sqlite_store_new (SqliteStoreContext *context,
                               const char *tenant_id,
                               const char *plugin_id,
                               const char *path);
SqliteStore *sqlite_store_ref (SqliteStore *store);
void sqlite_store_unref (SqliteStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqliteStore, sqlite_store_unref)

/* Refuses what comes from now on, waits for the write that runs, closes every idle connection. */
void sqlite_store_close (SqliteStore *store);

/* For the budget. */
gint64 sqlite_store_get_idle_age (gpointer store);
gboolean sqlite_store_evict (gpointer store);

/**
 * sqlite_store_open_connection:
 * @error: as sqlite_connection_open(), or %HEPTAD_ERROR_BUSY when the budget is spent
 *
 * Opens a connection within the budget; the caller does not hold the store's mutex.
 */
SqliteConnection *sqlite_store_open_connection (SqliteStore *store,
                                                gboolean may_write,
                                                GCancellable *cancellable,
                                                GError **error);
void sqlite_store_close_connection (SqliteStore *store, SqliteConnection *connection);

/* sqlite-reader-pool.c: a connection to read with, and back. */
SqliteConnection *
sqlite_store_take_reader (SqliteStore *store, GCancellable *cancellable, GError **error);
void sqlite_store_return_reader (SqliteStore *store, SqliteConnection *reader);

/* sqlite-rows.c */
HeptadRows *sqlite_store_query (gpointer store,
                                HeptadStoreAccess access,
                                const char *sql,
                                const HeptadSqlParameter *parameters,
                                GCancellable *cancellable,
                                GError **error);

/* sqlite-writer.c */
gboolean sqlite_store_write (gpointer store,
                             HeptadWriteFunc write,
                             gpointer data,
                             GCancellable *cancellable,
                             GError **error);
