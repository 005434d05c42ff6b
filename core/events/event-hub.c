/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-hub.h"

#include <string.h>

#include "core/events/event-cursor.h"
#include "core/events/event-runner.h"
#include "sdk/backend/heptad-events-backend.h"

enum {
  MAX_AGE_DAYS = 7,
  MAX_COUNT = 1000000,
  TRIM_INTERVAL_US = 60 * G_USEC_PER_SEC,
};

struct _HeptadEventHub {
  HeptadStoreHub *stores;
  EventTopics *topics;
  EventWakeups *wakeups;
  EventRunner *runner;
  GThread *relay;
  GMutex mutex; /* guards all below */
  GCond changed;
  GHashTable *logs;  /* tenant id → EventLog */
  GHashTable *dirty; /* "TENANT/PLUGIN", whose outbox has rows */
  gint64 max_age_us;
  gint64 max_count;
  gboolean is_stopping;
};

static void
on_appended (EventLog *log, GPtrArray *events, gpointer data)
{
  HeptadEventHub *hub = data;

  event_wakeups_notify (hub->wakeups, log, events);
  event_runner_notify (hub->runner, log, events);
}

static EventLog *
get_log (HeptadEventHub *hub, const char *tenant_id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  EventLog *log = g_hash_table_lookup (hub->logs, tenant_id);

  if (log != NULL)
    return log;
  log = event_log_open (hub->stores, tenant_id, on_appended, hub, error);
  if (log != NULL)
    g_hash_table_insert (hub->logs, g_strdup (tenant_id), log);
  return log;
}

static gboolean
check_event (gpointer data,
             const char *plugin_id,
             const char *topic,
             const HeptadValue *value,
             GError **error)
{
  HeptadEventHub *hub = data;
  return event_topics_check (hub->topics, plugin_id, topic, value, error);
}

static void
notify (gpointer data, const char *tenant_id, const char *plugin_id)
{
  HeptadEventHub *hub = data;

  /* The logs' own stores have no outbox to relay. */
  if (plugin_id[0] == '_')
    return;
  g_mutex_lock (&hub->mutex);
  g_hash_table_add (hub->dirty, g_strconcat (tenant_id, "/", plugin_id, NULL));
  g_cond_signal (&hub->changed);
  g_mutex_unlock (&hub->mutex);
}

static gboolean
relay_one (HeptadEventHub *hub, const char *key)
{
  g_auto (GStrv) ids = g_strsplit (key, "/", 2);
  g_autoptr (HeptadStore) store = heptad_store_hub_find (hub->stores, ids[0], ids[1]);
  g_autoptr (GError) error = NULL;

  /* A store that was closed meanwhile is relayed when it is next opened. */
  if (store == NULL)
    return TRUE;
  EventLog *log = get_log (hub, ids[0], &error);
  if (log != NULL && event_log_relay (log, ids[1], store, &error))
    return TRUE;
  g_warning ("Events of %s for tenant %s wait: %s", ids[1], ids[0], error->message);
  return FALSE;
}

/* The next outbox to look at; NULL when the hub stops or it is time to trim. */
static char *
wait_for_work (HeptadEventHub *hub, gint64 until_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  GHashTableIter iter;
  gpointer key = NULL;

  while (g_hash_table_size (hub->dirty) == 0 && !hub->is_stopping)
    if (!g_cond_wait_until (&hub->changed, &hub->mutex, until_us))
      return NULL;
  g_hash_table_iter_init (&iter, hub->dirty);
  if (!g_hash_table_iter_next (&iter, &key, NULL))
    return NULL;
  g_hash_table_iter_steal (&iter);
  return key;
}

static gboolean
is_stopping (HeptadEventHub *hub)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hub->mutex);
  return hub->is_stopping;
}

static gpointer
run_relay (gpointer data)
{
  HeptadEventHub *hub = data;
  gint64 trim_us = g_get_monotonic_time () + TRIM_INTERVAL_US;

  /* Stops only when nothing is left, or nothing moves. */
  while (TRUE)
    {
      g_autofree char *key = wait_for_work (hub, trim_us);
      gboolean stops = is_stopping (hub);
      if (key != NULL && !relay_one (hub, key) && !stops)
        {
          g_usleep (G_USEC_PER_SEC / 10);
          g_auto (GStrv) ids = g_strsplit (key, "/", 2);
          notify (hub, ids[0], ids[1]);
        }
      if (key == NULL && stops)
        return NULL;
      if (g_get_monotonic_time () >= trim_us)
        {
          heptad_event_hub_trim (hub);
          trim_us = g_get_monotonic_time () + TRIM_INTERVAL_US;
        }
    }
}

HeptadEventHub *
heptad_event_hub_new (HeptadStoreHub *stores)
{
  HeptadEventHub *hub = g_new0 (HeptadEventHub, 1);

  g_mutex_init (&hub->mutex);
  g_cond_init (&hub->changed);
  hub->stores = stores;
  hub->topics = event_topics_new ();
  hub->wakeups = event_wakeups_new ();
  hub->runner = event_runner_new ();
  hub->logs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) event_log_free);
  hub->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  hub->max_age_us = MAX_AGE_DAYS * G_TIME_SPAN_DAY;
  hub->max_count = MAX_COUNT;
  heptad_store_hub_set_event_hooks (
      stores, (HeptadStoreEventHooks){ .check = check_event, .committed = notify, .data = hub });
  hub->relay = g_thread_new ("event-relay", run_relay, hub);
  return hub;
}

void
heptad_event_hub_free (HeptadEventHub *hub)
{
  g_mutex_lock (&hub->mutex);
  hub->is_stopping = TRUE;
  g_cond_signal (&hub->changed);
  g_mutex_unlock (&hub->mutex);
  g_thread_join (hub->relay);
  heptad_store_hub_set_event_hooks (hub->stores, (HeptadStoreEventHooks){ NULL });
  event_runner_free (hub->runner);
  event_wakeups_close (hub->wakeups);
  g_hash_table_unref (hub->logs);
  g_hash_table_unref (hub->dirty);
  event_wakeups_unref (hub->wakeups);
  event_topics_free (hub->topics);
  g_cond_clear (&hub->changed);
  g_mutex_clear (&hub->mutex);
  g_free (hub);
}

gboolean
heptad_event_hub_declare_topic (HeptadEventHub *hub,
                                const char *plugin_id,
                                const char *topic,
                                EventTopicCheck check,
                                gpointer data,
                                GDestroyNotify destroy,
                                GError **error)
{
  return event_topics_declare (hub->topics, plugin_id, topic, check, data, destroy, error);
}

void
heptad_event_hub_forget_topics (HeptadEventHub *hub, const char *plugin_id)
{
  event_topics_forget (hub->topics, plugin_id);
}

/* -1 on failure */
static gint64
choose_position (EventLog *log, const char *cursor, GError **error)
{
  if (cursor == NULL)
    return event_log_get_tail (log);

  gint64 position = event_cursor_parse (event_log_get_tenant_id (log), cursor, error);
  if (position < 0)
    return -1;
  if (position > event_log_get_tail (log))
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
          "The cursor '%.60s' is ahead of the log; was a backup restored? Subscribe from now",
          cursor);
      return -1;
    }
  g_autoptr (GPtrArray) probe = event_log_read (log, position, NULL, 1, error);
  return probe != NULL ? position : -1;
}

HeptadEventSubscription *
heptad_event_hub_subscribe (HeptadEventHub *hub,
                            const char *tenant_id,
                            const char *const *topics,
                            const char *cursor,
                            GMainContext *context,
                            HeptadEventCallback callback,
                            gpointer data,
                            GDestroyNotify destroy,
                            GError **error)
{
  EventLog *log = get_log (hub, tenant_id, error);
  gint64 position = log != NULL ? choose_position (log, cursor, error) : -1;

  if (position < 0)
    return NULL;
  return event_wakeups_subscribe (hub->wakeups, log, topics, position, context, callback, data,
                                  destroy);
}

char *
heptad_event_hub_get_cursor (HeptadEventHub *hub, const char *tenant_id, GError **error)
{
  EventLog *log = get_log (hub, tenant_id, error);
  return log != NULL ? event_cursor_format (tenant_id, event_log_get_tail (log)) : NULL;
}

gboolean
heptad_event_hub_add_handler (HeptadEventHub *hub,
                              const char *tenant_id,
                              const HeptadEventHandlerSpec *spec,
                              GError **error)
{
  EventLog *log = get_log (hub, tenant_id, error);
  EventConsumer *consumer = log != NULL ? event_consumer_new (log, spec, error) : NULL;

  if (consumer == NULL)
    return FALSE;
  event_runner_add (hub->runner, consumer);
  return TRUE;
}

void
heptad_event_hub_remove_handlers (HeptadEventHub *hub, const char *tenant_id, const char *plugin_id)
{
  event_runner_remove (hub->runner, tenant_id, plugin_id);
}

gboolean
heptad_event_hub_retry_dead_letter (HeptadEventHub *hub,
                                    const char *tenant_id,
                                    const char *plugin_id,
                                    const char *topic,
                                    gint64 number,
                                    GError **error)
{
  return event_runner_retry (hub->runner, tenant_id, plugin_id, topic, number, error);
}

void
heptad_event_hub_set_retention (HeptadEventHub *hub, gint64 max_age_us, gint64 max_count)
{
  g_mutex_lock (&hub->mutex);
  hub->max_age_us = max_age_us;
  hub->max_count = max_count;
  g_mutex_unlock (&hub->mutex);
}

void
heptad_event_hub_trim (HeptadEventHub *hub)
{
  g_autoptr (GPtrArray) logs = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer log = NULL;

  g_mutex_lock (&hub->mutex);
  gint64 before_us = g_get_real_time () - hub->max_age_us;
  gint64 max_count = hub->max_count;
  g_hash_table_iter_init (&iter, hub->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    g_ptr_array_add (logs, log); /* logs live as long as the hub */
  g_mutex_unlock (&hub->mutex);
  for (guint i = 0; i < logs->len; i++)
    {
      g_autoptr (GError) error = NULL;
      EventLog *one = g_ptr_array_index (logs, i);
      if (!event_log_trim (one, max_count, before_us, event_runner_get_position (hub->runner, one),
                           &error))
        g_warning ("Old events of tenant %s were not removed: %s", event_log_get_tenant_id (one),
                   error->message);
    }
}
