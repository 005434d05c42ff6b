/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-csv.h"

#include <string.h>

struct _CostCsv {
  char *block;
  gsize block_size;
  gsize max_record;
  gsize length;      /* bytes in the block */
  gsize position;    /* of the next record */
  guint64 line;      /* of the next record */
  gint64 offset;     /* of the block's end in the source */
  gboolean last;     /* the source has ended: the block's last record needs no end of line */
  gboolean skipping; /* the rest of a record that was too long */
  gboolean begun;
};

CostCsv *
cost_csv_new (gsize block_size, gsize max_record)
{
  CostCsv *csv = g_new0 (CostCsv, 1);

  g_assert (block_size > max_record);
  csv->block = g_malloc (block_size);
  csv->block_size = block_size;
  csv->max_record = max_record;
  csv->line = 1;
  return csv;
}

void
cost_csv_free (CostCsv *csv)
{
  if (csv == NULL)
    return;
  g_free (csv->block);
  g_free (csv);
}

static void
skip_byte_order_mark (CostCsv *csv)
{
  if (csv->length >= 3 && memcmp (csv->block, "\xef\xbb\xbf", 3) == 0)
    csv->position = 3;
  csv->begun = TRUE;
}

gboolean
cost_csv_read_block (CostCsv *csv, GInputStream *source, GCancellable *cancellable, GError **error)
{
  gsize rest = csv->length - csv->position, read = 0;

  if (csv->last)
    return FALSE;
  memmove (csv->block, csv->block + csv->position, rest);
  csv->position = 0;
  csv->length = rest;
  if (!g_input_stream_read_all (source, csv->block + rest, csv->block_size - rest, &read,
                                cancellable, error))
    return FALSE;
  csv->length += read;
  csv->offset += (gint64) read;
  csv->last = csv->length < csv->block_size;
  if (!csv->begun)
    skip_byte_order_mark (csv);
  return csv->position < csv->length;
}

/* Where a scan of one record stands. */
typedef struct {
  char *at;
  char *end;
  guint64 n_lines;
  const char *reason;
} Scan;

/* Undoes doubled quotes in place. */
static guint32
collapse_quotes (char *text, guint32 length)
{
  char *to = text;

  for (char *from = text; from < text + length; from++)
    {
      *to++ = *from;
      from += *from == '"';
    }
  return (guint32) (to - text);
}

/* A field in quotes, the first of which has been passed. FALSE when the block ends before the
 * field. */
static gboolean
scan_quoted (Scan *scan, CostText *field, gboolean *doubled)
{
  char *begin = scan->at;

  *doubled = FALSE;
  for (;;)
    {
      char *quote = memchr (scan->at, '"', (gsize) (scan->end - scan->at));
      char *stop = quote != NULL ? quote : scan->end;

      for (char *line = scan->at; (line = memchr (line, '\n', (gsize) (stop - line))) != NULL;
           line++)
        scan->n_lines++;
      scan->at = stop;
      if (quote == NULL || quote + 1 > scan->end)
        return FALSE;
      if (quote + 1 < scan->end && quote[1] == '"')
        {
          *doubled = TRUE;
          scan->at = quote + 2;
          continue;
        }
      field->data = begin;
      field->length = (guint32) (quote - begin);
      scan->at = quote + 1;
      return TRUE;
    }
}

static void
scan_plain (Scan *scan, CostText *field)
{
  char *begin = scan->at;

  while (scan->at < scan->end && *scan->at != ',' && *scan->at != '\n' && *scan->at != '\r')
    {
      if (*scan->at == '"')
        scan->reason = "a quote stands inside a field that does not begin with one";
      scan->at++;
    }
  field->data = begin;
  field->length = (guint32) (scan->at - begin);
}

typedef enum {
  AFTER_COMMA,
  AFTER_RECORD,
  AFTER_BLOCK,
} After;

/* What follows a field. Steps over it. */
static After
scan_after_field (Scan *scan, gboolean last)
{
  if (scan->at < scan->end && *scan->at == ',')
    {
      scan->at++;
      return AFTER_COMMA;
    }
  if (scan->at < scan->end && *scan->at == '\r')
    {
      if (scan->at + 1 == scan->end && !last)
        return AFTER_BLOCK;
      scan->at++;
    }
  if (scan->at == scan->end)
    return last ? AFTER_RECORD : AFTER_BLOCK;
  if (*scan->at != '\n')
    {
      scan->reason = scan->at[-1] == '\r'
                         ? "a carriage return stands inside a field without quotes"
                         : "a closing quote must be followed by a comma or the end of the line";
      while (scan->at < scan->end && *scan->at != '\n')
        scan->at++;
      if (scan->at == scan->end)
        return last ? AFTER_RECORD : AFTER_BLOCK;
    }
  scan->at++;
  scan->n_lines++;
  return AFTER_RECORD;
}

/* Splits one record; FALSE when it does not end in this block. Changes nothing in the block, since
 * the record may have to be read again together with the next one. */
static gboolean
scan_record (Scan *scan, gboolean last, CostCsvRecord *record, gboolean *doubled)
{
  After after = AFTER_COMMA;

  record->n_fields = 0;
  while (after == AFTER_COMMA)
    {
      CostText dropped;
      gboolean fits = record->n_fields < COST_CSV_MAX_FIELDS;
      guint index = fits ? record->n_fields : COST_CSV_MAX_FIELDS - 1;
      CostText *field = fits ? &record->fields[index] : &dropped;

      if (!fits)
        scan->reason = "there are more than 512 fields";
      record->quoted[index] = scan->at < scan->end && *scan->at == '"';
      doubled[index] = FALSE;
      if (record->quoted[index])
        {
          scan->at++;
          if (!scan_quoted (scan, field, &doubled[index]))
            return FALSE;
        }
      else
        {
          scan_plain (scan, field);
        }
      record->n_fields += fits;
      after = scan_after_field (scan, last);
    }
  return after == AFTER_RECORD;
}

static gboolean
is_clean_text (const char *text, gsize length)
{
  guint64 high = 0;
  gsize i = 0;

  if (memchr (text, '\0', length) != NULL)
    return FALSE;
  for (; i + 8 <= length; i += 8)
    {
      guint64 word;

      memcpy (&word, text + i, sizeof word);
      high |= word;
    }
  for (; i < length; i++)
    high |= (guchar) text[i];
  return (high & G_GUINT64_CONSTANT (0x8080808080808080)) == 0
         || g_utf8_validate_len (text, length, NULL);
}

static CostCsvResult
finish_record (CostCsv *csv, Scan *scan, CostCsvRecord *record, const gboolean *doubled)
{
  char *begin = csv->block + csv->position;

  record->line = csv->line;
  record->reason = scan->reason;
  if (record->reason == NULL && !is_clean_text (begin, (gsize) (scan->at - begin)))
    record->reason = "the line holds bytes that are not UTF-8 text";
  csv->position = (gsize) (scan->at - csv->block);
  csv->line += scan->n_lines;
  if (record->reason != NULL)
    return COST_CSV_REJECTED;
  for (guint i = 0; i < record->n_fields; i++)
    {
      if (doubled[i])
        record->fields[i].length =
            collapse_quotes (record->fields[i].data, record->fields[i].length);
    }
  return COST_CSV_RECORD;
}

/* Drops what belongs to a record that was too long, to the next end of line. */
static gboolean
skip_rest (CostCsv *csv)
{
  char *begin = csv->block + csv->position;
  char *newline = memchr (begin, '\n', csv->length - csv->position);

  csv->position = newline != NULL ? (gsize) (newline + 1 - csv->block) : csv->length;
  csv->line += newline != NULL;
  csv->skipping = newline == NULL;
  return !csv->skipping;
}

CostCsvResult
cost_csv_next (CostCsv *csv, CostCsvRecord *record)
{
  gboolean doubled[COST_CSV_MAX_FIELDS] = { FALSE }, ended;
  Scan scan;

  if (csv->skipping && !skip_rest (csv))
    return COST_CSV_END_OF_BLOCK;
  /* Empty lines are no records. */
  while (csv->position < csv->length
         && (csv->block[csv->position] == '\n' || csv->block[csv->position] == '\r'))
    csv->line += csv->block[csv->position++] == '\n';
  if (csv->position == csv->length)
    return COST_CSV_END_OF_BLOCK;

  scan = (Scan){ .at = csv->block + csv->position, .end = csv->block + csv->length };
  ended = scan_record (&scan, csv->last, record, doubled);
  if (ended && (gsize) (scan.at - csv->block) - csv->position <= csv->max_record)
    return finish_record (csv, &scan, record, doubled);
  if (!ended && !csv->last && csv->length - csv->position <= csv->max_record)
    return COST_CSV_END_OF_BLOCK;

  record->line = csv->line;
  record->reason = !ended && csv->last
                       ? "a quote is not closed"
                       : "the line is longer than 1 MiB; perhaps a quote is not closed";
  skip_rest (csv);
  return COST_CSV_REJECTED;
}

gint64
cost_csv_get_offset (CostCsv *csv)
{
  return csv->offset - (gint64) (csv->length - csv->position);
}
