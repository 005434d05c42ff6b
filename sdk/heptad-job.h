/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-tenant.h"
#include "heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadJob:
 *
 * One run of a durable job. Given to a #HeptadJobFunc on a job thread, where it may block.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_JOB (heptad_job_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadJob, heptad_job, HEPTAD, JOB, GObject)

HEPTAD_AVAILABLE_IN_1_0
const char *heptad_job_get_id (HeptadJob *job);
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_job_get_kind (HeptadJob *job);
HEPTAD_AVAILABLE_IN_1_0
HeptadTenant *heptad_job_get_tenant (HeptadJob *job);

/**
 * heptad_job_get_store:
 *
 * Returns: (transfer none): the tenant's store, as heptad_tenant_get_store()
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadStore *heptad_job_get_store (HeptadJob *job);

/**
 * heptad_job_get_input:
 *
 * Returns: (transfer none) (nullable): what the job was enqueued with
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_job_get_input (HeptadJob *job);

/**
 * heptad_job_get_attempt:
 *
 * Returns: 1 for the first run, more after a retry or a crash
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
guint heptad_job_get_attempt (HeptadJob *job);

/**
 * heptad_job_get_cancellable:
 *
 * Returns: (transfer none): cancelled when a person cancels the job, its time is up, or the host
 * stops
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GCancellable *heptad_job_get_cancellable (HeptadJob *job);

/**
 * heptad_job_set_progress:
 * @done: units done
 * @total: units in all; 0 when not known
 * @message: (nullable): what is being done, for people
 *
 * Reports progress. Cheap: at most a few reports a second are kept and sent on.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_job_set_progress (HeptadJob *job, gint64 done, gint64 total, const char *message);

/**
 * heptad_job_set_checkpoint:
 * @transaction: the write that did the work up to here
 * @checkpoint: where to go on
 *
 * Remembers, atomically with the work itself, where the next attempt should go on after a crash.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_job_set_checkpoint (HeptadJob *job,
                                    HeptadTransaction *transaction,
                                    const HeptadValue *checkpoint,
                                    GError **error);

/**
 * heptad_job_get_checkpoint:
 *
 * Returns: (transfer none) (nullable): the last committed one; %NULL on a fresh start
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_job_get_checkpoint (HeptadJob *job);

G_END_DECLS
