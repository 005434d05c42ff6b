/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "depot-count.h"

#include <draft/heptad-blobs.h>

typedef struct {
  const char *id;
  gint64 words;
} DepotCount;

static gboolean
store_count (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const DepotCount *count = data;
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) event = NULL;

  heptad_builder_set_string (builder, "id", count->id);
  heptad_builder_set_int64 (builder, "words", count->words);
  event = heptad_builder_end (builder);
  return heptad_transaction_execute (
             transaction, "UPDATE text SET words = $1 WHERE id = $2",
             HEPTAD_SQL (heptad_sql_int64 (count->words), heptad_sql_text (count->id)), NULL, error)
         && heptad_transaction_publish (transaction, "depot.text.counted", count->id, event, error);
}

static gboolean
count_words (HeptadJob *job, GInputStream *stream, gint64 *words, GError **error)
{
  char buffer[65536];
  gboolean inside = FALSE;
  gint64 done = 0;
  gssize length;

  while ((length = g_input_stream_read (stream, buffer, sizeof buffer,
                                        heptad_job_get_cancellable (job), error))
         > 0)
    {
      for (gssize i = 0; i < length; i++)
        {
          gboolean space = g_ascii_isspace (buffer[i]);

          *words += !space && !inside;
          inside = !space;
        }
      done += length;
      heptad_job_set_progress (job, done, 0, "Counting words");
    }
  return length == 0;
}

HeptadValue *
depot_run_count (HeptadJob *job, gpointer self, GError **error)
{
  GObject *blobs =
      heptad_tenant_get_service (heptad_job_get_tenant (job), HEPTAD_BLOBS_INTERFACE, 0, error);
  DepotCount count = { heptad_value_get_member_string (heptad_job_get_input (job), "id"), 0 };
  g_autoptr (GInputStream) stream =
      blobs != NULL ? heptad_blobs_open (HEPTAD_BLOBS (blobs), count.id, error) : NULL;

  if (stream == NULL || !count_words (job, stream, &count.words, error)
      || !heptad_store_write (heptad_job_get_store (job), store_count, &count,
                              heptad_job_get_cancellable (job), error))
    return NULL;
  return heptad_value_new_int64 (count.words);
}

void
depot_add_text (HeptadBuilder *answer, HeptadRows *rows)
{
  heptad_builder_add_object (answer);
  heptad_builder_set_string (answer, "id", heptad_rows_get_text (rows, 0));
  if (heptad_rows_is_null (rows, 1))
    heptad_builder_set_null (answer, "words");
  else
    heptad_builder_set_int64 (answer, "words", heptad_rows_get_int64 (rows, 1));
  heptad_builder_set_time (answer, "addedAt", heptad_rows_get_time (rows, 2));
  heptad_builder_close (answer);
}
