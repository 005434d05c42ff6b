/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-store.h"

/* The rows of `_heptad_jobs` in one plugin's store. A run holds its job by the attempt's number:
 * what an older run still tries to write is refused. All block; none on a connection thread but the
 * reads. */

/**
 * JobClaim:
 *
 * A job that is now this host's to run.
 */
typedef struct {
  char *id;
  char *kind;
  HeptadValue *input;
  HeptadValue *checkpoint;
  guint attempt;
  guint max_attempts;
  gint64 created_us;
  gint64 started_us;
} JobClaim;

void job_claim_free (JobClaim *claim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobClaim, job_claim_free)

/* How a run ended. */
typedef struct {
  const char *state;         /* succeeded, failed, cancelled, or queued to be tried again */
  gint64 due_us;             /* when, if queued */
  gboolean is_interrupted;   /* by the host's stop: the attempt does not count */
  const HeptadValue *result; /* (nullable) */
  const GError *error;       /* (nullable) */
} JobOutcome;

/* Puts jobs that a crash left running back into the queue; those at their last attempt fail. */
gboolean job_ledger_recover (HeptadStore *store, GError **error);

typedef void (*JobDueFunc) (const char *id, gint64 due_us, gpointer data);

/* Calls @func for the queued jobs that are due soonest. */
gboolean job_ledger_foreach_due (
    HeptadStore *store, guint limit, JobDueFunc func, gpointer data, GError **error);

/* @claim: (out): NULL when the job is not queued any more. */
gboolean job_ledger_claim (HeptadStore *store, const char *id, JobClaim **claim, GError **error);

/* Ends the claimed run and publishes `host.job.finished` when the job is finished with it. FALSE
 * with %HEPTAD_ERROR_CONFLICT when the job belongs to a newer attempt. */
gboolean job_ledger_finish (HeptadStore *store,
                            const JobClaim *claim,
                            const JobOutcome *outcome,
                            GError **error);

/* Inside a write of the run: its checkpoint; CONFLICT as above. */
gboolean job_ledger_set_checkpoint (HeptadTransaction *transaction,
                                    const JobClaim *claim,
                                    const HeptadValue *checkpoint,
                                    GError **error);

/* Publishes `host.job.progress`. */
gboolean job_ledger_publish_progress (HeptadStore *store,
                                      const JobClaim *claim,
                                      const HeptadValue *progress,
                                      GError **error);

/* @was_queued: (out): whether it was still in the queue and is now cancelled. */
gboolean
job_ledger_cancel_queued (HeptadStore *store, const char *id, gboolean *was_queued, GError **error);

/* Adds one job, or those of @id (nullable) alone, newest first, to an array as objects: id, plugin,
 * kind, state, progress, attempt, createdAt, startedAt, finishedAt, result, error. @get_progress
 * tells of running jobs. */
typedef HeptadValue *(*JobProgressFunc) (const char *id, gpointer data);
gboolean job_ledger_describe (HeptadStore *store,
                              const char *plugin_id,
                              const char *id,
                              guint limit,
                              JobProgressFunc get_progress,
                              gpointer data,
                              HeptadBuilder *list,
                              GError **error);

/* Removes finished jobs that are older. */
gboolean job_ledger_trim (HeptadStore *store, gint64 before_us, GError **error);

/* Schedules. @last_us: (in) (out): when the schedule last fired; written down as given when it is
 * new. */
gboolean
job_ledger_read_schedule (HeptadStore *store, const char *id, gint64 *last_us, GError **error);

/* Enqueues the schedule's job and notes that it fired, if nobody did so since @last_us. */
gboolean job_ledger_fire_schedule (HeptadStore *store,
                                   const char *id,
                                   gint64 last_us,
                                   gint64 now_us,
                                   const char *kind,
                                   const HeptadValue *input,
                                   GError **error);
