/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-log.h"

#include "core/events/event-cursor.h"
#include "sdk/backend/heptad-events-backend.h"
#include "sdk/backend/heptad-store-backend.h"

enum {
  MAX_RECENT = 1024,
  RELAY_BATCH = 500,
};

struct _EventLog {
  char *tenant_id;
  HeptadStore *store;
  EventLogFunc appended;
  gpointer data;
  GMutex mutex;  /* guards all below */
  GQueue recent; /* of HeptadEvent, without gaps up to the tail */
  gint64 tail;
  gint64 expired;
};

static const char *const steps[] = {
  "CREATE TABLE _heptad_event (position BIGINT PRIMARY KEY, id TEXT NOT NULL,"
  "  topic TEXT NOT NULL, event_key TEXT, data TEXT NOT NULL, time_us BIGINT NOT NULL);"
  "CREATE INDEX _heptad_event_topic ON _heptad_event (topic, position);"
  "CREATE TABLE _heptad_source (name TEXT PRIMARY KEY, number BIGINT NOT NULL);",
  NULL,
};

static gboolean
read_two_numbers (
    HeptadStore *store, const char *sql, gint64 *first, gint64 *second, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_store_query_core (store, sql, NULL, NULL, error);

  if (rows == NULL || !heptad_rows_next (rows, error))
    return FALSE;
  *first = heptad_rows_get_int64 (rows, 0);
  *second = heptad_rows_get_int64 (rows, 1);
  return TRUE;
}

static gboolean
read_bounds (EventLog *log, GError **error)
{
  gint64 first = 0;

  /* The position last given out is known also when all events have expired. */
  if (!read_two_numbers (
          log->store,
          "SELECT (SELECT coalesce(max(number), 0) FROM _heptad_source WHERE name = ''),"
          " (SELECT coalesce(min(position), 0) FROM _heptad_event)",
          &log->tail, &first, error))
    return FALSE;
  log->expired = first > 0 ? first - 1 : log->tail;
  return TRUE;
}

EventLog *
event_log_open (HeptadStoreHub *stores,
                const char *tenant_id,
                EventLogFunc appended,
                gpointer data,
                GError **error)
{
  g_autoptr (EventLog) log = g_new0 (EventLog, 1);

  g_mutex_init (&log->mutex);
  log->tenant_id = g_strdup (tenant_id);
  log->appended = appended;
  log->data = data;
  log->store = heptad_store_hub_open_core (stores, tenant_id, "_events", steps, error);
  if (log->store == NULL || !read_bounds (log, error))
    return NULL;
  return g_steal_pointer (&log);
}

void
event_log_free (EventLog *log)
{
  g_queue_clear_full (&log->recent, g_object_unref);
  g_clear_object (&log->store);
  g_mutex_clear (&log->mutex);
  g_free (log->tenant_id);
  g_free (log);
}

const char *
event_log_get_tenant_id (EventLog *log)
{
  return log->tenant_id;
}

gint64
event_log_get_tail (EventLog *log)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&log->mutex);
  return log->tail;
}

gint64
event_log_get_expired (EventLog *log)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&log->mutex);
  return log->expired;
}

/* From memory, when that reaches back far enough. */
static GPtrArray *
read_recent (EventLog *log, gint64 after, const char *topic, guint limit)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&log->mutex);
  HeptadEvent *oldest = g_queue_peek_head (&log->recent);
  gint64 reach = oldest != NULL ? heptad_event_get_position (oldest) - 1 : log->tail;
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  GList *link = NULL;

  if (after < reach)
    return NULL;
  /* Readers are mostly close to the tail. */
  for (GList *at = log->recent.tail; at != NULL; at = at->prev)
    {
      if (heptad_event_get_position (at->data) <= after)
        break;
      link = at;
    }
  for (; link != NULL && events->len < limit; link = link->next)
    if (topic == NULL || g_strcmp0 (heptad_event_get_topic (link->data), topic) == 0)
      g_ptr_array_add (events, g_object_ref (link->data));
  return g_steal_pointer (&events);
}

/* Columns: position, id, topic, key, data, time. */
static HeptadEvent *
make_event (EventLog *log, HeptadRows *rows, gint64 position)
{
  g_autofree char *cursor = event_cursor_format (log->tenant_id, position);
  g_autoptr (HeptadValue) data = heptad_rows_get_json (rows, 4);

  if (data == NULL)
    data = heptad_value_new_null ();
  return heptad_event_new (heptad_rows_get_text (rows, 1), heptad_rows_get_text (rows, 2),
                           heptad_rows_get_text (rows, 3), data, heptad_rows_get_int64 (rows, 5),
                           position, cursor);
}

static GPtrArray *
read_stored (EventLog *log, gint64 after, const char *topic, guint limit, GError **error)
{
  const char *sql = topic == NULL
                        ? "SELECT position, id, topic, event_key, data, time_us FROM _heptad_event"
                          " WHERE position > $1 AND $2 IS NULL ORDER BY position LIMIT $3"
                        : "SELECT position, id, topic, event_key, data, time_us FROM _heptad_event"
                          " WHERE topic = $2 AND position > $1 ORDER BY position LIMIT $3";
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      log->store, sql,
      HEPTAD_SQL (heptad_sql_int64 (after), heptad_sql_text (topic), heptad_sql_int64 (limit)),
      NULL, error);

  if (rows == NULL)
    return NULL;
  while (heptad_rows_next (rows, &failure))
    g_ptr_array_add (events, make_event (log, rows, heptad_rows_get_int64 (rows, 0)));
  if (failure == NULL)
    return g_steal_pointer (&events);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GPtrArray *
event_log_read (EventLog *log, gint64 after, const char *topic, guint limit, GError **error)
{
  GPtrArray *events = read_recent (log, after, topic, limit);

  if (events != NULL)
    return events;
  if (after < event_log_get_expired (log))
    {
      g_set_error_literal (
          error, HEPTAD_ERROR, HEPTAD_ERROR_EXPIRED,
          "The events after this cursor are no longer kept; read the present state and "
          "subscribe from now");
      return NULL;
    }
  return read_stored (log, after, topic, limit, error);
}

/* One batch on its way from an outbox into the log. */
typedef struct {
  EventLog *log;
  const char *source;
  GPtrArray *rows; /* of OutboxRow */
  GPtrArray *events;
  gint64 last_number;
} Batch;

typedef struct {
  gint64 number;
  char *id;
  char *topic;
  char *key;
  HeptadValue *data;
  gint64 time_us;
} OutboxRow;

static void
outbox_row_free (gpointer data)
{
  OutboxRow *row = data;

  g_free (row->id);
  g_free (row->topic);
  g_free (row->key);
  g_clear_pointer (&row->data, heptad_value_unref);
  g_free (row);
}

static gboolean
read_outbox (HeptadStore *store, Batch *batch, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows =
      heptad_store_query_core (store,
                               "SELECT number, id, topic, event_key, data, time_us FROM "
                               "_heptad_outbox ORDER BY number LIMIT $1",
                               HEPTAD_SQL (heptad_sql_int64 (RELAY_BATCH)), NULL, error);

  if (rows == NULL)
    return FALSE;
  while (heptad_rows_next (rows, &failure))
    {
      OutboxRow *row = g_new0 (OutboxRow, 1);
      row->number = batch->last_number = heptad_rows_get_int64 (rows, 0);
      row->id = g_strdup (heptad_rows_get_text (rows, 1));
      row->topic = g_strdup (heptad_rows_get_text (rows, 2));
      row->key = g_strdup (heptad_rows_get_text (rows, 3));
      row->data = heptad_rows_get_json (rows, 4);
      row->time_us = heptad_rows_get_int64 (rows, 5);
      if (row->data == NULL)
        row->data = heptad_value_new_null ();
      g_ptr_array_add (batch->rows, row);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
insert_event (HeptadTransaction *transaction, const OutboxRow *row, gint64 position, GError **error)
{
  return heptad_transaction_execute_core (
      transaction,
      "INSERT INTO _heptad_event (position, id, topic, event_key, data, time_us)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      HEPTAD_SQL (heptad_sql_int64 (position), heptad_sql_text (row->id),
                  heptad_sql_text (row->topic), heptad_sql_text (row->key),
                  heptad_sql_json (row->data), heptad_sql_int64 (row->time_us)),
      NULL, error);
}

/* The number up to which a source was copied (a crash may have come before its outbox was emptied).
 * The source without a name is the log itself: its last position. */
static gboolean
read_number (HeptadTransaction *transaction, const char *source, gint64 *number, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_transaction_query_core (
      transaction, "SELECT coalesce(max(number), 0) FROM _heptad_source WHERE name = $1",
      HEPTAD_SQL (heptad_sql_text (source)), error);

  if (rows == NULL || !heptad_rows_next (rows, error))
    return FALSE;
  *number = heptad_rows_get_int64 (rows, 0);
  return TRUE;
}

static gboolean
write_number (HeptadTransaction *transaction, const char *source, gint64 number, GError **error)
{
  return heptad_transaction_execute_core (
      transaction,
      "INSERT INTO _heptad_source (name, number) VALUES ($1, $2)"
      " ON CONFLICT (name) DO UPDATE SET number = excluded.number",
      HEPTAD_SQL (heptad_sql_text (source), heptad_sql_int64 (number)), NULL, error);
}

static gboolean
append_batch (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Batch *batch = data;
  gint64 done = 0;
  gint64 position = 0;

  g_ptr_array_set_size (batch->events, 0);
  if (!read_number (transaction, batch->source, &done, error)
      || !read_number (transaction, "", &position, error))
    return FALSE;
  for (guint i = 0; i < batch->rows->len; i++)
    {
      const OutboxRow *row = g_ptr_array_index (batch->rows, i);
      if (row->number <= done)
        continue;
      if (!insert_event (transaction, row, ++position, error))
        return FALSE;
      g_autofree char *cursor = event_cursor_format (batch->log->tenant_id, position);
      g_ptr_array_add (batch->events, heptad_event_new (row->id, row->topic, row->key, row->data,
                                                        row->time_us, position, cursor));
    }
  return write_number (transaction, batch->source, batch->last_number, error)
         && write_number (transaction, "", position, error);
}

static gboolean
empty_outbox (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Batch *batch = data;

  return heptad_transaction_execute_core (
      transaction, "DELETE FROM _heptad_outbox WHERE number <= $1",
      HEPTAD_SQL (heptad_sql_int64 (batch->last_number)), NULL, error);
}

static void
remember_recent (EventLog *log, GPtrArray *events)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&log->mutex);

  for (guint i = 0; i < events->len; i++)
    {
      HeptadEvent *event = g_ptr_array_index (events, i);
      g_queue_push_tail (&log->recent, g_object_ref (event));
      log->tail = heptad_event_get_position (event);
    }
  while (log->recent.length > MAX_RECENT)
    g_object_unref (g_queue_pop_head (&log->recent));
}

gboolean
event_log_relay (EventLog *log, const char *source, HeptadStore *store, GError **error)
{
  while (TRUE)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (outbox_row_free);
      g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
      Batch batch = { .log = log, .source = source, .rows = rows, .events = events };

      if (!read_outbox (store, &batch, error))
        return FALSE;
      if (rows->len == 0)
        return TRUE;
      if (!heptad_store_write (log->store, append_batch, &batch, NULL, error))
        return FALSE;
      remember_recent (log, events);
      if (events->len > 0)
        log->appended (log, events, log->data);
      if (!heptad_store_write (store, empty_outbox, &batch, NULL, error))
        return FALSE;
    }
}

typedef struct {
  gint64 keep_after;
  gint64 surplus;
  gint64 before_us;
} Trim;

static gboolean
delete_expired (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Trim *trim = data;

  return heptad_transaction_execute_core (
      transaction,
      "DELETE FROM _heptad_event WHERE position <= $1 AND (position <= $2 OR time_us < $3)",
      HEPTAD_SQL (heptad_sql_int64 (trim->keep_after), heptad_sql_int64 (trim->surplus),
                  heptad_sql_int64 (trim->before_us)),
      NULL, error);
}

gboolean
event_log_trim (
    EventLog *log, gint64 max_count, gint64 before_us, gint64 keep_after, GError **error)
{
  gint64 tail = event_log_get_tail (log);
  Trim trim = { MIN (keep_after, tail), tail - max_count, before_us };
  gint64 unused = 0;
  gint64 first = 0;

  if (!heptad_store_write (log->store, delete_expired, &trim, NULL, error)
      || !read_two_numbers (log->store, "SELECT coalesce(min(position), 0), 0 FROM _heptad_event",
                            &first, &unused, error))
    return FALSE;
  g_mutex_lock (&log->mutex);
  log->expired = first > 0 ? first - 1 : log->tail;
  HeptadEvent *oldest = NULL;
  while ((oldest = g_queue_peek_head (&log->recent)) != NULL
         && heptad_event_get_position (oldest) <= log->expired)
    g_object_unref (g_queue_pop_head (&log->recent));
  g_mutex_unlock (&log->mutex);
  return TRUE;
}
