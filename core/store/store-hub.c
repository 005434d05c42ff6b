/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/store-hub.h"

#include <string.h>
#include <unistd.h>

#include "core/store/data-lock.h"
#include "core/store/file-sync.h"
#include "core/store/migrations.h"
#include "core/store/sqlite-backup.h"
#include "core/store/sqlite-schema.h"
#include "core/store/sqlite-store.h"

struct _HeptadStoreHub {
  char *data_dir;
  int lock_fd;
  SqliteStoreContext *context;
  GMutex mutex;
  GCond opened;
  GHashTable *stores; /* "TENANT/PLUGIN" → HeptadStore; NULL while it is being opened */
};

static const HeptadStoreConfig defaults = {
  .max_connections = 256,
  .max_readers_per_store = 8,
  .max_queued_writes = 10000,
  .reader_wait_us = 5 * G_USEC_PER_SEC,
};

static HeptadStoreConfig
fill_in (const HeptadStoreConfig *config)
{
  HeptadStoreConfig filled = config != NULL ? *config : defaults;

  if (filled.max_connections == 0)
    filled.max_connections = defaults.max_connections;
  if (filled.max_readers_per_store == 0)
    filled.max_readers_per_store = defaults.max_readers_per_store;
  if (filled.max_queued_writes == 0)
    filled.max_queued_writes = defaults.max_queued_writes;
  if (filled.reader_wait_us == 0)
    filled.reader_wait_us = defaults.reader_wait_us;
  return filled;
}

static gpointer
configure_sqlite (gpointer data)
{
  /* Its counters of memory are one lock that every connection would share. */
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_initialize ();
  return NULL;
}

HeptadStoreHub *
heptad_store_hub_new (const char *data_dir, const HeptadStoreConfig *config, GError **error)
{
  static GOnce once = G_ONCE_INIT;
  int lock_fd = data_lock_take (data_dir, error);

  if (lock_fd < 0)
    return NULL;
  g_once (&once, configure_sqlite, NULL);
  HeptadStoreHub *hub = g_new0 (HeptadStoreHub, 1);
  hub->data_dir = g_strdup (data_dir);
  hub->lock_fd = lock_fd;
  hub->stores = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&hub->mutex);
  g_cond_init (&hub->opened);
  hub->context = sqlite_store_context_new (fill_in (config));
  return hub;
}

static HeptadStore *
steal_any_store (HeptadStoreHub *hub)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  GHashTableIter iter;
  gpointer store = NULL;

  g_hash_table_iter_init (&iter, hub->stores);
  if (!g_hash_table_iter_next (&iter, NULL, &store))
    return NULL;
  g_hash_table_iter_remove (&iter);
  return store;
}

static void
close_store (HeptadStore *store)
{
  sqlite_store_close (heptad_store_get_backend_data (store, &sqlite_store_backend));
  g_object_unref (store);
}

void
heptad_store_hub_free (HeptadStoreHub *hub)
{
  HeptadStore *store = NULL;

  while ((store = steal_any_store (hub)) != NULL)
    close_store (store);
  g_hash_table_unref (hub->stores);
  sqlite_store_context_unref (hub->context);
  g_cond_clear (&hub->opened);
  g_mutex_clear (&hub->mutex);
  close (hub->lock_fd);
  g_free (hub->data_dir);
  g_free (hub);
}

const char *
heptad_store_hub_get_data_dir (HeptadStoreHub *hub)
{
  return hub->data_dir;
}

void
heptad_store_hub_set_event_hooks (HeptadStoreHub *hub, HeptadStoreEventHooks hooks)
{
  hub->context->event_hooks = hooks;
}

void
heptad_store_hub_set_job_hooks (HeptadStoreHub *hub, HeptadStoreJobHooks hooks)
{
  hub->context->job_hooks = hooks;
}

static gboolean
check_id (const char *what, const char *id, GError **error)
{
  gsize length = strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-_");

  if (length >= 1 && length <= 63 && id[length] == '\0')
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "'%.80s' is no %s id: 1 to 63 of a-z, 0-9, - and _", id, what);
  return FALSE;
}

static char *
get_path (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id)
{
  g_autofree char *file = g_strconcat (plugin_id, ".db", NULL);
  return g_build_filename (hub->data_dir, "tenants", tenant_id, file, NULL);
}

typedef struct {
  const char *tenant_id;
  const char *plugin_id;
  const char *const *steps;
  const char *migrations_dir;
} OpenRequest;

static HeptadStore *
open_new (HeptadStoreHub *hub, const OpenRequest *request, GError **error)
{
  g_autofree char *path = get_path (hub, request->tenant_id, request->plugin_id);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GPtrArray) migrations = migrations_read (request->migrations_dir, "sqlite", error);

  if (migrations == NULL || !file_sync_make_directory (directory, error))
    return NULL;
  g_autoptr (SqliteStore) store =
      sqlite_store_new (hub->context, request->tenant_id, request->plugin_id, path);
  if (!sqlite_schema_prepare (path, store->name, request->steps, migrations, error))
    {
      sqlite_store_close (store);
      return NULL;
    }
  return heptad_store_new (&sqlite_store_backend, g_steal_pointer (&store));
}

/* The open store; or NULL after having marked that this thread opens it. */
static HeptadStore *
find_or_mark (HeptadStoreHub *hub, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  gpointer store = NULL;

  while (g_hash_table_lookup_extended (hub->stores, key, NULL, &store))
    {
      if (store != NULL)
        return g_object_ref (store);
      g_cond_wait (&hub->opened, &hub->mutex);
    }
  g_hash_table_insert (hub->stores, g_strdup (key), NULL);
  return NULL;
}

static HeptadStore *
open_store (HeptadStoreHub *hub, const OpenRequest *request, GError **error)
{
  if (!check_id ("tenant", request->tenant_id, error)
      || !check_id ("plugin", request->plugin_id, error))
    return NULL;

  g_autofree char *key = g_strconcat (request->tenant_id, "/", request->plugin_id, NULL);
  HeptadStore *store = find_or_mark (hub, key);
  if (store != NULL)
    return store;
  store = open_new (hub, request, error);
  g_mutex_lock (&hub->mutex);
  if (store != NULL)
    g_hash_table_insert (hub->stores, g_strdup (key), g_object_ref (store));
  else
    g_hash_table_remove (hub->stores, key);
  g_cond_broadcast (&hub->opened);
  g_mutex_unlock (&hub->mutex);
  /* What a crash left in its outbox. */
  const HeptadStoreEventHooks *hooks = &hub->context->event_hooks;
  if (store != NULL && hooks->committed != NULL)
    hooks->committed (hooks->data, request->tenant_id, request->plugin_id);
  return store;
}

HeptadStore *
heptad_store_hub_open (HeptadStoreHub *hub,
                       const char *tenant_id,
                       const char *plugin_id,
                       const char *migrations_dir,
                       GError **error)
{
  OpenRequest request = { tenant_id, plugin_id, NULL, migrations_dir };
  return open_store (hub, &request, error);
}

HeptadStore *
heptad_store_hub_open_core (HeptadStoreHub *hub,
                            const char *tenant_id,
                            const char *name,
                            const char *const *steps,
                            GError **error)
{
  OpenRequest request = { tenant_id, name, steps, NULL };

  g_return_val_if_fail (name[0] == '_', NULL);
  return open_store (hub, &request, error);
}

HeptadStore *
heptad_store_hub_find (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id)
{
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  HeptadStore *store = g_hash_table_lookup (hub->stores, key);

  return store != NULL ? g_object_ref (store) : NULL;
}

void
heptad_store_hub_close (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id)
{
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);
  g_autofree char *stored_key = NULL;
  HeptadStore *store = NULL;

  g_mutex_lock (&hub->mutex);
  store = g_hash_table_lookup (hub->stores, key);
  if (store != NULL)
    g_hash_table_steal_extended (hub->stores, key, (gpointer *) &stored_key, NULL);
  g_mutex_unlock (&hub->mutex);
  if (store != NULL)
    close_store (store);
}

static void
visit_tenant (const char *directory, const char *tenant_id, HeptadStoreHubFunc func, gpointer data)
{
  g_autofree char *path = g_build_filename (directory, tenant_id, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *file = NULL;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".db") && file[0] != '_')
      {
        g_autofree char *plugin_id = g_strndup (file, strlen (file) - 3);
        func (tenant_id, plugin_id, data);
      }
}

gboolean
heptad_store_hub_foreach (HeptadStoreHub *hub,
                          HeptadStoreHubFunc func,
                          gpointer data,
                          GError **error)
{
  g_autofree char *directory = g_build_filename (hub->data_dir, "tenants", NULL);
  const char *tenant_id = NULL;

  if (!g_file_test (directory, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  while (dir != NULL && (tenant_id = g_dir_read_name (dir)) != NULL)
    visit_tenant (directory, tenant_id, func, data);
  return dir != NULL;
}

static SqliteStore *
find_open (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id, GError **error)
{
  g_autoptr (HeptadStore) store = heptad_store_hub_find (hub, tenant_id, plugin_id);

  if (store != NULL)
    return sqlite_store_ref (heptad_store_get_backend_data (store, &sqlite_store_backend));
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND, "There is no open store of %s for %s",
               plugin_id, tenant_id);
  return NULL;
}

gboolean
heptad_store_hub_backup (HeptadStoreHub *hub,
                         const char *tenant_id,
                         const char *plugin_id,
                         const char *path,
                         GError **error)
{
  g_autoptr (SqliteStore) store = find_open (hub, tenant_id, plugin_id, error);
  return store != NULL && sqlite_backup (store, path, error);
}

gboolean
heptad_store_hub_verify (HeptadStoreHub *hub,
                         const char *tenant_id,
                         const char *plugin_id,
                         GError **error)
{
  g_autoptr (SqliteStore) store = find_open (hub, tenant_id, plugin_id, error);
  return store != NULL && sqlite_verify (store, error);
}

guint
heptad_store_hub_get_n_connections (HeptadStoreHub *hub)
{
  return sqlite_budget_get_n_open (hub->context->budget);
}
