/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-consumer.h"

#include "sdk/backend/heptad-events-backend.h"
#include "sdk/backend/heptad-store-backend.h"

enum {
  BATCH = 64,
  MAX_FAILURES = 5,
  FIRST_BACKOFF_US = 100 * 1000,
  SERIAL_WAIT_US = 5 * 1000,
};

struct _EventConsumer {
  EventLog *log;
  HeptadTenant *tenant;
  HeptadStore *store;
  const HeptadEventEntry *entry;
  gpointer plugin;
  HeptadEventSerial serial;
  gboolean is_serial;
  char *plugin_id;
  char *name;
  gint64 position; /* atomic by the mutex */
  GMutex mutex;
  guint n_failures;
};

static gboolean
begin_at_tail (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const EventConsumer *consumer = data;

  return heptad_transaction_execute_core (
      transaction,
      "INSERT INTO _heptad_offsets (consumer, position) VALUES ($1, $2)"
      " ON CONFLICT (consumer) DO NOTHING",
      HEPTAD_SQL (heptad_sql_text (consumer->name),
                  heptad_sql_int64 (event_log_get_tail (consumer->log))),
      NULL, error);
}

static gboolean
read_position (EventConsumer *consumer, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      consumer->store, "SELECT position FROM _heptad_offsets WHERE consumer = $1",
      HEPTAD_SQL (heptad_sql_text (consumer->name)), NULL, error);

  if (rows == NULL || !heptad_rows_next (rows, error))
    return FALSE;
  consumer->position = heptad_rows_get_int64 (rows, 0);
  return TRUE;
}

EventConsumer *
event_consumer_new (EventLog *log, const HeptadEventHandlerSpec *spec, GError **error)
{
  g_autoptr (EventConsumer) consumer = g_new0 (EventConsumer, 1);

  g_mutex_init (&consumer->mutex);
  consumer->log = log;
  consumer->tenant = spec->tenant;
  consumer->store = g_object_ref (spec->store);
  consumer->entry = spec->entry;
  consumer->plugin = spec->plugin;
  consumer->is_serial = spec->serial != NULL;
  if (consumer->is_serial)
    consumer->serial = *spec->serial;
  consumer->plugin_id = g_strdup (spec->plugin_id);
  consumer->name = g_strconcat (spec->plugin_id, ":", spec->entry->topic, NULL);
  /* The first time it begins with what is published from now on. */
  if (!heptad_store_write (consumer->store, begin_at_tail, consumer, NULL, error)
      || !read_position (consumer, error))
    return NULL;
  return g_steal_pointer (&consumer);
}

void
event_consumer_free (EventConsumer *consumer)
{
  g_clear_object (&consumer->store);
  g_mutex_clear (&consumer->mutex);
  g_free (consumer->plugin_id);
  g_free (consumer->name);
  g_free (consumer);
}

EventLog *
event_consumer_get_log (EventConsumer *consumer)
{
  return consumer->log;
}

const char *
event_consumer_get_topic (EventConsumer *consumer)
{
  return consumer->entry->topic;
}

gboolean
event_consumer_is (EventConsumer *consumer, const char *plugin_id, const char *topic)
{
  return g_strcmp0 (consumer->plugin_id, plugin_id) == 0
         && (topic == NULL || g_strcmp0 (consumer->entry->topic, topic) == 0);
}

gint64
event_consumer_get_position (EventConsumer *consumer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&consumer->mutex);
  return consumer->position;
}

static void
set_position (EventConsumer *consumer, gint64 position)
{
  g_mutex_lock (&consumer->mutex);
  consumer->position = position;
  g_mutex_unlock (&consumer->mutex);
}

/* One event on its way into the handler. */
typedef struct {
  EventConsumer *consumer;
  HeptadEvent *event;
  const char *failure;       /* (nullable): set when it goes to the dead letters */
  gint64 dead_letter_number; /* when it comes from there */
} Delivery;

/* Fails when another host has moved the offset: then the event is already handled. */
static gboolean
move_offset (HeptadTransaction *transaction, const Delivery *delivery, GError **error)
{
  const EventConsumer *consumer = delivery->consumer;
  gint64 n_changed = 0;

  if (!heptad_transaction_execute_core (
          transaction,
          "UPDATE _heptad_offsets SET position = $1 WHERE consumer = $2 AND position = $3",
          HEPTAD_SQL (heptad_sql_int64 (heptad_event_get_position (delivery->event)),
                      heptad_sql_text (consumer->name), heptad_sql_int64 (consumer->position)),
          &n_changed, error))
    return FALSE;
  if (n_changed == 1)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY, "The events of %s are handled elsewhere too",
               consumer->name);
  return FALSE;
}

static gboolean
handle (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Delivery *delivery = data;
  const EventConsumer *consumer = delivery->consumer;

  return consumer->entry->handle (delivery->event, consumer->tenant, transaction, consumer->plugin,
                                  error)
         && move_offset (transaction, delivery, error);
}

static gboolean
bury (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Delivery *delivery = data;
  HeptadEvent *event = delivery->event;

  return heptad_transaction_execute_core (
             transaction,
             "INSERT INTO _heptad_dead_letters (consumer, position, event_id, topic, event_key, "
             "data,"
             " time_us, failed_us, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             HEPTAD_SQL (heptad_sql_text (delivery->consumer->name),
                         heptad_sql_int64 (heptad_event_get_position (event)),
                         heptad_sql_text (heptad_event_get_id (event)),
                         heptad_sql_text (heptad_event_get_topic (event)),
                         heptad_sql_text (heptad_event_get_key (event)),
                         heptad_sql_json (heptad_event_get_data (event)),
                         heptad_sql_int64 (heptad_event_get_time_us (event)),
                         heptad_sql_int64 (g_get_real_time ()),
                         heptad_sql_text (delivery->failure)),
             NULL, error)
         && move_offset (transaction, delivery, error);
}

/* The host's own troubles are not the event's fault and do not count. */
static gboolean
is_fault_of_event (const GError *error)
{
  switch (heptad_error_code_of (error))
    {
    case HEPTAD_ERROR_BUSY:
    case HEPTAD_ERROR_UNAVAILABLE:
    case HEPTAD_ERROR_STORAGE_FULL:
    case HEPTAD_ERROR_CORRUPT:
      return FALSE;
    default:
      return TRUE;
    }
}

/* TRUE when the consumer may go on with the next event. */
static gboolean
note_failure (EventConsumer *consumer, HeptadEvent *event, const GError *error)
{
  g_autoptr (GError) failure = NULL;

  if (is_fault_of_event (error))
    consumer->n_failures++;
  if (consumer->n_failures < MAX_FAILURES)
    return FALSE;

  Delivery delivery = { .consumer = consumer, .event = event, .failure = error->message };
  g_warning ("%s failed %u times on event %s, which now is a dead letter: %s", consumer->name,
             consumer->n_failures, heptad_event_get_id (event), error->message);
  if (!heptad_store_write (consumer->store, bury, &delivery, NULL, &failure))
    {
      g_warning ("%s: the dead letter could not be kept: %s", consumer->name, failure->message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
deliver (EventConsumer *consumer, HeptadEvent *event)
{
  Delivery delivery = { .consumer = consumer, .event = event };
  g_autoptr (GError) error = NULL;

  if (!heptad_store_write (consumer->store, handle, &delivery, NULL, &error)
      && !note_failure (consumer, event, error))
    return FALSE;
  consumer->n_failures = 0;
  set_position (consumer, heptad_event_get_position (event));
  return TRUE;
}

static gint64
get_backoff (const EventConsumer *consumer)
{
  return (gint64) FIRST_BACKOFF_US << MIN (consumer->n_failures, 8);
}

static gboolean
skip_to_oldest (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const EventConsumer *consumer = data;

  return heptad_transaction_execute_core (
      transaction, "UPDATE _heptad_offsets SET position = $1 WHERE consumer = $2 AND position < $1",
      HEPTAD_SQL (heptad_sql_int64 (event_log_get_expired (consumer->log)),
                  heptad_sql_text (consumer->name)),
      NULL, error);
}

/* What was trimmed while the consumer was away, as when its plugin was long uninstalled. */
static gboolean
skip_expired (EventConsumer *consumer, const GError *error)
{
  if (!g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_EXPIRED))
    return FALSE;
  g_warning ("%s was away longer than events are kept; it goes on with the oldest", consumer->name);
  return heptad_store_write (consumer->store, skip_to_oldest, consumer, NULL, NULL)
         && read_position (consumer, NULL);
}

gint64
event_consumer_run (EventConsumer *consumer)
{
  while (TRUE)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) events =
          event_log_read (consumer->log, consumer->position, consumer->entry->topic, BATCH, &error);
      if (events == NULL && !skip_expired (consumer, error))
        return get_backoff (consumer);
      if (events != NULL && events->len == 0)
        return 0;
      for (guint i = 0; events != NULL && i < events->len; i++)
        {
          if (consumer->is_serial && !consumer->serial.try_enter (consumer->serial.data))
            return SERIAL_WAIT_US;
          gboolean is_done = deliver (consumer, g_ptr_array_index (events, i));
          if (consumer->is_serial)
            consumer->serial.leave (consumer->serial.data);
          if (!is_done)
            return get_backoff (consumer);
        }
    }
}

static gboolean
handle_again (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Delivery *delivery = data;
  const EventConsumer *consumer = delivery->consumer;
  gint64 n_changed = 0;

  if (!heptad_transaction_execute_core (
          transaction, "DELETE FROM _heptad_dead_letters WHERE number = $1",
          HEPTAD_SQL (heptad_sql_int64 (delivery->dead_letter_number)), &n_changed, error))
    return FALSE;
  if (n_changed == 1)
    return consumer->entry->handle (delivery->event, consumer->tenant, transaction,
                                    consumer->plugin, error);
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND, "There is no such dead letter");
  return FALSE;
}

gboolean
event_consumer_retry (EventConsumer *consumer, gint64 number, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      consumer->store,
      "SELECT event_id, topic, event_key, data, time_us, position FROM _heptad_dead_letters"
      " WHERE number = $1 AND consumer = $2",
      HEPTAD_SQL (heptad_sql_int64 (number), heptad_sql_text (consumer->name)), NULL, error);

  if (rows == NULL)
    return FALSE;
  if (!heptad_rows_next (rows, NULL))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                   "%s has no dead letter %" G_GINT64_FORMAT, consumer->name, number);
      return FALSE;
    }
  g_autoptr (HeptadValue) data = heptad_rows_get_json (rows, 3);
  g_autoptr (HeptadEvent) event =
      heptad_event_new (heptad_rows_get_text (rows, 0), heptad_rows_get_text (rows, 1),
                        heptad_rows_get_text (rows, 2), data, heptad_rows_get_int64 (rows, 4),
                        heptad_rows_get_int64 (rows, 5), "");
  g_clear_pointer (&rows, heptad_rows_free);
  Delivery delivery = { .consumer = consumer, .event = event, .dead_letter_number = number };
  return heptad_store_write (consumer->store, handle_again, &delivery, NULL, error);
}

HeptadValue *
event_consumer_list_dead_letters (HeptadStore *store, guint limit, GError **error)
{
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      store,
      "SELECT number, consumer, topic, event_key, event_id, time_us, failed_us, error, data"
      " FROM _heptad_dead_letters ORDER BY number DESC LIMIT $1",
      HEPTAD_SQL (heptad_sql_int64 (limit)), NULL, error);

  if (rows == NULL)
    return NULL;
  while (heptad_rows_next (rows, &failure))
    {
      g_autoptr (HeptadValue) data = heptad_rows_get_json (rows, 8);
      heptad_builder_add_object (list);
      heptad_builder_set_int64 (list, "number", heptad_rows_get_int64 (rows, 0));
      heptad_builder_set_string (list, "consumer", heptad_rows_get_text (rows, 1));
      heptad_builder_set_string (list, "topic", heptad_rows_get_text (rows, 2));
      heptad_builder_set_string (list, "key", heptad_rows_get_text (rows, 3));
      heptad_builder_set_string (list, "eventId", heptad_rows_get_text (rows, 4));
      heptad_builder_set_time (list, "time", heptad_rows_get_int64 (rows, 5));
      heptad_builder_set_time (list, "failedAt", heptad_rows_get_int64 (rows, 6));
      heptad_builder_set_string (list, "error", heptad_rows_get_text (rows, 7));
      heptad_builder_set_value (list, "data", data);
      heptad_builder_close (list);
    }
  if (failure == NULL)
    return heptad_builder_end (list);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
