/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-run.h"

#include <string.h>

#include "sdk/backend/heptad-job-backend.h"

enum {
  PROGRESS_INTERVAL_US = 500 * 1000,
  FIRST_BACKOFF_US = G_USEC_PER_SEC,
  MAX_DOUBLINGS = 8,
  MAX_FINISH_TRIES = 5,
};

struct _JobRun {
  const HeptadJobSpec *spec;
  JobClaim *claim;
  GCancellable *cancellable;
  GMutex mutex; /* guards all below */
  gboolean is_cancelled_by_person;
  gboolean has_progress;
  gint64 done;
  gint64 total;
  char *message;
  gint64 published_us;
};

JobRun *
job_run_new (const HeptadJobSpec *spec, JobClaim *claim)
{
  JobRun *run = g_new0 (JobRun, 1);

  g_mutex_init (&run->mutex);
  run->spec = spec;
  run->claim = claim;
  run->cancellable = g_cancellable_new ();
  return run;
}

void
job_run_free (JobRun *run)
{
  job_claim_free (run->claim);
  g_object_unref (run->cancellable);
  g_mutex_clear (&run->mutex);
  g_free (run->message);
  g_free (run);
}

const char *
job_run_get_id (JobRun *run)
{
  return run->claim->id;
}

void
job_run_stop (JobRun *run, gboolean by_person)
{
  g_mutex_lock (&run->mutex);
  run->is_cancelled_by_person |= by_person;
  g_mutex_unlock (&run->mutex);
  g_cancellable_cancel (run->cancellable);
}

/* With the mutex held. */
static HeptadValue *
make_progress (const JobRun *run)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_int64 (builder, "done", run->done);
  heptad_builder_set_int64 (builder, "total", run->total);
  heptad_builder_set_string (builder, "message", run->message);
  return heptad_builder_end (builder);
}

HeptadValue *
job_run_get_progress (JobRun *run)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);
  return run->has_progress ? make_progress (run) : NULL;
}

/* Notes the progress; (transfer full) (nullable): what is to be sent on, seldom enough. */
static HeptadValue *
note_progress (JobRun *run, gint64 done, gint64 total, const char *message)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);
  gint64 now_us = g_get_monotonic_time ();

  run->has_progress = TRUE;
  run->done = done;
  run->total = total;
  if (g_strcmp0 (run->message, message) != 0)
    {
      g_free (run->message);
      run->message = message != NULL ? g_utf8_make_valid (message, -1) : NULL;
    }
  if (now_us - run->published_us < PROGRESS_INTERVAL_US)
    return NULL;
  run->published_us = now_us;
  return make_progress (run);
}

static void
set_progress (gpointer data, gint64 done, gint64 total, const char *message)
{
  JobRun *run = data;
  g_autoptr (HeptadValue) progress = note_progress (run, done, total, message);
  g_autoptr (GError) error = NULL;

  if (progress != NULL
      && !job_ledger_publish_progress (run->spec->store, run->claim, progress, &error))
    g_debug ("The progress of job %s was not published: %s", run->claim->id, error->message);
}

static gboolean
set_checkpoint (gpointer data,
                HeptadTransaction *transaction,
                const HeptadValue *checkpoint,
                GError **error)
{
  const JobRun *run = data;
  return job_ledger_set_checkpoint (transaction, run->claim, checkpoint, error);
}

static const HeptadJobBackend backend = {
  .set_progress = set_progress,
  .set_checkpoint = set_checkpoint,
};

static const HeptadJobEntry *
find_entry (const HeptadJobEntry *entries, const char *kind)
{
  for (; entries != NULL && entries->kind != NULL; entries++)
    if (strcmp (entries->kind, kind) == 0)
      return entries;
  return NULL;
}

/* (transfer full) (nullable): the result; NULL with @error set on failure */
static HeptadValue *
call_plugin (JobRun *run, GError **error)
{
  const HeptadJobEntry *entry = find_entry (run->spec->entries, run->claim->kind);
  HeptadJobContext context = {
    .backend = &backend,
    .data = run,
    .id = run->claim->id,
    .kind = run->claim->kind,
    .tenant = run->spec->tenant,
    .store = run->spec->store,
    .input = run->claim->input,
    .checkpoint = run->claim->checkpoint,
    .attempt = run->claim->attempt,
    .cancellable = run->cancellable,
  };

  if (entry == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                   "The plugin %s has no job of kind '%s'", run->spec->plugin_id, run->claim->kind);
      return NULL;
    }
  g_autoptr (HeptadJob) job = heptad_job_new (&context);
  return entry->run (job, run->spec->plugin, error);
}

/* Doubles each time, and spreads by up to a half, so that what failed together does not come
 * together. */
static gint64
choose_retry_time (guint attempt)
{
  gint64 backoff_us = (gint64) FIRST_BACKOFF_US << MIN (attempt - 1, MAX_DOUBLINGS);
  return g_get_real_time () + backoff_us + (gint64) (g_random_double () * (double) backoff_us / 2);
}

static JobOutcome
judge (JobRun *run, const HeptadValue *result, const GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);
  JobOutcome outcome = { .state = "failed", .result = result, .error = error };
  gboolean is_stopped = g_cancellable_is_cancelled (run->cancellable);
  HeptadErrorRetry retry = error != NULL
                               ? heptad_error_get_info (heptad_error_code_of (error))->retry
                               : HEPTAD_ERROR_RETRY_NEVER;

  if (error == NULL)
    outcome.state = "succeeded";
  else if (run->is_cancelled_by_person)
    outcome.state = "cancelled";
  else if (is_stopped)
    {
      outcome.state = "queued";
      outcome.is_interrupted = TRUE;
      outcome.due_us = g_get_real_time ();
    }
  else if (retry != HEPTAD_ERROR_RETRY_NEVER && run->claim->attempt < run->claim->max_attempts)
    {
      outcome.state = "queued";
      outcome.due_us = choose_retry_time (run->claim->attempt);
    }
  return outcome;
}

/* The outcome is worth some patience: without it the work is done again. */
static void
commit (JobRun *run, const JobOutcome *outcome)
{
  for (guint i = 1; i <= MAX_FINISH_TRIES; i++)
    {
      g_autoptr (GError) error = NULL;
      if (job_ledger_finish (run->spec->store, run->claim, outcome, &error))
        return;
      gboolean is_final = i == MAX_FINISH_TRIES
                          || g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT)
                          || g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE);
      if (is_final)
        {
          g_warning ("The outcome of job %s was not kept: %s", run->claim->id, error->message);
          return;
        }
      g_usleep ((gulong) i * 100 * 1000);
    }
}

void
job_run_execute (JobRun *run, gint64 *retry_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) result = call_plugin (run, &error);

  if (result != NULL)
    g_clear_error (&error); /* it answered; what it logged there is its own affair */
  else if (error == NULL)
    result = heptad_value_new_null ();
  JobOutcome outcome = judge (run, result, error);
  commit (run, &outcome);
  *retry_us = strcmp (outcome.state, "queued") == 0 && !outcome.is_interrupted ? outcome.due_us : 0;
}
