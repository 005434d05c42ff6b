/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-store.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: what stands behind the store's types. An engine
 * embeds the base struct of each as the first member of its own and fills in the table. */

/**
 * HeptadStoreAccess:
 * @HEPTAD_STORE_ACCESS_PLUGIN: the plugin's own tables and nothing else
 * @HEPTAD_STORE_ACCESS_CORE: the core's ledger tables; never given to SQL that a plugin wrote
 */
typedef enum {
  HEPTAD_STORE_ACCESS_PLUGIN,
  HEPTAD_STORE_ACCESS_CORE,
} HeptadStoreAccess;

/**
 * HeptadStoreBackend:
 * @query, @write: as heptad_store_query() and heptad_store_write()
 * @free: (nullable): frees @data when the store goes
 */
typedef struct {
  HeptadRows *(*query) (gpointer data,
                        HeptadStoreAccess access,
                        const char *sql,
                        const HeptadSqlParameter *parameters,
                        GCancellable *cancellable,
                        GError **error);
  gboolean (*write) (gpointer data,
                     HeptadWriteFunc write,
                     gpointer write_data,
                     GCancellable *cancellable,
                     GError **error);
  void (*free) (gpointer data);
} HeptadStoreBackend;

/**
 * HeptadSqlCell:
 *
 * One value of a row as the engine holds it: NULL, TEXT, INT64 (also booleans and times), DOUBLE or
 * BYTES. Text and bytes are borrowed until the next row; text ends with a NUL byte.
 */
typedef HeptadSqlParameter HeptadSqlCell;

typedef struct {
  gboolean (*next) (HeptadRows *rows, GError **error);
  guint (*get_n_columns) (HeptadRows *rows);
  const char *(*get_column_name) (HeptadRows *rows, guint column);
  HeptadSqlCell (*get_cell) (HeptadRows *rows, guint column);
  const char *(*get_text) (HeptadRows *rows, guint column); /* converts numbers */
  void (*free) (HeptadRows *rows);
} HeptadRowsBackend;

struct _HeptadRows {
  const HeptadRowsBackend *backend;
};

typedef struct {
  gboolean (*execute) (HeptadTransaction *transaction,
                       HeptadStoreAccess access,
                       const char *sql,
                       const HeptadSqlParameter *parameters,
                       gint64 *n_changed,
                       GError **error);
  HeptadRows *(*query) (HeptadTransaction *transaction,
                        HeptadStoreAccess access,
                        const char *sql,
                        const HeptadSqlParameter *parameters,
                        GError **error);
  HeptadBulk *(*begin_bulk) (HeptadTransaction *transaction,
                             const char *table,
                             const char *const *columns,
                             GError **error);
  gboolean (*publish) (HeptadTransaction *transaction,
                       HeptadStoreAccess access,
                       const char *topic,
                       const char *key,
                       const HeptadValue *data,
                       GError **error);
  char *(*enqueue) (HeptadTransaction *transaction,
                    const char *kind,
                    const HeptadValue *input,
                    GError **error);
} HeptadTransactionBackend;

struct _HeptadTransaction {
  const HeptadTransactionBackend *backend;
};

typedef struct {
  void (*add) (HeptadBulk *bulk, const HeptadSqlParameter *value);
  gboolean (*end_row) (HeptadBulk *bulk, GError **error);
  void (*free) (HeptadBulk *bulk);
} HeptadBulkBackend;

struct _HeptadBulk {
  const HeptadBulkBackend *backend;
};

/**
 * heptad_store_new:
 *
 * Returns: (transfer full): a store over @backend, which owns @data
 */
HEPTAD_API
HeptadStore *heptad_store_new (const HeptadStoreBackend *backend, gpointer data);

/**
 * heptad_store_get_backend_data:
 *
 * Returns: (transfer none) (nullable): the data, if @store is over @backend
 */
HEPTAD_API
gpointer heptad_store_get_backend_data (HeptadStore *store, const HeptadStoreBackend *backend);

/**
 * heptad_store_query_core:
 *
 * As heptad_store_query(), over the ledger tables.
 */
HEPTAD_API
HeptadRows *heptad_store_query_core (HeptadStore *store,
                                     const char *sql,
                                     const HeptadSqlParameter *parameters,
                                     GCancellable *cancellable,
                                     GError **error);

/* As heptad_transaction_execute() and heptad_transaction_query(), over the ledger tables. */
HEPTAD_API
gboolean heptad_transaction_execute_core (HeptadTransaction *transaction,
                                          const char *sql,
                                          const HeptadSqlParameter *parameters,
                                          gint64 *n_changed,
                                          GError **error);
HEPTAD_API
HeptadRows *heptad_transaction_query_core (HeptadTransaction *transaction,
                                           const char *sql,
                                           const HeptadSqlParameter *parameters,
                                           GError **error);

/* As heptad_transaction_publish(), for a topic of the host's own in whichever store. */
HEPTAD_API
gboolean heptad_transaction_publish_core (HeptadTransaction *transaction,
                                          const char *topic,
                                          const char *key,
                                          const HeptadValue *data,
                                          GError **error);

G_END_DECLS
