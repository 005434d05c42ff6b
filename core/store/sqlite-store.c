/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-store.h"

#include "sdk/backend/heptad-deadline.h"

enum {
  CONNECTION_WAIT_US = 30 * G_USEC_PER_SEC,
  CLOSE_POLL_US = 2000,
};

SqliteStoreContext *
sqlite_store_context_new (HeptadStoreConfig config)
{
  SqliteStoreContext *context = g_new0 (SqliteStoreContext, 1);

  g_atomic_ref_count_init (&context->references);
  context->config = config;
  context->budget =
      sqlite_budget_new (config.max_connections, sqlite_store_get_idle_age, sqlite_store_evict);
  return context;
}

void
sqlite_store_context_unref (SqliteStoreContext *context)
{
  if (!g_atomic_ref_count_dec (&context->references))
    return;
  sqlite_budget_free (context->budget);
  g_free (context);
}

static void
free_backend_data (gpointer data)
{
  SqliteStore *store = data;

  sqlite_store_close (store);
  sqlite_store_unref (store);
}

const HeptadStoreBackend sqlite_store_backend = {
  .query = sqlite_store_query,
  .write = sqlite_store_write,
  .free = free_backend_data,
};

SqliteStore *
sqlite_store_new (SqliteStoreContext *context,
                  const char *tenant_id,
                  const char *plugin_id,
                  const char *path)
{
  SqliteStore *store = g_new0 (SqliteStore, 1);

  g_atomic_ref_count_init (&store->references);
  g_mutex_init (&store->mutex);
  g_atomic_ref_count_inc (&context->references);
  store->context = context;
  store->tenant_id = g_strdup (tenant_id);
  store->plugin_id = g_strdup (plugin_id);
  store->name = g_strdup_printf ("store of %s for tenant %s", plugin_id, tenant_id);
  store->path = g_strdup (path);
  sqlite_budget_add_store (context->budget, store);
  return store;
}

SqliteStore *
sqlite_store_ref (SqliteStore *store)
{
  g_atomic_ref_count_inc (&store->references);
  return store;
}

void
sqlite_store_unref (SqliteStore *store)
{
  if (!g_atomic_ref_count_dec (&store->references))
    return;
  sqlite_store_context_unref (store->context);
  g_mutex_clear (&store->mutex);
  g_free (store->tenant_id);
  g_free (store->plugin_id);
  g_free (store->name);
  g_free (store->path);
  g_free (store);
}

static SqliteConnection *
steal_idle (SqliteStore *store)
{
  SqliteConnection *connection = g_queue_pop_tail (&store->idle_readers);

  if (connection != NULL)
    store->n_readers--;
  else if (!store->is_writing)
    connection = g_steal_pointer (&store->writer);
  return connection;
}

void
sqlite_store_close (SqliteStore *store)
{
  SqliteConnection *connection = NULL;

  sqlite_budget_remove_store (store->context->budget, store);
  g_mutex_lock (&store->mutex);
  store->is_closed = TRUE;
  while (store->is_writing)
    {
      g_mutex_unlock (&store->mutex);
      g_usleep (CLOSE_POLL_US);
      g_mutex_lock (&store->mutex);
    }
  while ((connection = steal_idle (store)) != NULL)
    sqlite_store_close_connection (store, connection);
  g_mutex_unlock (&store->mutex);
}

gint64
sqlite_store_get_idle_age (gpointer data)
{
  SqliteStore *store = data;

  if (!g_mutex_trylock (&store->mutex))
    return G_MAXINT64;
  const SqliteConnection *reader = g_queue_peek_tail (&store->idle_readers);
  gint64 used_us = reader != NULL ? reader->last_used_us : G_MAXINT64;
  if (reader == NULL && !store->is_writing && store->writer != NULL)
    used_us = store->writer->last_used_us;
  g_mutex_unlock (&store->mutex);
  return used_us;
}

/* The budget counts; so the connection is closed here without giving anything back. */
gboolean
sqlite_store_evict (gpointer data)
{
  SqliteStore *store = data;

  if (!g_mutex_trylock (&store->mutex))
    return FALSE;
  SqliteConnection *connection = steal_idle (store);
  g_mutex_unlock (&store->mutex);
  if (connection == NULL)
    return FALSE;
  sqlite_connection_keep_log (connection);
  sqlite_connection_close (connection);
  return TRUE;
}

void
sqlite_store_give_up_idle (SqliteStore *store)
{
  g_mutex_lock (&store->mutex);
  SqliteConnection *connection = steal_idle (store);
  g_mutex_unlock (&store->mutex);
  if (connection == NULL)
    return;
  sqlite_connection_keep_log (connection);
  sqlite_store_close_connection (store, connection);
}

static gboolean
set_page_limit (SqliteStore *store, SqliteConnection *connection, GError **error)
{
  if (store->context->config.max_pages == 0)
    return TRUE;
  g_autofree char *sql =
      g_strdup_printf ("PRAGMA max_page_count = %u", store->context->config.max_pages);
  return sqlite_connection_run (connection, sql, error);
}

SqliteConnection *
sqlite_store_open_connection (SqliteStore *store,
                              gboolean may_write,
                              GCancellable *cancellable,
                              GError **error)
{
  if (!sqlite_budget_take (store->context->budget, cancellable, CONNECTION_WAIT_US, error))
    return NULL;

  g_autoptr (SqliteConnection) connection =
      sqlite_connection_open (store->path, store->name, may_write, may_write, error);
  if (connection == NULL || (may_write && !set_page_limit (store, connection, error)))
    {
      sqlite_budget_give_back (store->context->budget);
      return NULL;
    }
  return g_steal_pointer (&connection);
}

void
sqlite_store_close_connection (SqliteStore *store, SqliteConnection *connection)
{
  sqlite_connection_close (connection);
  sqlite_budget_give_back (store->context->budget);
}
