/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/jobs/job-ledger.h"
#include "sdk/heptad-plugin.h"

/**
 * HeptadJobSpec:
 * @tenant: (nullable): handed to the jobs
 * @plugin_id: whose jobs
 * @store: the plugin's store for the tenant
 * @entries: (nullable): ends with a %NULL kind; outlives the registration
 * @plugin: handed to the jobs
 */
typedef struct {
  const char *tenant_id;
  HeptadTenant *tenant;
  const char *plugin_id;
  HeptadStore *store;
  const HeptadJobEntry *entries;
  gpointer plugin;
} HeptadJobSpec;

/**
 * JobRun:
 *
 * One attempt at a job, from its claim to its outcome.
 */
typedef struct _JobRun JobRun;

/* (transfer full) @claim; @spec is borrowed for the life of the run. */
JobRun *job_run_new (const HeptadJobSpec *spec, JobClaim *claim);
void job_run_free (JobRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobRun, job_run_free)

const char *job_run_get_id (JobRun *run);

/**
 * job_run_stop:
 * @by_person: whether the job is then cancelled; otherwise it is interrupted by the host and queued
 * again
 *
 * Cancels the run's cancellable. Any thread.
 */
void job_run_stop (JobRun *run, gboolean by_person);

/* (transfer full) (nullable): {done, total, message}. Any thread. */
HeptadValue *job_run_get_progress (JobRun *run);

/**
 * job_run_execute:
 * @retry_us: (out): when the job is to be tried again; 0 when it is finished
 *
 * Calls the plugin's function and commits the outcome. On a job thread.
 */
void job_run_execute (JobRun *run, gint64 *retry_us);
