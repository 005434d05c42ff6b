/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "depot-count.h"

#include <draft/heptad-blobs.h>

/* A write function gets what it needs in one small struct. */
typedef struct {
  const char *id;
  char *job_id;
  gint64 before_us;
} DepotWrite;

static gboolean
insert_text (HeptadTransaction *transaction, gpointer data, GError **error)
{
  DepotWrite *write = data;
  g_autoptr (HeptadBuilder) input = heptad_builder_new_object ();
  g_autoptr (HeptadValue) value = NULL;

  heptad_builder_set_string (input, "id", write->id);
  value = heptad_builder_end (input);
  g_clear_pointer (&write->job_id, g_free);
  write->job_id = heptad_transaction_enqueue (transaction, "count", value, error);
  return write->job_id != NULL
         && heptad_transaction_execute (
             transaction,
             "INSERT INTO text (id, added_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
             HEPTAD_SQL (heptad_sql_text (write->id), heptad_sql_time (g_get_real_time ())), NULL,
             error);
}

/* The upload is spooled first, so that a job can come back to it after a crash. */
static void
on_add_text (HeptadCall *call, gpointer self)
{
  g_autoptr (GError) error = NULL;
  GCancellable *cancellable = heptad_call_get_cancellable (call);
  GObject *blobs =
      heptad_tenant_get_service (heptad_call_get_tenant (call), HEPTAD_BLOBS_INTERFACE, 0, &error);
  g_autofree char *id = NULL;
  DepotWrite write = { 0 };

  if (blobs != NULL)
    id = heptad_blobs_put (HEPTAD_BLOBS (blobs), heptad_call_get_body_stream (call), NULL,
                           cancellable, &error);
  write.id = id;
  if (id != NULL
      && heptad_store_write (heptad_call_get_store (call), insert_text, &write, cancellable,
                             &error))
    heptad_call_return_job (call, write.job_id);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
  g_free (write.job_id);
}

static void
on_list_texts (HeptadCall *call, gpointer self)
{
  gint64 limit = heptad_call_get_int64 (call, "limit");
  const char *cursor = heptad_call_get_string (call, "cursor");
  gint64 before_us = cursor != NULL ? g_ascii_strtoll (cursor, NULL, 10) : G_MAXINT64;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (HeptadRows) rows = NULL;

  rows = heptad_store_query (heptad_call_get_store (call),
                             "SELECT id, words, added_at FROM text WHERE added_at < $1 "
                             "ORDER BY added_at DESC LIMIT $2",
                             HEPTAD_SQL (heptad_sql_time (before_us), heptad_sql_int64 (limit)),
                             heptad_call_get_cancellable (call), &error);
  heptad_builder_set_array (answer, "items");
  while (rows != NULL && heptad_rows_next (rows, &error))
    {
      g_autofree char *next = g_strdup_printf ("%" G_GINT64_FORMAT, heptad_rows_get_time (rows, 2));

      depot_add_text (answer, rows);
      if (--limit == 0)
        heptad_call_set_next_cursor (call, next);
    }
  if (error != NULL)
    heptad_call_take_error (call, g_steal_pointer (&error));
  else
    heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_get_summary (HeptadCall *call, gpointer self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (HeptadRows) rows =
      heptad_store_query (heptad_call_get_store (call), "SELECT texts, words FROM summary", NULL,
                          heptad_call_get_cancellable (call), &error);

  if (rows == NULL || !heptad_rows_next (rows, &error))
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  heptad_builder_set_int64 (answer, "texts", heptad_rows_get_int64 (rows, 0));
  heptad_builder_set_int64 (answer, "words", heptad_rows_get_int64 (rows, 1));
  heptad_call_return (call, heptad_builder_end (answer));
}

/* The durable handler: its row and the acknowledgement commit together, so no text is counted
 * twice. */
static gboolean
on_text_counted (HeptadEvent *event,
                 HeptadTenant *tenant,
                 HeptadTransaction *transaction,
                 gpointer self,
                 GError **error)
{
  gint64 words = heptad_value_get_member_int64 (heptad_event_get_data (event), "words");

  return heptad_transaction_execute (transaction,
                                     "UPDATE summary SET texts = texts + 1, words = words + $1",
                                     HEPTAD_SQL (heptad_sql_int64 (words)), NULL, error);
}

static gboolean
delete_old (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const DepotWrite *write = data;

  return heptad_transaction_execute (transaction, "DELETE FROM text WHERE added_at < $1",
                                     HEPTAD_SQL (heptad_sql_time (write->before_us)), NULL, error);
}

static HeptadValue *
run_sweep (HeptadJob *job, gpointer self, GError **error)
{
  HeptadSettings *settings = heptad_tenant_get_settings (heptad_job_get_tenant (job));
  gint64 days = heptad_settings_get_int64 (settings, "keepDays");
  DepotWrite write = { .before_us = g_get_real_time () - days * G_TIME_SPAN_DAY };

  if (!heptad_store_write (heptad_job_get_store (job), delete_old, &write,
                           heptad_job_get_cancellable (job), error))
    return NULL;
  return heptad_value_new_boolean (TRUE);
}

static const HeptadOperationEntry operations[] = {
  HEPTAD_OPERATION ("addText", on_add_text),
  HEPTAD_OPERATION ("listTexts", on_list_texts),
  HEPTAD_OPERATION ("getSummary", on_get_summary),
  { NULL },
};

static const HeptadJobEntry jobs[] = {
  HEPTAD_JOB_KIND ("count", depot_run_count),
  HEPTAD_JOB_KIND ("sweep", run_sweep),
  { NULL },
};

static const HeptadEventEntry events[] = {
  HEPTAD_EVENT_HANDLER ("depot.text.counted", on_text_counted),
  { NULL },
};

HEPTAD_DEFINE_PLUGIN (.id = "depot",
                      .version = "1.0.0",
                      .operations = operations,
                      .jobs = jobs,
                      .events = events)
