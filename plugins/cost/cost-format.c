/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-format-private.h"

#include "cost-time.h"

#include <string.h>

static const CostFormatClass *const classes[] = { &cost_format_focus, &cost_format_aws_cur };

static int
find_column (const CostCsvRecord *header, const char *name)
{
  gsize length = strlen (name);

  for (guint i = 0; i < header->n_fields; i++)
    {
      if (header->fields[i].length == length
          && g_ascii_strncasecmp (header->fields[i].data, name, length) == 0)
        return (int) i;
    }
  return -1;
}

static char *
list_missing (const CostFormatClass *class, const CostCsvRecord *header)
{
  GString *missing = g_string_new (NULL);

  for (guint i = 0; i < class->n_columns; i++)
    {
      if (class->columns[i].required && find_column (header, class->columns[i].name) < 0)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "",
                                class->columns[i].name);
    }
  return g_string_free (missing, FALSE);
}

static const CostFormatClass *
find_class (const char *name, const CostCsvRecord *header, GError **error)
{
  gboolean automatic = strcmp (name, "auto") == 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *missing = NULL;

      if (!automatic && strcmp (classes[i]->name, name) != 0)
        continue;
      missing = list_missing (classes[i], header);
      if (*missing == '\0')
        return classes[i];
      if (!automatic)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                       "line 1: this is not %s: the header lacks %s", classes[i]->title, missing);
          return NULL;
        }
    }
  g_set_error_literal (
      error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
      "line 1: the header is that of no known bill; expected FOCUS 1.0 (BilledCost, "
      "EffectiveCost, …) or an AWS Cost and Usage Report (lineItem/UnblendedCost, …)");
  return NULL;
}

static void
clear_tag_column (gpointer data)
{
  g_free (((CostTagColumn *) data)->key);
}

static void
find_tag_columns (CostFormat *format, const CostCsvRecord *header)
{
  gsize length = format->class->tag_prefix != NULL ? strlen (format->class->tag_prefix) : 0;

  format->tag_columns = g_array_new (FALSE, FALSE, sizeof (CostTagColumn));
  g_array_set_clear_func (format->tag_columns, clear_tag_column);
  for (guint i = 0; length > 0 && i < header->n_fields; i++)
    {
      const CostText *name = &header->fields[i];

      if (name->length > length && memcmp (name->data, format->class->tag_prefix, length) == 0)
        {
          CostTagColumn column = { g_strndup (name->data + length, name->length - length), i };

          g_array_append_val (format->tag_columns, column);
        }
    }
}

CostFormat *
cost_format_bind (const char *name, const CostCsvRecord *header, CostTags *tags, GError **error)
{
  const CostFormatClass *class = find_class (name, header, error);
  CostFormat *format;

  if (class == NULL)
    return NULL;
  g_assert (class->n_columns <= COST_FORMAT_MAX_COLUMNS);
  format = g_new0 (CostFormat, 1);
  format->class = class;
  format->n_fields = header->n_fields;
  format->tags = tags;
  find_tag_columns (format, header);
  for (guint i = 0; i < class->n_columns; i++)
    format->index[i] = find_column (header, class->columns[i].name);
  return format;
}

void
cost_format_free (CostFormat *format)
{
  if (format == NULL)
    return;
  g_array_unref (format->tag_columns);
  g_free (format);
}

const char *
cost_format_get_name (CostFormat *format)
{
  return format->class->name;
}

/* ---- What the formats read with ---- */

CostText
cost_format_get_text (CostFormat *format, const CostCsvRecord *record, guint column)
{
  CostText text = { NULL, 0 };

  if (format->index[column] < 0)
    return text;
  text = record->fields[format->index[column]];
  /* Real bills write an absent value as nothing or as NULL, both in the same file. */
  if (text.length == 0 || (text.length == 4 && memcmp (text.data, "NULL", 4) == 0))
    text.data = NULL;
  return text;
}

gboolean
cost_format_reject (CostFormat *format,
                    CostRejection *rejection,
                    guint column,
                    const char *expected,
                    CostText found)
{
  rejection->column = format->class->columns[column].name;
  if (found.data == NULL)
    g_snprintf (rejection->reason, sizeof rejection->reason, "expected %s, found nothing",
                expected);
  else
    {
      const char *end = found.data;

      /* Not through the middle of a character. */
      g_utf8_validate_len (found.data, MIN (found.length, 60), &end);
      g_snprintf (rejection->reason, sizeof rejection->reason, "expected %s, found '%.*s'%s",
                  expected, (int) (end - found.data), found.data, found.length > 60 ? "…" : "");
    }
  return FALSE;
}

gboolean
cost_format_read_decimal (CostFormat *format,
                          const CostCsvRecord *record,
                          guint column,
                          HeptadDecimal *number,
                          gboolean *present,
                          CostRejection *rejection)
{
  CostText text = cost_format_get_text (format, record, column);

  *present = text.data != NULL;
  if (text.data == NULL || heptad_decimal_parse (text.data, text.length, number, NULL))
    return TRUE;
  return cost_format_reject (format, rejection, column, "a number of at most 38 digits", text);
}

gboolean
cost_format_read_time (CostFormat *format,
                       const CostCsvRecord *record,
                       guint column,
                       gint64 *time_us,
                       CostRejection *rejection)
{
  CostText text = cost_format_get_text (format, record, column);

  if (text.data != NULL && cost_time_parse (text.data, text.length, time_us))
    return TRUE;
  if (text.data == NULL && !format->class->columns[column].required)
    {
      *time_us = G_MININT64;
      return TRUE;
    }
  return cost_format_reject (format, rejection, column, "a time such as 2024-09-18T22:00:00Z",
                             text);
}

gboolean
cost_format_read_currency (CostFormat *format,
                           const CostCsvRecord *record,
                           guint column,
                           CostText *currency,
                           CostRejection *rejection)
{
  *currency = cost_format_get_text (format, record, column);
  if (currency->data != NULL && currency->length == 3 && g_ascii_isupper (currency->data[0])
      && g_ascii_isupper (currency->data[1]) && g_ascii_isupper (currency->data[2]))
    return TRUE;
  return cost_format_reject (format, rejection, column, "an ISO 4217 currency such as USD",
                             *currency);
}

gboolean
cost_format_read (CostFormat *format,
                  CostCsvRecord *record,
                  CostLineItem *item,
                  CostRejection *rejection)
{
  memset (item, 0, sizeof *item);
  item->line = record->line;
  rejection->column = NULL;
  if (record->n_fields != format->n_fields)
    {
      g_snprintf (rejection->reason, sizeof rejection->reason,
                  "expected %u fields as in the header, found %u", format->n_fields,
                  record->n_fields);
      return FALSE;
    }
  return format->class->read (format, record, item, rejection);
}
