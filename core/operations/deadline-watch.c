/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/deadline-watch.h"

#include "sdk/backend/heptad-call-backend.h"

#define LOOK_EVERY_US    (50 * G_TIME_SPAN_MILLISECOND)
#define LOOKS_UNTIL_IDLE 40

struct _HeptadDeadlineWatch {
  GMutex mutex;
  GCond wake;
  GQueue requests; /* of HeptadRequest.watch */
  gboolean idle;   /* the thread waits to be woken */
  gboolean closed;
  void (*passed) (HeptadRequest *request);
  GThread *thread;
};

static void
unlink_request (HeptadDeadlineWatch *watch, HeptadRequest *request)
{
  g_queue_unlink (&watch->requests, &request->watch);
  request->watched = FALSE;
}

/* Takes the calls whose time is up, each with a reference; a call that is ending has none to give.
 */
static GPtrArray *
take_passed (HeptadDeadlineWatch *watch)
{
  GPtrArray *passed = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now_us = g_get_monotonic_time ();
  GList *next;

  for (GList *link = watch->requests.head; link != NULL; link = next)
    {
      HeptadRequest *request = link->data;

      next = link->next;
      if (request->deadline_us > now_us)
        continue;
      unlink_request (watch, request);
      g_ptr_array_add (passed, g_object_ref (request->call));
    }
  return passed;
}

static void
tell_passed (HeptadDeadlineWatch *watch)
{
  g_autoptr (GPtrArray) passed = take_passed (watch);

  g_mutex_unlock (&watch->mutex);
  for (guint i = 0; i < passed->len; i++)
    watch->passed (heptad_call_get_backend_data (passed->pdata[i]));
  g_clear_pointer (&passed, g_ptr_array_unref);
  g_mutex_lock (&watch->mutex);
}

static gpointer
run_watch (gpointer data)
{
  HeptadDeadlineWatch *watch = data;

  guint n_empty = 0;

  g_mutex_lock (&watch->mutex);
  while (!watch->closed)
    {
      /* Waking a thread for each call would cost more than the call: it goes on looking for a
       * while. */
      watch->idle = n_empty > LOOKS_UNTIL_IDLE;
      if (watch->idle)
        {
          g_cond_wait (&watch->wake, &watch->mutex);
          watch->idle = FALSE;
          n_empty = 0;
          continue;
        }
      g_cond_wait_until (&watch->wake, &watch->mutex, g_get_monotonic_time () + LOOK_EVERY_US);
      n_empty = watch->requests.length == 0 ? n_empty + 1 : 0;
      if (n_empty == 0)
        tell_passed (watch);
    }
  g_mutex_unlock (&watch->mutex);
  return NULL;
}

HeptadDeadlineWatch *
heptad_deadline_watch_new (void (*passed) (HeptadRequest *request))
{
  HeptadDeadlineWatch *watch = g_new0 (HeptadDeadlineWatch, 1);

  g_mutex_init (&watch->mutex);
  g_cond_init (&watch->wake);
  g_queue_init (&watch->requests);
  watch->passed = passed;
  watch->thread = g_thread_new ("heptad-deadline", run_watch, watch);
  return watch;
}

void
heptad_deadline_watch_free (HeptadDeadlineWatch *watch)
{
  g_mutex_lock (&watch->mutex);
  watch->closed = TRUE;
  g_cond_signal (&watch->wake);
  g_mutex_unlock (&watch->mutex);
  g_thread_join (watch->thread);
  g_cond_clear (&watch->wake);
  g_mutex_clear (&watch->mutex);
  g_free (watch);
}

void
heptad_deadline_watch_add (HeptadDeadlineWatch *watch, HeptadRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&watch->mutex);

  if (request->watched)
    return;
  request->watched = TRUE;
  request->watch.data = request;
  g_queue_push_tail_link (&watch->requests, &request->watch);
  if (watch->idle)
    g_cond_signal (&watch->wake);
}

void
heptad_deadline_watch_remove (HeptadDeadlineWatch *watch, HeptadRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&watch->mutex);

  if (request->watched)
    unlink_request (watch, request);
}
