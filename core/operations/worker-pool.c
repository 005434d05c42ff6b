/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/worker-pool.h"

struct _HeptadWorkerPool {
  GMutex mutex;
  GCond wake;
  HeptadWork *first;
  HeptadWork *last;
  guint n_queued;
  guint n_idle;
  gboolean waking; /* a thread has been woken and has not taken its work yet */
  guint max_queued;
  gboolean closed;
  guint n_threads;
  GThread **threads;
};

/* One thread is woken at a time, and wakes the next if it finds more than it takes: a burst of
 * short calls is then done by the threads that are awake, without a switch for each call. */
static void
wake_one (HeptadWorkerPool *pool)
{
  if (pool->waking || pool->n_idle == 0)
    return;
  pool->waking = TRUE;
  g_cond_signal (&pool->wake);
}

static void
append (HeptadWorkerPool *pool, HeptadWork *work)
{
  work->next = NULL;
  if (pool->last != NULL)
    pool->last->next = work;
  else
    pool->first = work;
  pool->last = work;
  pool->n_queued++;
  wake_one (pool);
}

static HeptadWork *
take (HeptadWorkerPool *pool)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->mutex);
  HeptadWork *work;

  pool->n_idle++;
  while (pool->first == NULL && !pool->closed)
    {
      g_cond_wait (&pool->wake, &pool->mutex);
      pool->waking = FALSE;
    }
  pool->n_idle--;

  work = pool->first;
  if (work == NULL)
    return NULL;
  pool->first = work->next;
  if (pool->first == NULL)
    pool->last = NULL;
  pool->n_queued--;
  if (pool->first != NULL)
    wake_one (pool);
  return work;
}

static gpointer
run_thread (gpointer data)
{
  HeptadWork *work;

  while ((work = take (data)) != NULL)
    work->run (work);
  return NULL;
}

HeptadWorkerPool *
heptad_worker_pool_new (const char *name, guint n_threads, guint max_queued)
{
  HeptadWorkerPool *pool = g_new0 (HeptadWorkerPool, 1);

  g_mutex_init (&pool->mutex);
  g_cond_init (&pool->wake);
  pool->max_queued = max_queued;
  pool->n_threads = n_threads;
  pool->threads = g_new0 (GThread *, n_threads);
  for (guint i = 0; i < n_threads; i++)
    pool->threads[i] = g_thread_new (name, run_thread, pool);
  return pool;
}

void
heptad_worker_pool_free (HeptadWorkerPool *pool)
{
  if (pool == NULL)
    return;
  g_mutex_lock (&pool->mutex);
  pool->closed = TRUE;
  g_cond_broadcast (&pool->wake);
  g_mutex_unlock (&pool->mutex);
  for (guint i = 0; i < pool->n_threads; i++)
    g_thread_join (pool->threads[i]);
  g_free (pool->threads);
  g_cond_clear (&pool->wake);
  g_mutex_clear (&pool->mutex);
  g_free (pool);
}

gboolean
heptad_worker_pool_push (HeptadWorkerPool *pool, HeptadWork *work)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->mutex);

  if (pool->closed || pool->n_queued >= pool->max_queued)
    return FALSE;
  append (pool, work);
  return TRUE;
}

void
heptad_worker_pool_push_admitted (HeptadWorkerPool *pool, HeptadWork *work)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->mutex);

  append (pool, work);
}

guint
heptad_worker_pool_get_queued (HeptadWorkerPool *pool)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->mutex);

  return pool->n_queued;
}
