/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/jobs/job-run.h"
#include "core/store/store-hub.h"

/**
 * HeptadJobQueue:
 *
 * Runs the jobs of all plugins and tenants on a few threads. A job is a row in its plugin's store
 * and its id tells which, so that it commits with what enqueued it; the queue here is only what is
 * due next, and is made anew at every start. Any thread.
 */
typedef struct _HeptadJobQueue HeptadJobQueue;

/* @n_threads: 0 for 4. From now on it hears of all that commits in @stores, which outlives it. */
HeptadJobQueue *heptad_job_queue_new (HeptadStoreHub *stores, guint n_threads);

/* Interrupts what runs (it goes on at the next start, from its checkpoint) and waits for it. */
void heptad_job_queue_free (HeptadJobQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadJobQueue, heptad_job_queue_free)

/**
 * heptad_job_queue_register:
 * @spec: copied; its entries and plugin are borrowed
 *
 * Starts to run a plugin's jobs for a tenant; those that a crash interrupted run again.
 */
gboolean
heptad_job_queue_register (HeptadJobQueue *queue, const HeptadJobSpec *spec, GError **error);

/* Ends that: no further job starts, those that run are interrupted and waited for. */
void
heptad_job_queue_unregister (HeptadJobQueue *queue, const char *tenant_id, const char *plugin_id);

/**
 * heptad_job_queue_add_schedule:
 * @id: names the schedule within the plugin, also over restarts
 * @cron: see cron_parse()
 * @zone: an IANA time zone
 * @input: (nullable): of each job
 * @error: %HEPTAD_ERROR_INVALID_INPUT for a wrong @cron or @zone
 *
 * Enqueues a job of @kind at each time of @cron. A time that passed while the host was down is made
 * up for once, however many passed. Ends with the registration.
 */
gboolean heptad_job_queue_add_schedule (HeptadJobQueue *queue,
                                        const char *tenant_id,
                                        const char *plugin_id,
                                        const char *id,
                                        const char *cron,
                                        const char *zone,
                                        const char *kind,
                                        const HeptadValue *input,
                                        GError **error);

/**
 * heptad_job_queue_get:
 * @error: %HEPTAD_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the job: id, plugin, kind, state (queued, running, succeeded, failed,
 *   cancelled), progress {done, total, message}, attempt, createdAt, startedAt, finishedAt, result,
 * error {code, message}
 */
HeptadValue *heptad_job_queue_get (HeptadJobQueue *queue,
                                   const char *tenant_id,
                                   const char *job_id,
                                   GError **error);

/* (transfer full): an array of such; @plugin_id (nullable): of one plugin; newest first within a
 * plugin */
HeptadValue *heptad_job_queue_list (HeptadJobQueue *queue,
                                    const char *tenant_id,
                                    const char *plugin_id,
                                    guint limit,
                                    GError **error);

/**
 * heptad_job_queue_cancel:
 * @error: %HEPTAD_ERROR_NOT_FOUND; %HEPTAD_ERROR_CONFLICT when it is finished
 *
 * Cancels a job: at once when it is queued, by its cancellable when it runs.
 */
gboolean heptad_job_queue_cancel (HeptadJobQueue *queue,
                                  const char *tenant_id,
                                  const char *job_id,
                                  GError **error);

/* Jobs that run now, for metrics. */
guint heptad_job_queue_get_n_running (HeptadJobQueue *queue);
