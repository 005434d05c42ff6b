/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-runner.h"

enum {
  N_THREADS = 4,
};

typedef struct {
  EventConsumer *consumer;
  gint64 due_us; /* when it is next to run; G_MAXINT64 for not before it is notified */
  gboolean is_running;
  gboolean is_removed;
} Slot;

struct _EventRunner {
  GMutex mutex;
  GCond changed;
  GPtrArray *slots; /* of Slot */
  GThread *threads[N_THREADS];
  gboolean is_stopping;
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  event_consumer_free (slot->consumer);
  g_free (slot);
}

/* With the mutex held: the slot that has waited longest, or when to look again. */
static Slot *
find_due (EventRunner *runner, gint64 *next_us)
{
  Slot *due = NULL;
  gint64 now_us = g_get_monotonic_time ();

  *next_us = G_MAXINT64;
  for (guint i = 0; i < runner->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (runner->slots, i);
      if (slot->is_running || slot->is_removed)
        continue;
      if (slot->due_us <= now_us && (due == NULL || slot->due_us < due->due_us))
        due = slot;
      *next_us = MIN (*next_us, slot->due_us);
    }
  return due;
}

static void
run_slot (EventRunner *runner, Slot *slot)
{
  slot->is_running = TRUE;
  slot->due_us = G_MAXINT64; /* a notification from here on makes it run again */
  g_mutex_unlock (&runner->mutex);
  gint64 wait_us = event_consumer_run (slot->consumer);
  g_mutex_lock (&runner->mutex);
  slot->is_running = FALSE;
  if (wait_us > 0)
    slot->due_us = MIN (slot->due_us, g_get_monotonic_time () + wait_us);
  g_cond_broadcast (&runner->changed);
}

static gpointer
run_thread (gpointer data)
{
  EventRunner *runner = data;
  gint64 next_us = G_MAXINT64;

  g_mutex_lock (&runner->mutex);
  while (!runner->is_stopping)
    {
      Slot *slot = find_due (runner, &next_us);
      if (slot != NULL)
        run_slot (runner, slot);
      else if (next_us == G_MAXINT64)
        g_cond_wait (&runner->changed, &runner->mutex);
      else
        g_cond_wait_until (&runner->changed, &runner->mutex, next_us);
    }
  g_mutex_unlock (&runner->mutex);
  return NULL;
}

EventRunner *
event_runner_new (void)
{
  EventRunner *runner = g_new0 (EventRunner, 1);

  g_mutex_init (&runner->mutex);
  g_cond_init (&runner->changed);
  runner->slots = g_ptr_array_new_with_free_func (slot_free);
  for (guint i = 0; i < N_THREADS; i++)
    runner->threads[i] = g_thread_new ("event-handler", run_thread, runner);
  return runner;
}

void
event_runner_free (EventRunner *runner)
{
  g_mutex_lock (&runner->mutex);
  runner->is_stopping = TRUE;
  g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->mutex);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (runner->threads[i]);
  g_ptr_array_unref (runner->slots);
  g_cond_clear (&runner->changed);
  g_mutex_clear (&runner->mutex);
  g_free (runner);
}

void
event_runner_add (EventRunner *runner, EventConsumer *consumer)
{
  Slot *slot = g_new0 (Slot, 1);

  slot->consumer = consumer;
  g_mutex_lock (&runner->mutex);
  g_ptr_array_add (runner->slots, slot);
  g_cond_signal (&runner->changed);
  g_mutex_unlock (&runner->mutex);
}

static gboolean
is_of (const Slot *slot, const char *tenant_id, const char *plugin_id, const char *topic)
{
  EventLog *log = event_consumer_get_log (slot->consumer);

  return event_consumer_is (slot->consumer, plugin_id, topic)
         && (tenant_id == NULL || g_strcmp0 (event_log_get_tenant_id (log), tenant_id) == 0);
}

/* With the mutex held: FALSE while one of them runs. */
static gboolean
drop_idle (EventRunner *runner, const char *tenant_id, const char *plugin_id)
{
  gboolean is_empty = TRUE;

  for (guint i = runner->slots->len; i-- > 0;)
    {
      Slot *slot = g_ptr_array_index (runner->slots, i);
      if (!is_of (slot, tenant_id, plugin_id, NULL))
        continue;
      slot->is_removed = TRUE;
      if (slot->is_running)
        is_empty = FALSE;
      else
        g_ptr_array_remove_index_fast (runner->slots, i);
    }
  return is_empty;
}

void
event_runner_remove (EventRunner *runner, const char *tenant_id, const char *plugin_id)
{
  g_mutex_lock (&runner->mutex);
  while (!drop_idle (runner, tenant_id, plugin_id))
    g_cond_wait (&runner->changed, &runner->mutex);
  g_mutex_unlock (&runner->mutex);
}

void
event_runner_notify (EventRunner *runner, EventLog *log, GPtrArray *events)
{
  g_mutex_lock (&runner->mutex);
  for (guint i = 0; i < runner->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (runner->slots, i);
      const char *topic = event_consumer_get_topic (slot->consumer);
      if (event_consumer_get_log (slot->consumer) != log)
        continue;
      for (guint j = 0; j < events->len; j++)
        if (g_strcmp0 (heptad_event_get_topic (g_ptr_array_index (events, j)), topic) == 0)
          {
            slot->due_us = MIN (slot->due_us, g_get_monotonic_time ());
            g_cond_signal (&runner->changed);
            break;
          }
    }
  g_mutex_unlock (&runner->mutex);
}

gint64
event_runner_get_position (EventRunner *runner, EventLog *log)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&runner->mutex);
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < runner->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (runner->slots, i);
      if (event_consumer_get_log (slot->consumer) == log)
        least = MIN (least, event_consumer_get_position (slot->consumer));
    }
  return least;
}

/* Takes the consumer for this thread, as a running one. */
static Slot *
take_slot (EventRunner *runner, const char *tenant_id, const char *plugin_id, const char *topic)
{
  for (guint i = 0; i < runner->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (runner->slots, i);
      if (slot->is_removed || !is_of (slot, tenant_id, plugin_id, topic))
        continue;
      while (slot->is_running)
        g_cond_wait (&runner->changed, &runner->mutex);
      slot->is_running = TRUE;
      return slot;
    }
  return NULL;
}

gboolean
event_runner_retry (EventRunner *runner,
                    const char *tenant_id,
                    const char *plugin_id,
                    const char *topic,
                    gint64 number,
                    GError **error)
{
  gboolean is_ok = FALSE;

  g_mutex_lock (&runner->mutex);
  Slot *slot = take_slot (runner, tenant_id, plugin_id, topic);
  g_mutex_unlock (&runner->mutex);
  if (slot == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                   "The plugin %s has no running handler of %s for tenant %s", plugin_id, topic,
                   tenant_id);
      return FALSE;
    }
  is_ok = event_consumer_retry (slot->consumer, number, error);
  g_mutex_lock (&runner->mutex);
  slot->is_running = FALSE;
  g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->mutex);
  return is_ok;
}
