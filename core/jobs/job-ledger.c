/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-ledger.h"

#include <string.h>

#include "sdk/backend/heptad-store-backend.h"

void
job_claim_free (JobClaim *claim)
{
  g_free (claim->id);
  g_free (claim->kind);
  g_clear_pointer (&claim->input, heptad_value_unref);
  g_clear_pointer (&claim->checkpoint, heptad_value_unref);
  g_free (claim);
}

static gboolean
recover (HeptadTransaction *transaction, gpointer data, GError **error)
{
  gint64 now_us = *(gint64 *) data;

  return heptad_transaction_execute_core (
             transaction,
             "UPDATE _heptad_jobs SET state = 'failed', finished_us = $1, error_code = $2,"
             " error = 'The host ended during each attempt'"
             " WHERE state = 'running' AND attempt >= max_attempts",
             HEPTAD_SQL (heptad_sql_int64 (now_us), heptad_sql_int64 (HEPTAD_ERROR_INTERNAL)), NULL,
             error)
         && heptad_transaction_execute_core (
             transaction,
             "UPDATE _heptad_jobs SET state = 'queued', due_us = $1 WHERE state = 'running'",
             HEPTAD_SQL (heptad_sql_int64 (now_us)), NULL, error);
}

gboolean
job_ledger_recover (HeptadStore *store, GError **error)
{
  gint64 now_us = g_get_real_time ();
  return heptad_store_write (store, recover, &now_us, NULL, error);
}

gboolean
job_ledger_foreach_due (
    HeptadStore *store, guint limit, JobDueFunc func, gpointer data, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      store, "SELECT id, due_us FROM _heptad_jobs WHERE state = 'queued' ORDER BY due_us LIMIT $1",
      HEPTAD_SQL (heptad_sql_int64 (limit)), NULL, error);

  if (rows == NULL)
    return FALSE;
  while (heptad_rows_next (rows, &failure))
    func (heptad_rows_get_text (rows, 0), heptad_rows_get_int64 (rows, 1), data);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

typedef struct {
  const char *id;
  JobClaim *claim;
} ClaimRequest;

static gboolean
claim_job (HeptadTransaction *transaction, gpointer data, GError **error)
{
  ClaimRequest *request = data;
  g_autoptr (GError) failure = NULL;

  g_clear_pointer (&request->claim, job_claim_free);
  g_autoptr (HeptadRows) rows = heptad_transaction_query_core (
      transaction,
      "UPDATE _heptad_jobs SET state = 'running', attempt = attempt + 1, started_us = $2"
      " WHERE id = $1 AND state = 'queued'"
      " RETURNING kind, input, checkpoint, attempt, max_attempts, created_us, started_us",
      HEPTAD_SQL (heptad_sql_text (request->id), heptad_sql_int64 (g_get_real_time ())), error);
  if (rows == NULL)
    return FALSE;
  if (!heptad_rows_next (rows, &failure))
    {
      if (failure != NULL)
        g_propagate_error (error, g_error_copy (failure));
      return failure == NULL;
    }
  request->claim = g_new0 (JobClaim, 1);
  request->claim->id = g_strdup (request->id);
  request->claim->kind = g_strdup (heptad_rows_get_text (rows, 0));
  request->claim->input = heptad_rows_get_json (rows, 1);
  request->claim->checkpoint = heptad_rows_get_json (rows, 2);
  request->claim->attempt = (guint) heptad_rows_get_int64 (rows, 3);
  request->claim->max_attempts = (guint) heptad_rows_get_int64 (rows, 4);
  request->claim->created_us = heptad_rows_get_int64 (rows, 5);
  request->claim->started_us = heptad_rows_get_int64 (rows, 6);
  return TRUE;
}

gboolean
job_ledger_claim (HeptadStore *store, const char *id, JobClaim **claim, GError **error)
{
  ClaimRequest request = { id, NULL };

  if (!heptad_store_write (store, claim_job, &request, NULL, error))
    {
      g_clear_pointer (&request.claim, job_claim_free);
      return FALSE;
    }
  *claim = request.claim;
  return TRUE;
}

static gboolean
check_fence (gint64 n_changed, const JobClaim *claim, GError **error)
{
  if (n_changed == 1)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
               "Attempt %u of job %s is not the current one; what it writes is refused",
               claim->attempt, claim->id);
  return FALSE;
}

typedef struct {
  const JobClaim *claim;
  const JobOutcome *outcome;
} FinishRequest;

static gboolean
publish_finished (HeptadTransaction *transaction,
                  const JobClaim *claim,
                  const JobOutcome *outcome,
                  GError **error)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_string (builder, "id", claim->id);
  heptad_builder_set_string (builder, "kind", claim->kind);
  heptad_builder_set_string (builder, "state", outcome->state);
  heptad_builder_set_int64 (builder, "attempt", claim->attempt);
  heptad_builder_set_value (builder, "result", outcome->result);
  heptad_builder_set_string (builder, "error",
                             outcome->error != NULL ? outcome->error->message : NULL);
  g_autoptr (HeptadValue) data = heptad_builder_end (builder);
  return heptad_transaction_publish_core (transaction, "host.job.finished", claim->id, data, error);
}

static gboolean
finish_job (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const FinishRequest *request = data;
  const JobClaim *claim = request->claim;
  const JobOutcome *outcome = request->outcome;
  gboolean is_final = strcmp (outcome->state, "queued") != 0;
  gint64 n_changed = 0;

  return heptad_transaction_execute_core (
             transaction,
             "UPDATE _heptad_jobs SET state = $3, due_us = $4, result = $5, error_code = $6, error "
             "= $7,"
             " finished_us = $8, attempt = attempt - $9"
             " WHERE id = $1 AND attempt = $2 AND state = 'running'",
             HEPTAD_SQL (heptad_sql_text (claim->id), heptad_sql_int64 (claim->attempt),
                         heptad_sql_text (outcome->state), heptad_sql_int64 (outcome->due_us),
                         heptad_sql_json (outcome->result),
                         outcome->error != NULL
                             ? heptad_sql_int64 (heptad_error_code_of (outcome->error))
                             : heptad_sql_null (),
                         heptad_sql_text (outcome->error != NULL ? outcome->error->message : NULL),
                         is_final ? heptad_sql_int64 (g_get_real_time ()) : heptad_sql_null (),
                         heptad_sql_int64 (outcome->is_interrupted)),
             &n_changed, error)
         && check_fence (n_changed, claim, error)
         && (!is_final || publish_finished (transaction, claim, outcome, error));
}

gboolean
job_ledger_finish (HeptadStore *store,
                   const JobClaim *claim,
                   const JobOutcome *outcome,
                   GError **error)
{
  FinishRequest request = { claim, outcome };
  return heptad_store_write (store, finish_job, &request, NULL, error);
}

gboolean
job_ledger_set_checkpoint (HeptadTransaction *transaction,
                           const JobClaim *claim,
                           const HeptadValue *checkpoint,
                           GError **error)
{
  gint64 n_changed = 0;

  return heptad_transaction_execute_core (transaction,
                                          "UPDATE _heptad_jobs SET checkpoint = $3"
                                          " WHERE id = $1 AND attempt = $2 AND state = 'running'",
                                          HEPTAD_SQL (heptad_sql_text (claim->id),
                                                      heptad_sql_int64 (claim->attempt),
                                                      heptad_sql_json (checkpoint)),
                                          &n_changed, error)
         && check_fence (n_changed, claim, error);
}

typedef struct {
  const JobClaim *claim;
  const HeptadValue *progress;
} ProgressRequest;

static gboolean
publish_progress (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const ProgressRequest *request = data;
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_string (builder, "id", request->claim->id);
  heptad_builder_set_string (builder, "kind", request->claim->kind);
  heptad_builder_set_value (builder, "progress", request->progress);
  g_autoptr (HeptadValue) value = heptad_builder_end (builder);
  return heptad_transaction_publish_core (transaction, "host.job.progress", request->claim->id,
                                          value, error);
}

gboolean
job_ledger_publish_progress (HeptadStore *store,
                             const JobClaim *claim,
                             const HeptadValue *progress,
                             GError **error)
{
  ProgressRequest request = { claim, progress };
  return heptad_store_write (store, publish_progress, &request, NULL, error);
}

typedef struct {
  const char *id;
  gint64 n_changed;
} CancelRequest;

static gboolean
cancel_queued (HeptadTransaction *transaction, gpointer data, GError **error)
{
  CancelRequest *request = data;

  return heptad_transaction_execute_core (
      transaction,
      "UPDATE _heptad_jobs SET state = 'cancelled', finished_us = $2 WHERE id = $1 AND state = "
      "'queued'",
      HEPTAD_SQL (heptad_sql_text (request->id), heptad_sql_int64 (g_get_real_time ())),
      &request->n_changed, error);
}

gboolean
job_ledger_cancel_queued (HeptadStore *store, const char *id, gboolean *was_queued, GError **error)
{
  CancelRequest request = { id, 0 };

  if (!heptad_store_write (store, cancel_queued, &request, NULL, error))
    return FALSE;
  *was_queued = request.n_changed == 1;
  return TRUE;
}

static gboolean
trim (HeptadTransaction *transaction, gpointer data, GError **error)
{
  return heptad_transaction_execute_core (
      transaction, "DELETE FROM _heptad_jobs WHERE finished_us < $1",
      HEPTAD_SQL (heptad_sql_int64 (*(gint64 *) data)), NULL, error);
}

gboolean
job_ledger_trim (HeptadStore *store, gint64 before_us, GError **error)
{
  return heptad_store_write (store, trim, &before_us, NULL, error);
}
