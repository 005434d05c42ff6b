/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-framing.h"
#include "core/doors/http/http-server.h"
#include "core/doors/http/http-tls.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _HeptadHttpConnection HeptadHttpConnection;
typedef struct _HeptadHttpWorker HeptadHttpWorker;
typedef struct _HeptadHttpAdmission HeptadHttpAdmission;

#define HEPTAD_HTTP_SCRATCH_BYTES (64 * 1024)

/* What every thread reads and none writes while they run. Reference counted, since an exchange that
 * a handler still holds may outlive the server. */
typedef struct {
  int refs; /* atomic */
  HeptadHttpConfig config;
  HeptadHttpFramingLimits limits;
  HeptadHttpHandler handler;
  gpointer handler_data;
  HeptadHttpAdmission *admission;
  HeptadHttpTls *tls; /* (nullable) */
} HeptadHttpShared;

HeptadHttpShared *heptad_http_shared_ref (HeptadHttpShared *shared);
void heptad_http_shared_unref (HeptadHttpShared *shared);

/* One connection thread. Its fields are its thread's own, unless said. */
struct _HeptadHttpWorker {
  int refs; /* atomic */
  HeptadHttpShared *shared;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *soup;
  GQueue connections; /* of HeptadHttpConnection, by their links */
  GPtrArray *dirty;   /* connections with bytes to flush before the loop sleeps */
  guint8 *scratch;    /* what one read takes; nothing stays in it between reads */
  gboolean draining;
  GSource *flusher;
  GSource *ticker;
  GPtrArray *accepting; /* sources of the listening sockets */

  GMutex lock; /* of the two below */
  GQueue calls;
  gboolean stopped;
  GSource *caller;

  /* Written by the thread alone, read by others: relaxed atomics, on cache lines of their own. */
  _Alignas(64) HeptadHttpStats stats;
  _Alignas(64) char end_of_stats[1];
};

typedef void (*HeptadHttpCall) (HeptadHttpWorker *worker, gpointer target, GBytes *bytes);

HeptadHttpWorker *heptad_http_worker_new (HeptadHttpShared *shared);
HeptadHttpWorker *heptad_http_worker_ref (HeptadHttpWorker *worker);
void heptad_http_worker_unref (HeptadHttpWorker *worker);

/**
 * heptad_http_worker_start:
 * @listeners: (element-type HeptadHttpListener): shared with the other workers
 */
void heptad_http_worker_start (HeptadHttpWorker *worker, GPtrArray *listeners);

/**
 * heptad_http_worker_stop:
 *
 * Cuts its connections, ends the thread and joins it. From another thread.
 */
void heptad_http_worker_stop (HeptadHttpWorker *worker);

/**
 * heptad_http_worker_call:
 * @target: (transfer full): given to @call, and freed with @destroy afterwards
 * @bytes: (transfer full) (nullable)
 *
 * Has @call run on the worker's thread, in the order of calls. Any thread.
 */
void heptad_http_worker_call (HeptadHttpWorker *worker,
                              HeptadHttpCall call,
                              gpointer target,
                              GDestroyNotify destroy,
                              GBytes *bytes);

static inline gboolean
heptad_http_worker_is_current (HeptadHttpWorker *worker)
{
  return worker->thread == g_thread_self ();
}

/* Adds to a counter that only this thread writes. */
static inline void
heptad_http_count (guint64 *counter, guint64 amount)
{
  __atomic_store_n (counter, *counter + amount, __ATOMIC_RELAXED);
}

G_END_DECLS
