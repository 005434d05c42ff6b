/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-connection.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ACCEPTS_A_TURN  16
#define ACCEPT_PAUSE_MS 100

typedef struct {
  HeptadHttpCall call;
  gpointer target;
  GDestroyNotify destroy;
  GBytes *bytes;
} Call;

static void
call_free (Call *call)
{
  if (call->destroy != NULL)
    call->destroy (call->target);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  g_free (call);
}

void
heptad_http_worker_call (HeptadHttpWorker *worker,
                         HeptadHttpCall function,
                         gpointer target,
                         GDestroyNotify destroy,
                         GBytes *bytes)
{
  Call *call = g_new (Call, 1);
  gboolean stopped;

  *call = (Call){ function, target, destroy, bytes };
  g_mutex_lock (&worker->lock);
  stopped = worker->stopped;
  if (!stopped)
    {
      g_queue_push_tail (&worker->calls, call);
      if (worker->calls.length == 1)
        g_source_set_ready_time (worker->caller, 0);
    }
  g_mutex_unlock (&worker->lock);
  if (stopped)
    call_free (call);
}

static gboolean
on_calls (gpointer data)
{
  HeptadHttpWorker *worker = data;
  GQueue calls;
  Call *call;

  g_mutex_lock (&worker->lock);
  calls = worker->calls;
  g_queue_init (&worker->calls);
  g_source_set_ready_time (worker->caller, -1);
  g_mutex_unlock (&worker->lock);

  while ((call = g_queue_pop_head (&calls)) != NULL)
    {
      call->call (worker, call->target, call->bytes);
      call_free (call);
    }
  return G_SOURCE_CONTINUE;
}

/* A source that is called when its ready time comes, and never otherwise. */
static gboolean
dispatch_callback (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs call_source_functions = { NULL, NULL, dispatch_callback, NULL, NULL, NULL };

typedef struct {
  GSource source;
  HeptadHttpWorker *worker;
} FlushSource;

/* Everything the thread wrote in this turn goes out before it sleeps. */
static gboolean
flush_prepare (GSource *source, int *timeout)
{
  GPtrArray *dirty = ((FlushSource *) source)->worker->dirty;

  *timeout = -1;
  for (guint i = 0; i < dirty->len; i++)
    {
      HeptadHttpConnection *connection = g_ptr_array_index (dirty, i);

      connection->is_dirty = FALSE;
      heptad_http_connection_flush (connection);
    }
  g_ptr_array_set_size (dirty, 0);
  return FALSE;
}

static GSourceFuncs flush_source_functions = { flush_prepare, NULL, dispatch_callback,
                                               NULL,          NULL, NULL };

static gboolean
on_tick (gpointer data)
{
  HeptadHttpWorker *worker = data;
  gint64 now_us = g_get_monotonic_time ();
  GList *link = worker->connections.head;

  while (link != NULL)
    {
      g_autoptr (HeptadHttpConnection) connection = heptad_http_connection_ref (link->data);

      /* A tick may close its own connection, and no other. */
      link = link->next;
      heptad_http_connection_tick (connection, now_us);
    }
  return G_SOURCE_CONTINUE;
}

typedef struct {
  HeptadHttpWorker *worker;
  const HeptadHttpListener *listener;
} Accepting;

static void start_accepting (HeptadHttpWorker *worker, const HeptadHttpListener *listener);

static gboolean
on_accept_pause_over (gpointer data)
{
  Accepting *accepting = data;

  if (!accepting->worker->draining)
    start_accepting (accepting->worker, accepting->listener);
  return G_SOURCE_REMOVE;
}

/* Out of descriptors: the socket stays readable, and trying again at once would only spin. */
static void
pause_accepting (HeptadHttpWorker *worker, const HeptadHttpListener *listener)
{
  Accepting *accepting = g_new (Accepting, 1);
  g_autoptr (GSource) source = g_timeout_source_new (ACCEPT_PAUSE_MS);

  *accepting = (Accepting){ worker, listener };
  g_source_set_callback (source, on_accept_pause_over, accepting, g_free);
  g_source_attach (source, worker->context);
}

static gboolean
on_acceptable (int listening_fd, GIOCondition condition, gpointer data)
{
  Accepting *accepting = data;
  HeptadHttpWorker *worker = accepting->worker;

  for (guint i = 0; i < ACCEPTS_A_TURN; i++)
    {
      int fd = heptad_http_listener_accept (accepting->listener);

      if (fd >= 0)
        {
          heptad_http_connection_accept (worker, accepting->listener, fd);
          continue;
        }
      if (errno == EAGAIN)
        return G_SOURCE_CONTINUE;
      g_warning ("Cannot accept on %s: %s", accepting->listener->address, g_strerror (errno));
      pause_accepting (worker, accepting->listener);
      g_ptr_array_remove_fast (worker->accepting, g_main_current_source ());
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
start_accepting (HeptadHttpWorker *worker, const HeptadHttpListener *listener)
{
  Accepting *accepting = g_new (Accepting, 1);
  GSource *source = g_unix_fd_source_new (listener->fd, G_IO_IN);

  *accepting = (Accepting){ worker, listener };
  g_source_set_callback (source, G_SOURCE_FUNC (on_acceptable), accepting, g_free);
  g_source_attach (source, worker->context);
  g_ptr_array_add (worker->accepting, source);
}

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static guint
tick_ms (const HeptadHttpConfig *config)
{
  guint shortest = MIN (MIN (config->head_timeout_ms, config->idle_timeout_ms),
                        MIN (config->body_timeout_ms, config->write_timeout_ms));

  return CLAMP (shortest / 8, 20, 1000);
}

static GSource *
attach (HeptadHttpWorker *worker, GSource *source, GSourceFunc callback)
{
  g_source_set_callback (source, callback, worker, NULL);
  g_source_attach (source, worker->context);
  return source;
}

HeptadHttpShared *
heptad_http_shared_ref (HeptadHttpShared *shared)
{
  g_atomic_int_inc (&shared->refs);
  return shared;
}

void
heptad_http_shared_unref (HeptadHttpShared *shared)
{
  if (!g_atomic_int_dec_and_test (&shared->refs))
    return;
  heptad_http_admission_free (shared->admission);
  g_clear_pointer (&shared->tls, heptad_http_tls_free);
  g_free (shared);
}

HeptadHttpWorker *
heptad_http_worker_new (HeptadHttpShared *shared)
{
  HeptadHttpWorker *worker = aligned_alloc (_Alignof(HeptadHttpWorker), sizeof *worker);

  memset (worker, 0, sizeof *worker);
  worker->refs = 1;
  worker->shared = heptad_http_shared_ref (shared);
  worker->context = g_main_context_new ();
  worker->loop = g_main_loop_new (worker->context, FALSE);
  worker->dirty = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_http_connection_unref);
  worker->accepting = g_ptr_array_new_with_free_func (destroy_source);
  worker->scratch = g_malloc (HEPTAD_HTTP_SCRATCH_BYTES);
  g_mutex_init (&worker->lock);

  worker->caller =
      attach (worker, g_source_new (&call_source_functions, sizeof (GSource)), on_calls);
  worker->flusher = g_source_new (&flush_source_functions, sizeof (FlushSource));
  ((FlushSource *) worker->flusher)->worker = worker;
  g_source_set_priority (worker->flusher, G_PRIORITY_HIGH);
  g_source_attach (worker->flusher, worker->context);
  worker->ticker = attach (worker, g_timeout_source_new (tick_ms (&shared->config)), on_tick);
  return worker;
}

HeptadHttpWorker *
heptad_http_worker_ref (HeptadHttpWorker *worker)
{
  g_atomic_int_inc (&worker->refs);
  return worker;
}

void
heptad_http_worker_unref (HeptadHttpWorker *worker)
{
  if (!g_atomic_int_dec_and_test (&worker->refs))
    return;
  g_main_loop_unref (worker->loop);
  g_main_context_unref (worker->context);
  g_mutex_clear (&worker->lock);
  heptad_http_shared_unref (worker->shared);
  free (worker);
}

static gpointer
worker_thread (gpointer data)
{
  HeptadHttpWorker *worker = data;

  g_main_context_push_thread_default (worker->context);
  g_main_loop_run (worker->loop);
  g_main_context_pop_thread_default (worker->context);
  return NULL;
}

static void
accept_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  GPtrArray *listeners = target;
  g_autoptr (GError) error = NULL;

  worker->soup = heptad_http_soup_engine_new_server (worker, &error);
  if (worker->soup == NULL)
    g_error ("A connection thread cannot start: %s", error->message);
  for (guint i = 0; i < listeners->len; i++)
    start_accepting (worker, g_ptr_array_index (listeners, i));
}

void
heptad_http_worker_start (HeptadHttpWorker *worker, GPtrArray *listeners)
{
  heptad_http_worker_call (worker, accept_call, g_ptr_array_ref (listeners),
                           (GDestroyNotify) g_ptr_array_unref, NULL);
  worker->thread = g_thread_new ("heptad-http", worker_thread, worker);
}

static void
stop_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  GList *link = worker->connections.head;

  worker->draining = TRUE;
  g_ptr_array_set_size (worker->accepting, 0);
  while (link != NULL)
    {
      g_autoptr (HeptadHttpConnection) connection = heptad_http_connection_ref (link->data);

      link = link->next;
      heptad_http_connection_cut (connection);
    }
  g_main_loop_quit (worker->loop);
}

static void
refuse_calls (HeptadHttpWorker *worker)
{
  GQueue calls;

  g_mutex_lock (&worker->lock);
  worker->stopped = TRUE;
  calls = worker->calls;
  g_queue_init (&worker->calls);
  g_mutex_unlock (&worker->lock);
  g_queue_clear_full (&calls, (GDestroyNotify) call_free);
}

void
heptad_http_worker_stop (HeptadHttpWorker *worker)
{
  if (worker->thread != NULL)
    {
      heptad_http_worker_call (worker, stop_call, NULL, NULL, NULL);
      g_thread_join (worker->thread);
    }
  /* The thread is gone: this one may do its work, and lets libsoup see the ends of all streams. */
  worker->thread = g_thread_self ();
  g_main_context_push_thread_default (worker->context);
  while (worker->connections.length > 0)
    g_main_context_iteration (worker->context, TRUE);
  refuse_calls (worker);
  if (worker->soup != NULL)
    soup_server_disconnect (worker->soup);
  g_clear_object (&worker->soup);
  while (g_main_context_iteration (worker->context, FALSE))
    continue;
  g_main_context_pop_thread_default (worker->context);

  g_clear_pointer (&worker->accepting, g_ptr_array_unref);
  g_clear_pointer (&worker->caller, destroy_source);
  g_clear_pointer (&worker->flusher, destroy_source);
  g_clear_pointer (&worker->ticker, destroy_source);
  g_clear_pointer (&worker->dirty, g_ptr_array_unref);
  g_clear_pointer (&worker->scratch, g_free);
}
