/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-subscription.h"

#include "core/events/event-topics.h"
#include "sdk/backend/heptad-events-backend.h"

enum {
  BATCH = 64, /* events a reader gets before the next has its turn */
  MAX_LAG =
      512, /* a reader is also woken for what it does not want, so that its place never expires */
};

/* One for each main context. */
typedef struct {
  gatomicrefcount references;
  GMainContext *context;
  GMutex mutex;
  GQueue ready; /* of HeptadEventSubscription, each with a reference */
  gboolean is_scheduled;
} Lane;

struct _HeptadEventSubscription {
  gatomicrefcount references;
  EventWakeups *wakeups;
  EventLog *log; /* (unowned) */
  Lane *lane;
  char **topics;
  HeptadEventCallback callback;
  gpointer data;
  GDestroyNotify destroy;
  gboolean is_ready;     /* guarded by the lane */
  gint64 woken_position; /* guarded by the wakeups */
  /* Of the context's thread alone: */
  gint64 position;
  gboolean is_paused;
  gboolean is_cancelled;
};

struct _EventWakeups {
  gatomicrefcount references;
  GMutex mutex;
  GHashTable *lanes; /* GMainContext → Lane */
  GHashTable *subscriptions;
};

static void
lane_unref (gpointer data)
{
  Lane *lane = data;

  if (!g_atomic_ref_count_dec (&lane->references))
    return;
  g_main_context_unref (lane->context);
  g_mutex_clear (&lane->mutex);
  g_free (lane);
}

EventWakeups *
event_wakeups_new (void)
{
  EventWakeups *wakeups = g_new0 (EventWakeups, 1);

  g_atomic_ref_count_init (&wakeups->references);
  g_mutex_init (&wakeups->mutex);
  wakeups->lanes = g_hash_table_new_full (NULL, NULL, NULL, lane_unref);
  wakeups->subscriptions = g_hash_table_new (NULL, NULL);
  return wakeups;
}

void
event_wakeups_unref (EventWakeups *wakeups)
{
  if (!g_atomic_ref_count_dec (&wakeups->references))
    return;
  g_hash_table_unref (wakeups->lanes);
  g_hash_table_unref (wakeups->subscriptions);
  g_mutex_clear (&wakeups->mutex);
  g_free (wakeups);
}

static void
subscription_unref (HeptadEventSubscription *subscription)
{
  if (!g_atomic_ref_count_dec (&subscription->references))
    return;
  if (subscription->destroy != NULL)
    subscription->destroy (subscription->data);
  g_strfreev (subscription->topics);
  lane_unref (subscription->lane);
  event_wakeups_unref (subscription->wakeups);
  g_free (subscription);
}

/* Whether it wants more, and there may be more. */
static gboolean
deliver (HeptadEventSubscription *subscription, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      HeptadEvent *event = g_ptr_array_index (events, i);
      subscription->position = heptad_event_get_position (event);
      if (!event_topics_match ((const char *const *) subscription->topics,
                               heptad_event_get_topic (event)))
        continue;
      subscription->is_paused = !subscription->callback (event, subscription->data);
      if (subscription->is_paused || subscription->is_cancelled)
        return FALSE;
    }
  return events->len == BATCH;
}

static gboolean
pump (HeptadEventSubscription *subscription)
{
  g_autoptr (GError) error = NULL;

  if (subscription->is_cancelled || subscription->is_paused)
    return FALSE;
  g_autoptr (GPtrArray) events =
      event_log_read (subscription->log, subscription->position, NULL, BATCH, &error);
  if (events != NULL)
    return deliver (subscription, events);
  if (g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_EXPIRED))
    {
      subscription->is_paused = TRUE;
      subscription->callback (NULL, subscription->data);
      return FALSE;
    }
  g_warning ("The event log of tenant %s could not be read: %s",
             event_log_get_tenant_id (subscription->log), error->message);
  return FALSE;
}

static gboolean run_lane (gpointer data);

/* With the lane's mutex held. */
static void
schedule (Lane *lane)
{
  if (lane->is_scheduled)
    return;
  lane->is_scheduled = TRUE;
  g_atomic_ref_count_inc (&lane->references);
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, run_lane, lane, lane_unref);
  g_source_attach (source, lane->context);
  g_source_unref (source);
}

static void
make_ready (HeptadEventSubscription *subscription)
{
  Lane *lane = subscription->lane;

  g_mutex_lock (&lane->mutex);
  if (!subscription->is_ready)
    {
      subscription->is_ready = TRUE;
      g_atomic_ref_count_inc (&subscription->references);
      g_queue_push_tail (&lane->ready, subscription);
      schedule (lane);
    }
  g_mutex_unlock (&lane->mutex);
}

static HeptadEventSubscription *
pop_ready (Lane *lane)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lane->mutex);
  HeptadEventSubscription *subscription = g_queue_pop_head (&lane->ready);

  if (subscription != NULL)
    subscription->is_ready = FALSE; /* what comes from here on wakes it again */
  return subscription;
}

static gboolean
run_lane (gpointer data)
{
  Lane *lane = data;

  g_mutex_lock (&lane->mutex);
  guint n_turns = lane->ready.length;
  lane->is_scheduled = FALSE;
  g_mutex_unlock (&lane->mutex);

  /* Those that want more come again in the next round, so that the context's other work has its
   * turn. */
  for (guint i = 0; i < n_turns; i++)
    {
      HeptadEventSubscription *subscription = pop_ready (lane);
      if (subscription == NULL)
        break;
      if (pump (subscription))
        make_ready (subscription);
      subscription_unref (subscription);
    }
  return G_SOURCE_REMOVE;
}

/* With the wakeups' mutex held. */
static Lane *
get_lane (EventWakeups *wakeups, GMainContext *context)
{
  Lane *lane = g_hash_table_lookup (wakeups->lanes, context);

  if (lane == NULL)
    {
      lane = g_new0 (Lane, 1);
      g_atomic_ref_count_init (&lane->references);
      g_mutex_init (&lane->mutex);
      lane->context = g_main_context_ref (context);
      g_hash_table_insert (wakeups->lanes, context, lane);
    }
  g_atomic_ref_count_inc (&lane->references);
  return lane;
}

HeptadEventSubscription *
event_wakeups_subscribe (EventWakeups *wakeups,
                         EventLog *log,
                         const char *const *topics,
                         gint64 position,
                         GMainContext *context,
                         HeptadEventCallback callback,
                         gpointer data,
                         GDestroyNotify destroy)
{
  HeptadEventSubscription *subscription = g_new0 (HeptadEventSubscription, 1);

  g_atomic_ref_count_init (&subscription->references);
  g_atomic_ref_count_inc (&wakeups->references);
  subscription->wakeups = wakeups;
  subscription->log = log;
  subscription->topics = g_strdupv ((char **) topics);
  subscription->position = subscription->woken_position = position;
  subscription->callback = callback;
  subscription->data = data;
  subscription->destroy = destroy;
  g_mutex_lock (&wakeups->mutex);
  subscription->lane = get_lane (wakeups, context != NULL ? context : g_main_context_default ());
  g_hash_table_add (wakeups->subscriptions, subscription);
  g_mutex_unlock (&wakeups->mutex);
  /* What was published between the choice of the position and now. */
  make_ready (subscription);
  return subscription;
}

void
heptad_event_subscription_resume (HeptadEventSubscription *subscription)
{
  subscription->is_paused = FALSE;
  make_ready (subscription);
}

void
heptad_event_subscription_cancel (HeptadEventSubscription *subscription)
{
  EventWakeups *wakeups = subscription->wakeups;

  subscription->is_cancelled = TRUE;
  g_mutex_lock (&wakeups->mutex);
  g_hash_table_remove (wakeups->subscriptions, subscription);
  g_mutex_unlock (&wakeups->mutex);
  subscription_unref (subscription);
}

static gboolean
wants_any (const HeptadEventSubscription *subscription, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    if (event_topics_match ((const char *const *) subscription->topics,
                            heptad_event_get_topic (g_ptr_array_index (events, i))))
      return TRUE;
  return FALSE;
}

void
event_wakeups_notify (EventWakeups *wakeups, EventLog *log, GPtrArray *events)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&wakeups->mutex);
  gint64 newest = heptad_event_get_position (g_ptr_array_index (events, events->len - 1));
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init (&iter, wakeups->subscriptions);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      HeptadEventSubscription *subscription = key;
      if (subscription->log != log
          || (!wants_any (subscription, events) && newest - subscription->woken_position < MAX_LAG))
        continue;
      subscription->woken_position = newest;
      make_ready (subscription);
    }
}

void
event_wakeups_close (EventWakeups *wakeups)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&wakeups->mutex);
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init (&iter, wakeups->subscriptions);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    ((HeptadEventSubscription *) key)->is_cancelled = TRUE;
}

guint
event_wakeups_count (EventWakeups *wakeups)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&wakeups->mutex);
  return g_hash_table_size (wakeups->subscriptions);
}
