/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-bill.h"

#include <string.h>

void
cost_bill_clear (CostBill *bill)
{
  g_clear_pointer (&bill->digest, g_free);
  g_clear_pointer (&bill->format, g_free);
  g_clear_pointer (&bill->state, g_free);
  g_clear_pointer (&bill->job_id, g_free);
}

typedef struct {
  const char *digest;
  gint64 size;
  const char *format;
  CostBill *bill;
} Registration;

static gboolean
find_by_digest (HeptadTransaction *transaction, Registration *registration, GError **error)
{
  CostBill *bill = registration->bill;
  GError *failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_transaction_query (
      transaction, "SELECT id, state, job_id, format FROM bill WHERE digest = $1",
      HEPTAD_SQL (heptad_sql_text (registration->digest)), error);

  cost_bill_clear (bill);
  bill->id = 0;
  if (rows == NULL)
    return FALSE;
  if (heptad_rows_next (rows, &failure))
    {
      bill->id = heptad_rows_get_int64 (rows, 0);
      bill->state = g_strdup (heptad_rows_get_text (rows, 1));
      bill->job_id = g_strdup (heptad_rows_get_text (rows, 2));
      bill->format = g_strdup (heptad_rows_get_text (rows, 3));
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  bill->digest = g_strdup (registration->digest);
  return TRUE;
}

static gboolean
take_new_id (HeptadTransaction *transaction, gint64 *id, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_transaction_query (
      transaction, "SELECT coalesce(max(id), 0) + 1 FROM bill", NULL, error);

  if (rows == NULL || !heptad_rows_next (rows, error))
    return FALSE;
  *id = heptad_rows_get_int64 (rows, 0);
  return TRUE;
}

static gboolean
enqueue_ingest (HeptadTransaction *transaction, Registration *registration, GError **error)
{
  CostBill *bill = registration->bill;
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) input = NULL;

  heptad_builder_set_int64 (builder, "billId", bill->id);
  heptad_builder_set_string (builder, "digest", registration->digest);
  heptad_builder_set_int64 (builder, "size", registration->size);
  heptad_builder_set_string (builder, "format", registration->format);
  input = heptad_builder_end (builder);
  g_free (bill->job_id);
  bill->job_id = heptad_transaction_enqueue (transaction, "ingest", input, error);
  return bill->job_id != NULL;
}

static gboolean
register_bill (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Registration *registration = data;
  CostBill *bill = registration->bill;

  if (!find_by_digest (transaction, registration, error))
    return FALSE;
  if (g_strcmp0 (bill->state, "ingested") == 0)
    return TRUE;
  if (bill->id == 0 && !take_new_id (transaction, &bill->id, error))
    return FALSE;
  if (!enqueue_ingest (transaction, registration, error))
    return FALSE;
  return heptad_transaction_execute (
      transaction,
      "INSERT INTO bill (id, digest, format, state, job_id, uploaded_at) "
      "VALUES ($1, $2, $3, 'pending', $4, $5) "
      "ON CONFLICT (digest) DO UPDATE SET state = 'pending', format = excluded.format, "
      "job_id = excluded.job_id, reason = NULL",
      HEPTAD_SQL (heptad_sql_int64 (bill->id), heptad_sql_text (registration->digest),
                  heptad_sql_text (registration->format), heptad_sql_text (bill->job_id),
                  heptad_sql_time (g_get_real_time ())),
      NULL, error);
}

gboolean
cost_bill_register (HeptadStore *store,
                    const char *digest,
                    gint64 size,
                    const char *format,
                    CostBill *bill,
                    GCancellable *cancellable,
                    GError **error)
{
  Registration registration = { digest, size, format, bill };

  return heptad_store_write (store, register_bill, &registration, cancellable, error);
}

gboolean
cost_bill_check_job (HeptadTransaction *transaction,
                     gint64 bill_id,
                     const char *job_id,
                     GError **error)
{
  GError *failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_transaction_query (
      transaction, "SELECT 1 FROM bill WHERE id = $1 AND job_id = $2 AND state = 'pending'",
      HEPTAD_SQL (heptad_sql_int64 (bill_id), heptad_sql_text (job_id)), error);

  if (rows == NULL)
    return FALSE;
  if (heptad_rows_next (rows, &failure))
    return TRUE;
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                 "bill %" G_GINT64_FORMAT " was uploaded again and is loaded by another job",
                 bill_id);
  return FALSE;
}

gboolean
cost_bill_forget_lines (HeptadTransaction *transaction, gint64 bill_id, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM line_item WHERE bill_id = $1",
    "DELETE FROM daily_cost WHERE bill_id = $1",
    "DELETE FROM daily_tag_cost WHERE bill_id = $1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      if (!heptad_transaction_execute (transaction, statements[i],
                                       HEPTAD_SQL (heptad_sql_int64 (bill_id)), NULL, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_optional_time (HeptadBuilder *builder, const char *name, HeptadRows *rows, guint column)
{
  if (!heptad_rows_is_null (rows, column))
    heptad_builder_set_time (builder, name, heptad_rows_get_time (rows, column));
}

void
cost_bill_add_json (HeptadBuilder *builder, HeptadRows *rows)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, heptad_rows_get_int64 (rows, 0));
  g_autoptr (HeptadValue) totals = heptad_rows_get_json (rows, 7);

  heptad_builder_set_string (builder, "id", id);
  heptad_builder_set_string (builder, "digest", heptad_rows_get_text (rows, 1));
  heptad_builder_set_string (builder, "format", heptad_rows_get_text (rows, 2));
  heptad_builder_set_string (builder, "state", heptad_rows_get_text (rows, 3));
  if (!heptad_rows_is_null (rows, 4))
    heptad_builder_set_string (builder, "reason", heptad_rows_get_text (rows, 4));
  heptad_builder_set_int64 (builder, "rows", heptad_rows_get_int64 (rows, 5));
  heptad_builder_set_int64 (builder, "rejected", heptad_rows_get_int64 (rows, 6));
  if (totals != NULL)
    heptad_builder_set_value (builder, "totals", totals);
  add_optional_time (builder, "uploadedAt", rows, 8);
  add_optional_time (builder, "ingestedAt", rows, 9);
}
