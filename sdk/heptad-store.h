/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-decimal.h"
#include "heptad-error.h"
#include "heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadStore:
 *
 * The SQL store of one plugin for one tenant. SQL never mentions tenants; another tenant's or
 * plugin's data cannot be named. The shared dialect and its traps are in docs/sdk/store.md.
 *
 * All calls block and belong on a pool or job thread, never in an *inline* handler, except
 * heptad_store_query() of a few rows by key. Each takes the call's or job's #GCancellable, which
 * also carries its deadline. Errors are of %HEPTAD_ERROR: %HEPTAD_ERROR_CONFLICT for a broken
 * constraint, %HEPTAD_ERROR_INVALID_INPUT for a value of the wrong type, %HEPTAD_ERROR_PLUGIN_FAULT
 * for SQL that is wrong or forbidden, %HEPTAD_ERROR_DEADLINE, %HEPTAD_ERROR_CANCELLED,
 * %HEPTAD_ERROR_STORAGE_FULL, %HEPTAD_ERROR_BUSY, %HEPTAD_ERROR_CORRUPT.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_STORE (heptad_store_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadStore, heptad_store, HEPTAD, STORE, GObject)

/**
 * HeptadTransaction:
 *
 * An open write. Lives only inside the function given to heptad_store_write().
 *
 * Since: 1.0
 */
typedef struct _HeptadTransaction HeptadTransaction;

/**
 * HeptadRows:
 *
 * A cursor over the rows of a query; rows are read as they are asked for. One thread at a time.
 *
 * Since: 1.0
 */
typedef struct _HeptadRows HeptadRows;

/**
 * HeptadBulk:
 *
 * Many rows for one table, by the engine's fastest path. Lives inside a write.
 *
 * Since: 1.0
 */
typedef struct _HeptadBulk HeptadBulk;

/* Parameters: `$1` is the first element of the array that HEPTAD_SQL() makes.
 *
 *   heptad_store_query (store, "SELECT name FROM account WHERE id = $1",
 *                       HEPTAD_SQL (heptad_sql_text (id)), cancellable, &error);
 */

/**
 * HeptadSqlType:
 *
 * Since: 1.0
 */
typedef enum {
  HEPTAD_SQL_TYPE_END,
  HEPTAD_SQL_TYPE_NULL,
  HEPTAD_SQL_TYPE_TEXT,
  HEPTAD_SQL_TYPE_INT64,
  HEPTAD_SQL_TYPE_DOUBLE,
  HEPTAD_SQL_TYPE_BOOLEAN,
  HEPTAD_SQL_TYPE_DECIMAL,
  HEPTAD_SQL_TYPE_TIME,
  HEPTAD_SQL_TYPE_JSON,
  HEPTAD_SQL_TYPE_BYTES,
} HeptadSqlType;

/**
 * HeptadSqlParameter:
 *
 * One typed parameter. Made by the heptad_sql_…() functions; borrows what it points to until the
 * call that it is given to returns.
 *
 * Since: 1.0
 */
typedef struct {
  HeptadSqlType type;
  gsize length;
  union {
    const void *data;
    gint64 int64;
    double real;
    HeptadDecimal decimal;
    const HeptadValue *json;
  } as;
} HeptadSqlParameter;

#define HEPTAD_SQL(...)                                                                            \
  ((const HeptadSqlParameter[]){ __VA_ARGS__, { .type = HEPTAD_SQL_TYPE_END } })

static inline HeptadSqlParameter
heptad_sql_null (void)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_NULL };
}

static inline HeptadSqlParameter
heptad_sql_text_len (const char *text, gsize length)
{
  if (text == NULL)
    return heptad_sql_null ();
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_TEXT, .length = length, .as.data = text };
}

static inline HeptadSqlParameter
heptad_sql_text (const char *text)
{
  return heptad_sql_text_len (text, text != NULL ? strlen (text) : 0);
}

static inline HeptadSqlParameter
heptad_sql_int64 (gint64 number)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_INT64, .as.int64 = number };
}

static inline HeptadSqlParameter
heptad_sql_double (double number)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_DOUBLE, .as.real = number };
}

static inline HeptadSqlParameter
heptad_sql_boolean (gboolean boolean)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_BOOLEAN, .as.int64 = boolean != FALSE };
}

static inline HeptadSqlParameter
heptad_sql_decimal (HeptadDecimal decimal)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_DECIMAL, .as.decimal = decimal };
}

/* Microseconds since 1970-01-01T00:00:00Z. */
static inline HeptadSqlParameter
heptad_sql_time (gint64 time_us)
{
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_TIME, .as.int64 = time_us };
}

static inline HeptadSqlParameter
heptad_sql_json (const HeptadValue *value)
{
  if (value == NULL)
    return heptad_sql_null ();
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_JSON, .as.json = value };
}

static inline HeptadSqlParameter
heptad_sql_bytes (const void *data, gsize length)
{
  if (data == NULL)
    return heptad_sql_null ();
  return (HeptadSqlParameter){ .type = HEPTAD_SQL_TYPE_BYTES, .length = length, .as.data = data };
}

/* Reads. */

/**
 * heptad_store_query:
 * @sql: one statement that only reads
 * @parameters: (nullable): HEPTAD_SQL(…), or %NULL for none
 * @cancellable: (nullable): the call's
 * @error: why not
 *
 * Reads from a snapshot that stays the same until the rows are freed. Pool or job thread.
 *
 * Returns: (transfer full): the rows
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadRows *heptad_store_query (HeptadStore *store,
                                const char *sql,
                                const HeptadSqlParameter *parameters,
                                GCancellable *cancellable,
                                GError **error);

/**
 * heptad_rows_next:
 * @error: (nullable): why no row came, set only on failure
 *
 * Moves to the next row. Text and bytes of the row before are then gone.
 *
 * Returns: %TRUE on a row; %FALSE at the end (with @error unset) or on failure (with @error set)
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_rows_next (HeptadRows *rows, GError **error);
HEPTAD_AVAILABLE_IN_1_0
void heptad_rows_free (HeptadRows *rows);
HEPTAD_AVAILABLE_IN_1_0
guint heptad_rows_get_n_columns (HeptadRows *rows);
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_rows_get_column_name (HeptadRows *rows, guint column);

/* The row's values; columns count from 0. A NULL, or a value of another type that does not convert
 * exactly, gives the neutral value. */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_rows_is_null (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_rows_get_text (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_rows_get_int64 (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
double heptad_rows_get_double (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_rows_get_boolean (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
HeptadDecimal heptad_rows_get_decimal (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_rows_get_time (HeptadRows *rows, guint column);

/**
 * heptad_rows_get_json:
 *
 * Returns: (transfer full) (nullable): the JSON value; %NULL for SQL NULL
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_rows_get_json (HeptadRows *rows, guint column);
HEPTAD_AVAILABLE_IN_1_0
const void *heptad_rows_get_bytes (HeptadRows *rows, guint column, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadRows, heptad_rows_free)

/* Writes. */

/**
 * HeptadWriteFunc:
 * @transaction: the open write
 * @data: what was given to heptad_store_write()
 * @error: why not
 *
 * Makes changes. It may be run more than once (the transaction is undone in between), so it must
 * change nothing but the store and what it sets anew each time; nothing slow or remote belongs
 * inside, and no other write. Runs on the thread of whichever writer leads the group: it may be
 * another's. A statement that fails inside fails the write, also when its error is ignored.
 *
 * Returns: %TRUE to commit, %FALSE with @error set to undo everything
 *
 * Since: 1.0
 */
typedef gboolean (*HeptadWriteFunc) (HeptadTransaction *transaction, gpointer data, GError **error);

/**
 * heptad_store_write:
 * @write: makes the changes
 * @data: handed to @write; must stay valid until this returns
 * @cancellable: (nullable): the call's; a write that has begun to commit is not cancelled
 * @error: why not
 *
 * Runs @write in one transaction and returns when it is on disk: what was acknowledged survives
 * `kill -9` and power loss. Rows, published events, enqueued jobs and the idempotency result commit
 * together or not at all. Writes from many threads share one fsync. Pool or job thread.
 *
 * Returns: %TRUE when committed
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_store_write (HeptadStore *store,
                             HeptadWriteFunc write,
                             gpointer data,
                             GCancellable *cancellable,
                             GError **error);

/**
 * heptad_store_execute:
 *
 * One changing statement as a write of its own; see heptad_store_write(). Pool or job thread.
 *
 * Returns: %TRUE when committed
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_store_execute (HeptadStore *store,
                               const char *sql,
                               const HeptadSqlParameter *parameters,
                               GCancellable *cancellable,
                               GError **error);

/**
 * heptad_transaction_execute:
 * @n_changed: (out) (optional): rows inserted, updated or deleted
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_transaction_execute (HeptadTransaction *transaction,
                                     const char *sql,
                                     const HeptadSqlParameter *parameters,
                                     gint64 *n_changed,
                                     GError **error);

/**
 * heptad_transaction_query:
 *
 * Reads inside the write, and runs changing statements with RETURNING. The rows must be freed
 * before the write function returns.
 *
 * Returns: (transfer full): the rows
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadRows *heptad_transaction_query (HeptadTransaction *transaction,
                                      const char *sql,
                                      const HeptadSqlParameter *parameters,
                                      GError **error);

/**
 * heptad_transaction_publish:
 * @topic: a topic that plugin.yaml declares
 * @key: (nullable): events of one key keep their order
 * @data: fits the topic's schema
 *
 * Publishes an event if, and only if, the write commits.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_transaction_publish (HeptadTransaction *transaction,
                                     const char *topic,
                                     const char *key,
                                     const HeptadValue *data,
                                     GError **error);

/**
 * heptad_transaction_enqueue:
 * @kind: a job kind of the plugin's descriptor
 * @input: (nullable): what the job works on
 *
 * Enqueues a job if, and only if, the write commits.
 *
 * Returns: (transfer full): the job's id
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
char *heptad_transaction_enqueue (HeptadTransaction *transaction,
                                  const char *kind,
                                  const HeptadValue *input,
                                  GError **error);

/* Bulk. */

/**
 * heptad_transaction_begin_bulk:
 * @table: a table of the plugin
 * @columns: (array zero-terminated=1): the columns that each row sets, in order
 *
 * Rows are appended value by value, in the order of @columns, each row ended by
 * heptad_bulk_end_row(). A failed row fails the write.
 *
 * Returns: (transfer full): ended by heptad_bulk_free() before the write function returns
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadBulk *heptad_transaction_begin_bulk (HeptadTransaction *transaction,
                                           const char *table,
                                           const char *const *columns,
                                           GError **error);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_null (HeptadBulk *bulk);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_text (HeptadBulk *bulk, const char *text, gssize length);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_int64 (HeptadBulk *bulk, gint64 number);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_double (HeptadBulk *bulk, double number);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_decimal (HeptadBulk *bulk, HeptadDecimal decimal);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_time (HeptadBulk *bulk, gint64 time_us);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_add_bytes (HeptadBulk *bulk, const void *data, gsize length);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_bulk_end_row (HeptadBulk *bulk, GError **error);
HEPTAD_AVAILABLE_IN_1_0
void heptad_bulk_free (HeptadBulk *bulk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadBulk, heptad_bulk_free)

G_END_DECLS
