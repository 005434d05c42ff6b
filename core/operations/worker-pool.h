/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/**
 * HeptadWorkerPool:
 *
 * A fixed number of threads behind one bounded queue. Work may block.
 */
typedef struct _HeptadWorkerPool HeptadWorkerPool;

/**
 * HeptadWork:
 *
 * One piece of work, embedded in what it works on, so that queueing allocates nothing.
 */
typedef struct _HeptadWork HeptadWork;
struct _HeptadWork {
  HeptadWork *next;
  void (*run) (HeptadWork *work);
};

/**
 * heptad_worker_pool_new:
 * @name: of the threads, at most 15 bytes
 * @n_threads: how many
 * @max_queued: how much work may wait
 */
HeptadWorkerPool *heptad_worker_pool_new (const char *name, guint n_threads, guint max_queued);

/**
 * heptad_worker_pool_free:
 *
 * Runs what is queued, then ends the threads.
 */
void heptad_worker_pool_free (HeptadWorkerPool *pool);

/**
 * heptad_worker_pool_push:
 *
 * Any thread.
 *
 * Returns: %FALSE, at once, when the queue is full
 */
gboolean heptad_worker_pool_push (HeptadWorkerPool *pool, HeptadWork *work);

/**
 * heptad_worker_pool_push_admitted:
 *
 * As heptad_worker_pool_push() for work that was admitted before and only moves on, so that the
 * limit does not apply a second time.
 */
void heptad_worker_pool_push_admitted (HeptadWorkerPool *pool, HeptadWork *work);
guint heptad_worker_pool_get_queued (HeptadWorkerPool *pool);
