/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "cost-format.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct {
  guint64 n_records;
  guint64 n_rejected;
  guint64 n_items;
  guint64 last_line;
} Reading;

static void
take_record (CostFormat **format, CostTags *tags, CostCsvRecord *record, Reading *reading)
{
  CostRejection rejection;
  CostLineItem item;

  reading->n_records++;
  for (guint i = 0; i < record->n_fields; i++)
    g_assert_true (g_utf8_validate_len (record->fields[i].data, record->fields[i].length, NULL));
  if (*format == NULL)
    *format = cost_format_bind ("auto", record, tags, NULL);
  else if (cost_format_read (*format, record, &item, &rejection))
    reading->n_items++;
  else
    g_assert_true (g_utf8_validate (rejection.reason, -1, NULL));
}

static Reading
read_all (const guint8 *data, gsize size, gsize block_size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (CostCsv) csv = cost_csv_new (block_size, 256);
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostTags) tags = cost_tags_new (texts);
  g_autofree CostCsvRecord *record = g_new (CostCsvRecord, 1);
  CostFormat *format = NULL;
  Reading reading = { 0 };
  CostCsvResult result;

  while (cost_csv_read_block (csv, stream, NULL, NULL))
    while ((result = cost_csv_next (csv, record)) != COST_CSV_END_OF_BLOCK)
      {
        g_assert_cmpuint (record->line, >, reading.last_line);
        reading.last_line = record->line;
        if (result == COST_CSV_RECORD)
          take_record (&format, tags, record, &reading);
        else
          reading.n_rejected++;
      }
  g_assert_cmpint (cost_csv_get_offset (csv), ==, (gint64) size);
  cost_format_free (format);
  return reading;
}

/* Where the blocks end makes no difference; lines only count up; what comes out is text. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Reading whole = read_all (data, size, 65536);
  Reading pieces = read_all (data, size, 257 + (size > 0 ? data[0] : 0));

  g_assert_cmpmem (&whole, sizeof whole, &pieces, sizeof pieces);
  return 0;
}
