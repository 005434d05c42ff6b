/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-store.h"
#include "sdk/backend/heptad-deadline.h"

/* A thread that waits for its turn; whoever returns a reader hands it to the first in line. */
typedef struct {
  GMutex *mutex;
  GCond granted;
  SqliteConnection *reader;
  gboolean may_open;
} Waiter;

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Waiter *waiter = data;

  g_mutex_lock (waiter->mutex);
  g_cond_signal (&waiter->granted);
  g_mutex_unlock (waiter->mutex);
}

static void
wait_in_line (SqliteStore *store, Waiter *waiter, GCancellable *cancellable)
{
  gint64 end_us = MIN (heptad_cancellable_get_deadline (cancellable),
                       g_get_monotonic_time () + store->context->config.reader_wait_us);

  g_mutex_lock (&store->mutex);
  while (waiter->reader == NULL && !waiter->may_open && !g_cancellable_is_cancelled (cancellable))
    if (!g_cond_wait_until (&waiter->granted, &store->mutex, end_us))
      break;
  if (waiter->reader == NULL && !waiter->may_open)
    g_queue_remove (&store->waiting_readers, waiter);
  g_mutex_unlock (&store->mutex);
}

static void
set_busy_error (SqliteStore *store, GCancellable *cancellable, GError **error)
{
  if (heptad_cancellable_is_over (cancellable))
    heptad_cancellable_set_error (cancellable, "The wait for a turn to read", error);
  else
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY,
                 "%s: %u reads run at once and none ended in time; are all HeptadRows freed?",
                 store->name, store->context->config.max_readers_per_store);
}

static SqliteConnection *
open_reader (SqliteStore *store, GCancellable *cancellable, GError **error)
{
  SqliteConnection *reader = sqlite_store_open_connection (store, FALSE, cancellable, error);

  if (reader == NULL)
    {
      /* The place in the pool is free again. */
      g_mutex_lock (&store->mutex);
      Waiter *next = g_queue_pop_head (&store->waiting_readers);
      if (next != NULL)
        {
          next->may_open = TRUE;
          g_cond_signal (&next->granted);
        }
      else
        store->n_readers--;
      g_mutex_unlock (&store->mutex);
    }
  return reader;
}

static SqliteConnection *
take_after_waiting (SqliteStore *store, Waiter *waiter, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;

  waiter->mutex = &store->mutex;
  g_cond_init (&waiter->granted);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), waiter, NULL);
  wait_in_line (store, waiter, cancellable);
  g_cancellable_disconnect (cancellable, handler);
  g_cond_clear (&waiter->granted);
  if (waiter->reader != NULL)
    return waiter->reader;
  if (waiter->may_open)
    return open_reader (store, cancellable, error);
  set_busy_error (store, cancellable, error);
  return NULL;
}

SqliteConnection *
sqlite_store_take_reader (SqliteStore *store, GCancellable *cancellable, GError **error)
{
  SqliteConnection *reader = NULL;
  Waiter waiter = { 0 };
  gboolean may_open = FALSE;

  g_mutex_lock (&store->mutex);
  gboolean is_closed = store->is_closed;
  if (!is_closed && g_queue_is_empty (&store->waiting_readers))
    {
      reader = g_queue_pop_head (&store->idle_readers);
      may_open = reader == NULL && store->n_readers < store->context->config.max_readers_per_store;
    }
  if (may_open)
    store->n_readers++;
  else if (!is_closed && reader == NULL)
    g_queue_push_tail (&store->waiting_readers, &waiter);
  g_mutex_unlock (&store->mutex);

  if (reader != NULL)
    return reader;
  if (is_closed)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE, "The %s is closed", store->name);
      return NULL;
    }
  return may_open ? open_reader (store, cancellable, error)
                  : take_after_waiting (store, &waiter, cancellable, error);
}

void
sqlite_store_return_reader (SqliteStore *store, SqliteConnection *reader)
{
  sqlite_connection_set_cancellable (reader, NULL);
  reader->last_used_us = g_get_monotonic_time ();
  g_mutex_lock (&store->mutex);
  Waiter *next = g_queue_pop_head (&store->waiting_readers);
  if (next != NULL)
    {
      next->reader = g_steal_pointer (&reader);
      g_cond_signal (&next->granted);
    }
  else if (!store->is_closed && !sqlite_budget_is_wanted (store->context->budget))
    g_queue_push_head (&store->idle_readers, g_steal_pointer (&reader));
  else
    store->n_readers--;
  g_mutex_unlock (&store->mutex);
  if (reader != NULL)
    sqlite_store_close_connection (store, reader);
}
