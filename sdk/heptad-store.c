/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-store-backend.h"

struct _HeptadStore {
  GObject parent_instance;
  const HeptadStoreBackend *backend;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (HeptadStore, heptad_store, G_TYPE_OBJECT)

static void
heptad_store_finalize (GObject *object)
{
  HeptadStore *self = HEPTAD_STORE (object);

  if (self->backend->free != NULL)
    self->backend->free (self->data);
  G_OBJECT_CLASS (heptad_store_parent_class)->finalize (object);
}

static void
heptad_store_class_init (HeptadStoreClass *class)
{
  G_OBJECT_CLASS (class)->finalize = heptad_store_finalize;
}

static void
heptad_store_init (HeptadStore *self)
{
}

HeptadStore *
heptad_store_new (const HeptadStoreBackend *backend, gpointer data)
{
  HeptadStore *store = g_object_new (HEPTAD_TYPE_STORE, NULL);

  store->backend = backend;
  store->data = data;
  return store;
}

gpointer
heptad_store_get_backend_data (HeptadStore *store, const HeptadStoreBackend *backend)
{
  g_return_val_if_fail (HEPTAD_IS_STORE (store), NULL);
  return store->backend == backend ? store->data : NULL;
}

HeptadRows *
heptad_store_query (HeptadStore *store,
                    const char *sql,
                    const HeptadSqlParameter *parameters,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_STORE (store) && sql != NULL, NULL);
  return store->backend->query (store->data, HEPTAD_STORE_ACCESS_PLUGIN, sql, parameters,
                                cancellable, error);
}

HeptadRows *
heptad_store_query_core (HeptadStore *store,
                         const char *sql,
                         const HeptadSqlParameter *parameters,
                         GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_STORE (store) && sql != NULL, NULL);
  return store->backend->query (store->data, HEPTAD_STORE_ACCESS_CORE, sql, parameters, cancellable,
                                error);
}

gboolean
heptad_store_write (HeptadStore *store,
                    HeptadWriteFunc write,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_STORE (store) && write != NULL, FALSE);
  return store->backend->write (store->data, write, data, cancellable, error);
}

typedef struct {
  const char *sql;
  const HeptadSqlParameter *parameters;
} SingleStatement;

static gboolean
write_single_statement (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const SingleStatement *single = data;
  return heptad_transaction_execute (transaction, single->sql, single->parameters, NULL, error);
}

gboolean
heptad_store_execute (HeptadStore *store,
                      const char *sql,
                      const HeptadSqlParameter *parameters,
                      GCancellable *cancellable,
                      GError **error)
{
  SingleStatement single = { sql, parameters };

  g_return_val_if_fail (sql != NULL, FALSE);
  return heptad_store_write (store, write_single_statement, &single, cancellable, error);
}

gboolean
heptad_transaction_execute (HeptadTransaction *transaction,
                            const char *sql,
                            const HeptadSqlParameter *parameters,
                            gint64 *n_changed,
                            GError **error)
{
  return transaction->backend->execute (transaction, HEPTAD_STORE_ACCESS_PLUGIN, sql, parameters,
                                        n_changed, error);
}

gboolean
heptad_transaction_execute_core (HeptadTransaction *transaction,
                                 const char *sql,
                                 const HeptadSqlParameter *parameters,
                                 gint64 *n_changed,
                                 GError **error)
{
  return transaction->backend->execute (transaction, HEPTAD_STORE_ACCESS_CORE, sql, parameters,
                                        n_changed, error);
}

HeptadRows *
heptad_transaction_query (HeptadTransaction *transaction,
                          const char *sql,
                          const HeptadSqlParameter *parameters,
                          GError **error)
{
  return transaction->backend->query (transaction, HEPTAD_STORE_ACCESS_PLUGIN, sql, parameters,
                                      error);
}

HeptadRows *
heptad_transaction_query_core (HeptadTransaction *transaction,
                               const char *sql,
                               const HeptadSqlParameter *parameters,
                               GError **error)
{
  return transaction->backend->query (transaction, HEPTAD_STORE_ACCESS_CORE, sql, parameters,
                                      error);
}

gboolean
heptad_transaction_publish (HeptadTransaction *transaction,
                            const char *topic,
                            const char *key,
                            const HeptadValue *data,
                            GError **error)
{
  g_return_val_if_fail (topic != NULL && data != NULL, FALSE);
  return transaction->backend->publish (transaction, HEPTAD_STORE_ACCESS_PLUGIN, topic, key, data,
                                        error);
}

gboolean
heptad_transaction_publish_core (HeptadTransaction *transaction,
                                 const char *topic,
                                 const char *key,
                                 const HeptadValue *data,
                                 GError **error)
{
  g_return_val_if_fail (topic != NULL && data != NULL, FALSE);
  return transaction->backend->publish (transaction, HEPTAD_STORE_ACCESS_CORE, topic, key, data,
                                        error);
}

char *
heptad_transaction_enqueue (HeptadTransaction *transaction,
                            const char *kind,
                            const HeptadValue *input,
                            GError **error)
{
  g_return_val_if_fail (kind != NULL, NULL);
  return transaction->backend->enqueue (transaction, kind, input, error);
}

HeptadBulk *
heptad_transaction_begin_bulk (HeptadTransaction *transaction,
                               const char *table,
                               const char *const *columns,
                               GError **error)
{
  g_return_val_if_fail (table != NULL && columns != NULL && columns[0] != NULL, NULL);
  return transaction->backend->begin_bulk (transaction, table, columns, error);
}
