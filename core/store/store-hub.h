/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/store-config.h"
#include "sdk/heptad-store.h"

/**
 * HeptadStoreHub:
 *
 * All stores of a host: one per (tenant, plugin), opened when first asked for. SQLite keeps each in
 * `DATA_DIR/tenants/TENANT/PLUGIN.db`. Any thread.
 */
typedef struct _HeptadStoreHub HeptadStoreHub;

/**
 * heptad_store_hub_new:
 * @data_dir: made if it is not there; locked for this process
 * @config: (nullable): %NULL for the defaults
 * @error: %HEPTAD_ERROR_UNAVAILABLE when another host has the directory (it is named), or it cannot
 * be written
 */
HeptadStoreHub *
heptad_store_hub_new (const char *data_dir, const HeptadStoreConfig *config, GError **error);

/* Closes every store; handles that are still held answer %HEPTAD_ERROR_UNAVAILABLE. */
void heptad_store_hub_free (HeptadStoreHub *hub);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadStoreHub, heptad_store_hub_free)

const char *heptad_store_hub_get_data_dir (HeptadStoreHub *hub);

/* Who hears of committed events and jobs; all zero for nobody. While no write runs. */
void heptad_store_hub_set_event_hooks (HeptadStoreHub *hub, HeptadStoreEventHooks hooks);
void heptad_store_hub_set_job_hooks (HeptadStoreHub *hub, HeptadStoreJobHooks hooks);

/**
 * heptad_store_hub_open:
 * @tenant_id: `[a-z0-9_-]{1,63}`
 * @plugin_id: the same
 * @migrations_dir: (nullable): the bundle's migrations; looked at when the store is first opened
 * @error: %HEPTAD_ERROR_CORRUPT naming the file; %HEPTAD_ERROR_PLUGIN_FAULT naming the migration
 *
 * Opens a store, makes it if it is new, migrates it; later calls give the same one. May block for
 * as long as the migrations take.
 *
 * Returns: (transfer full): the store
 */
HeptadStore *heptad_store_hub_open (HeptadStoreHub *hub,
                                    const char *tenant_id,
                                    const char *plugin_id,
                                    const char *migrations_dir,
                                    GError **error);

/**
 * heptad_store_hub_open_core:
 * @name: of the core's store; no plugin's id begins with an underscore, this must
 * @steps: (array zero-terminated=1): SQL that makes its tables, in order; only ever added to
 *
 * Opens a store of the core's own, whose tables only core SQL sees.
 *
 * Returns: (transfer full): the store
 */
HeptadStore *heptad_store_hub_open_core (HeptadStoreHub *hub,
                                         const char *tenant_id,
                                         const char *name,
                                         const char *const *steps,
                                         GError **error);

/* (transfer full) (nullable): the store, if it is open */
HeptadStore *
heptad_store_hub_find (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id);

/* Closes a store, so that it may be opened anew, with other migrations. */
void heptad_store_hub_close (HeptadStoreHub *hub, const char *tenant_id, const char *plugin_id);

typedef void (*HeptadStoreHubFunc) (const char *tenant_id, const char *plugin_id, gpointer data);

/* Calls @func for every store that exists, open or not. */
gboolean heptad_store_hub_foreach (HeptadStoreHub *hub,
                                   HeptadStoreHubFunc func,
                                   gpointer data,
                                   GError **error);

/**
 * heptad_store_hub_backup:
 * @path: the file to write; replaced only by a whole copy
 *
 * Copies a store as it is at one moment, while it is in use. The store must be open.
 */
gboolean heptad_store_hub_backup (HeptadStoreHub *hub,
                                  const char *tenant_id,
                                  const char *plugin_id,
                                  const char *path,
                                  GError **error);

/* Reads all of a store and checks it; %HEPTAD_ERROR_CORRUPT names the first fault. */
gboolean heptad_store_hub_verify (HeptadStoreHub *hub,
                                  const char *tenant_id,
                                  const char *plugin_id,
                                  GError **error);

/* Open database connections, for metrics. */
guint heptad_store_hub_get_n_connections (HeptadStoreHub *hub);
