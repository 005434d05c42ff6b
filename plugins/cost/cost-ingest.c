/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-ingest.h"

#include "cost-bill.h"
#include "cost-block.h"
#include "cost-format.h"
#include "cost-rollup.h"

#include <draft/heptad-blobs.h>

/* One run of the job. */
typedef struct {
  HeptadJob *job;
  HeptadStore *store;
  GCancellable *cancellable;
  gint64 bill_id;
  const char *job_id;
  const char *digest;
  CostCsv *csv;
  CostFormat *format;
  CostTexts *texts;
  CostTags *tags;
  CostRollup *rollup;
  CostBlock *block;
  gint64 n_rows;
  gint64 n_rejected;
  gint64 n_rejected_kept;
  const char *failure; /* why the bill is marked as failed */
  HeptadValue *summary;
} Ingest;

static gboolean
forget_lines (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Ingest *ingest = data;

  return cost_bill_check_job (transaction, ingest->bill_id, ingest->job_id, error)
         && cost_bill_forget_lines (transaction, ingest->bill_id, error)
         && heptad_transaction_execute (transaction, "DELETE FROM rejected_line WHERE bill_id = $1",
                                        HEPTAD_SQL (heptad_sql_int64 (ingest->bill_id)), NULL,
                                        error);
}

static gboolean
store_block (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Ingest *ingest = data;

  return cost_bill_check_job (transaction, ingest->bill_id, ingest->job_id, error)
         && cost_block_store (ingest->block, transaction, ingest->bill_id, error)
         && (!cost_rollup_is_full (ingest->rollup)
             || cost_rollup_store (ingest->rollup, transaction, ingest->bill_id, error));
}

/* Nothing points to the texts any more once the block is stored. */
static void
make_room (Ingest *ingest)
{
  if (!cost_rollup_is_full (ingest->rollup))
    return;
  cost_rollup_clear (ingest->rollup);
  cost_tags_clear (ingest->tags);
  cost_texts_clear (ingest->texts);
}

static HeptadValue *
summarize (
    gint64 bill_id, const char *format, gint64 n_rows, gint64 n_rejected, const HeptadValue *totals)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, bill_id);

  heptad_builder_set_string (builder, "billId", id);
  heptad_builder_set_string (builder, "format", format);
  heptad_builder_set_int64 (builder, "rows", n_rows);
  heptad_builder_set_int64 (builder, "rejected", n_rejected);
  heptad_builder_set_value (builder, "totals", totals);
  return heptad_builder_end (builder);
}

/* A crash may fall between the bill's last write and the word that its job is done. */
static gboolean
find_finished (Ingest *ingest, GError **error)
{
  GError *failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (
      ingest->store,
      "SELECT format, row_count, rejected_count, totals FROM bill "
      "WHERE id = $1 AND job_id = $2 AND state = 'ingested'",
      HEPTAD_SQL (heptad_sql_int64 (ingest->bill_id), heptad_sql_text (ingest->job_id)),
      ingest->cancellable, error);

  if (rows == NULL)
    return FALSE;
  if (heptad_rows_next (rows, &failure))
    {
      g_autoptr (HeptadValue) totals = heptad_rows_get_json (rows, 3);

      ingest->summary =
          summarize (ingest->bill_id, heptad_rows_get_text (rows, 0),
                     heptad_rows_get_int64 (rows, 1), heptad_rows_get_int64 (rows, 2), totals);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
finish_bill (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Ingest *ingest = data;

  return cost_bill_check_job (transaction, ingest->bill_id, ingest->job_id, error)
         && cost_rollup_store (ingest->rollup, transaction, ingest->bill_id, error)
         && heptad_transaction_execute (
             transaction,
             "UPDATE bill SET state = 'ingested', format = $2, row_count = $3, rejected_count = "
             "$4, "
             "totals = $5, ingested_at = $6 WHERE id = $1",
             HEPTAD_SQL (heptad_sql_int64 (ingest->bill_id),
                         heptad_sql_text (cost_format_get_name (ingest->format)),
                         heptad_sql_int64 (ingest->n_rows), heptad_sql_int64 (ingest->n_rejected),
                         heptad_sql_json (heptad_value_get_member (ingest->summary, "totals")),
                         heptad_sql_time (g_get_real_time ())),
             NULL, error)
         && heptad_transaction_publish (transaction, "cost.bill.ingested", ingest->digest,
                                        ingest->summary, error);
}

static gboolean
mark_failed (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Ingest *ingest = data;

  return cost_bill_check_job (transaction, ingest->bill_id, ingest->job_id, error)
         && cost_bill_forget_lines (transaction, ingest->bill_id, error)
         && heptad_transaction_execute (
             transaction, "UPDATE bill SET state = 'failed', reason = $2 WHERE id = $1",
             HEPTAD_SQL (heptad_sql_int64 (ingest->bill_id), heptad_sql_text (ingest->failure)),
             NULL, error);
}

static void
reject (Ingest *ingest, guint64 line, const char *column, const char *reason)
{
  HeptadSettings *settings = heptad_tenant_get_settings (heptad_job_get_tenant (ingest->job));

  ingest->n_rejected++;
  if (ingest->n_rejected_kept >= heptad_settings_get_int64 (settings, "maxRejectedLines"))
    return;
  ingest->n_rejected_kept++;
  cost_block_add_rejected (ingest->block, line, column, reason);
}

static gboolean
take_record (Ingest *ingest, CostCsvRecord *record, GError **error)
{
  CostRejection rejection;
  CostLineItem *item;

  if (ingest->format == NULL)
    {
      ingest->format = cost_format_bind (
          heptad_value_get_member_string (heptad_job_get_input (ingest->job), "format"), record,
          ingest->tags, error);
      return ingest->format != NULL;
    }
  item = cost_block_begin_item (ingest->block);
  if (!cost_format_read (ingest->format, record, item, &rejection))
    {
      reject (ingest, record->line, rejection.column, rejection.reason);
      return TRUE;
    }
  cost_block_keep_item (ingest->block);
  ingest->n_rows++;
  return cost_rollup_add (ingest->rollup, item, error);
}

static gboolean
read_block (Ingest *ingest, CostCsvRecord *record, GError **error)
{
  CostCsvResult result;

  while ((result = cost_csv_next (ingest->csv, record)) != COST_CSV_END_OF_BLOCK)
    {
      if (result == COST_CSV_RECORD)
        {
          if (!take_record (ingest, record, error))
            return FALSE;
          continue;
        }
      if (ingest->format == NULL)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                       "line %" G_GUINT64_FORMAT ": the header cannot be read: %s", record->line,
                       record->reason);
          return FALSE;
        }
      reject (ingest, record->line, NULL, record->reason);
    }
  return TRUE;
}

static gboolean
read_bill (Ingest *ingest, GInputStream *file, GError **error)
{
  gint64 size = heptad_value_get_member_int64 (heptad_job_get_input (ingest->job), "size");
  g_autofree CostCsvRecord *record = g_new (CostCsvRecord, 1);
  GError *failure = NULL;

  while (cost_csv_read_block (ingest->csv, file, ingest->cancellable, &failure))
    {
      cost_block_clear (ingest->block);
      if (!read_block (ingest, record, error)
          || !heptad_store_write (ingest->store, store_block, ingest, ingest->cancellable, error))
        return FALSE;
      make_room (ingest);
      heptad_job_set_progress (ingest->job, cost_csv_get_offset (ingest->csv), size,
                               "Loading line items");
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (ingest->format == NULL)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                         "the file is empty: expected a header line");
  return ingest->format != NULL;
}

static gboolean
load_bill (Ingest *ingest, GError **error)
{
  GObject *blobs = heptad_tenant_get_service (heptad_job_get_tenant (ingest->job),
                                              HEPTAD_BLOBS_INTERFACE, 0, error);
  g_autoptr (GInputStream) file =
      blobs != NULL ? heptad_blobs_open (HEPTAD_BLOBS (blobs), ingest->digest, error) : NULL;
  g_autoptr (HeptadValue) totals = NULL;

  if (file == NULL || !find_finished (ingest, error))
    return FALSE;
  if (ingest->summary != NULL)
    return TRUE;
  if (!heptad_store_write (ingest->store, forget_lines, ingest, ingest->cancellable, error)
      || !read_bill (ingest, file, error))
    return FALSE;
  totals = cost_rollup_get_totals (ingest->rollup);
  ingest->summary = summarize (ingest->bill_id, cost_format_get_name (ingest->format),
                               ingest->n_rows, ingest->n_rejected, totals);
  return heptad_store_write (ingest->store, finish_bill, ingest, ingest->cancellable, error);
}

/* The bill fails when its job has failed for good: when trying again cannot help. */
static void
note_failure (Ingest *ingest, const GError *error)
{
  g_autoptr (GError) also = NULL;

  if (g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT)
      || heptad_error_get_info (heptad_error_code_of (error))->retry != HEPTAD_ERROR_RETRY_NEVER)
    return;
  ingest->failure = error->message;
  if (!heptad_store_write (ingest->store, mark_failed, ingest, NULL, &also))
    heptad_log_warning ("Bill %" G_GINT64_FORMAT " failed, which could not be noted: %s",
                        ingest->bill_id, also->message);
}

HeptadValue *
cost_run_ingest (HeptadJob *job, gpointer plugin, GError **error)
{
  const HeptadValue *input = heptad_job_get_input (job);
  g_autoptr (CostCsv) csv = cost_csv_new (COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostTags) tags = cost_tags_new (texts);
  g_autoptr (CostRollup) rollup = cost_rollup_new (texts);
  g_autoptr (CostBlock) block = cost_block_new ();
  GError *failure = NULL;
  Ingest ingest = { .job = job,
                    .store = heptad_job_get_store (job),
                    .cancellable = heptad_job_get_cancellable (job),
                    .bill_id = heptad_value_get_member_int64 (input, "billId"),
                    .digest = heptad_value_get_member_string (input, "digest"),
                    .job_id = heptad_job_get_id (job),
                    .csv = csv,
                    .texts = texts,
                    .tags = tags,
                    .rollup = rollup,
                    .block = block };

  if (!load_bill (&ingest, &failure))
    {
      note_failure (&ingest, failure);
      g_propagate_error (error, failure);
    }
  g_clear_pointer (&ingest.format, cost_format_free);
  if (failure != NULL)
    g_clear_pointer (&ingest.summary, heptad_value_unref);
  return ingest.summary;
}
