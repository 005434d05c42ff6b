/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-bills.h"

#include "cost-bill.h"

#include <draft/heptad-blobs.h>

static gint64
read_cursor (HeptadCall *call, gint64 first)
{
  const char *cursor = heptad_call_get_string (call, "cursor");

  return cursor != NULL ? g_ascii_strtoll (cursor, NULL, 10) : first;
}

static void
set_cursor (HeptadCall *call, gint64 last)
{
  g_autofree char *cursor = g_strdup_printf ("%" G_GINT64_FORMAT, last);

  heptad_call_set_next_cursor (call, cursor);
}

/* Answers with the one bill of the query, or that there is none. */
static void
return_bill (HeptadCall *call, gint64 id)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (
      heptad_call_get_store (call), "SELECT " COST_BILL_COLUMNS " FROM bill WHERE id = $1",
      HEPTAD_SQL (heptad_sql_int64 (id)), heptad_call_get_cancellable (call), &error);

  if (rows != NULL && heptad_rows_next (rows, &error))
    {
      cost_bill_add_json (answer, rows);
      heptad_call_return (call, heptad_builder_end (answer));
    }
  else if (error != NULL)
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
    }
  else
    {
      heptad_call_return_error (
          call, HEPTAD_ERROR_NOT_FOUND,
          "There is no bill %" G_GINT64_FORMAT "; GET /api/v1/cost/bills lists them", id);
    }
}

void
cost_on_ingest_bill (HeptadCall *call, gpointer plugin)
{
  GCancellable *cancellable = heptad_call_get_cancellable (call);
  g_autoptr (GError) error = NULL;
  g_autofree char *digest = NULL;
  g_auto (CostBill) bill = { 0 };
  gint64 size = 0;
  GObject *blobs =
      heptad_tenant_get_service (heptad_call_get_tenant (call), HEPTAD_BLOBS_INTERFACE, 0, &error);

  if (blobs != NULL)
    digest = heptad_blobs_put (HEPTAD_BLOBS (blobs), heptad_call_get_body_stream (call), &size,
                               cancellable, &error);
  if (digest == NULL
      || !cost_bill_register (heptad_call_get_store (call), digest, size,
                              heptad_call_get_string (call, "format"), &bill, cancellable, &error))
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
    }
  else if (g_strcmp0 (bill.state, "ingested") == 0)
    {
      heptad_call_set_status (call, 200);
      return_bill (call, bill.id);
    }
  else
    {
      heptad_call_return_job (call, bill.job_id);
    }
}

void
cost_on_list_bills (HeptadCall *call, gpointer plugin)
{
  gint64 limit = heptad_call_get_int64 (call, "limit"), last = 0, n_rows = 0;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (
      heptad_call_get_store (call),
      "SELECT " COST_BILL_COLUMNS " FROM bill WHERE id < $1 ORDER BY id DESC LIMIT $2",
      HEPTAD_SQL (heptad_sql_int64 (read_cursor (call, G_MAXINT64)), heptad_sql_int64 (limit)),
      heptad_call_get_cancellable (call), &error);

  heptad_builder_set_array (answer, "items");
  for (; rows != NULL && heptad_rows_next (rows, &error); n_rows++)
    {
      last = heptad_rows_get_int64 (rows, 0);
      heptad_builder_add_object (answer);
      cost_bill_add_json (answer, rows);
      heptad_builder_close (answer);
    }
  if (error != NULL)
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  if (n_rows == limit)
    set_cursor (call, last);
  heptad_call_return (call, heptad_builder_end (answer));
}

void
cost_on_get_bill (HeptadCall *call, gpointer plugin)
{
  return_bill (call, g_ascii_strtoll (heptad_call_get_string (call, "billId"), NULL, 10));
}

static void
add_rejected_line (HeptadBuilder *answer, HeptadRows *rows)
{
  heptad_builder_add_object (answer);
  heptad_builder_set_int64 (answer, "line", heptad_rows_get_int64 (rows, 0));
  heptad_builder_set_string (answer, "column", heptad_rows_get_text (rows, 1));
  heptad_builder_set_string (answer, "reason", heptad_rows_get_text (rows, 2));
  heptad_builder_close (answer);
}

void
cost_on_list_rejected_lines (HeptadCall *call, gpointer plugin)
{
  gint64 bill = g_ascii_strtoll (heptad_call_get_string (call, "billId"), NULL, 10);
  gint64 limit = heptad_call_get_int64 (call, "limit"), last = 0, n_rows = 0;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (
      heptad_call_get_store (call),
      "SELECT line, column_name, reason FROM rejected_line WHERE bill_id = $1 AND line > $2 "
      "ORDER BY line LIMIT $3",
      HEPTAD_SQL (heptad_sql_int64 (bill), heptad_sql_int64 (read_cursor (call, 0)),
                  heptad_sql_int64 (limit)),
      heptad_call_get_cancellable (call), &error);

  heptad_builder_set_array (answer, "items");
  for (; rows != NULL && heptad_rows_next (rows, &error); n_rows++)
    {
      last = heptad_rows_get_int64 (rows, 0);
      add_rejected_line (answer, rows);
    }
  if (error != NULL)
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  if (n_rows == limit)
    set_cursor (call, last);
  heptad_call_return (call, heptad_builder_end (answer));
}
