/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-store-backend.h"

gboolean
heptad_rows_next (HeptadRows *rows, GError **error)
{
  return rows->backend->next (rows, error);
}

void
heptad_rows_free (HeptadRows *rows)
{
  if (rows != NULL)
    rows->backend->free (rows);
}

guint
heptad_rows_get_n_columns (HeptadRows *rows)
{
  return rows->backend->get_n_columns (rows);
}

const char *
heptad_rows_get_column_name (HeptadRows *rows, guint column)
{
  return rows->backend->get_column_name (rows, column);
}

gboolean
heptad_rows_is_null (HeptadRows *rows, guint column)
{
  return rows->backend->get_cell (rows, column).type == HEPTAD_SQL_TYPE_NULL;
}

const char *
heptad_rows_get_text (HeptadRows *rows, guint column)
{
  return rows->backend->get_text (rows, column);
}

static gboolean
double_to_int64 (double real, gint64 *out)
{
  /* Both bounds are exact doubles; 2^63 itself does not fit. */
  if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0) || real != (gint64) real)
    return FALSE;
  *out = (gint64) real;
  return TRUE;
}

gint64
heptad_rows_get_int64 (HeptadRows *rows, guint column)
{
  HeptadSqlCell cell = rows->backend->get_cell (rows, column);
  gint64 number = 0;

  switch (cell.type)
    {
    case HEPTAD_SQL_TYPE_INT64:
      return cell.as.int64;
    case HEPTAD_SQL_TYPE_DOUBLE:
      return double_to_int64 (cell.as.real, &number) ? number : 0;
    case HEPTAD_SQL_TYPE_TEXT:
      return g_ascii_string_to_signed (cell.as.data, 10, G_MININT64, G_MAXINT64, &number, NULL)
                 ? number
                 : 0;
    default:
      return 0;
    }
}

static double
text_to_double (const char *text)
{
  char *end = NULL;
  double real = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' ? real : 0.0;
}

double
heptad_rows_get_double (HeptadRows *rows, guint column)
{
  HeptadSqlCell cell = rows->backend->get_cell (rows, column);

  switch (cell.type)
    {
    case HEPTAD_SQL_TYPE_INT64:
      return (double) cell.as.int64;
    case HEPTAD_SQL_TYPE_DOUBLE:
      return cell.as.real;
    case HEPTAD_SQL_TYPE_TEXT:
      return text_to_double (cell.as.data);
    default:
      return 0.0;
    }
}

gboolean
heptad_rows_get_boolean (HeptadRows *rows, guint column)
{
  return heptad_rows_get_int64 (rows, column) != 0;
}

HeptadDecimal
heptad_rows_get_decimal (HeptadRows *rows, guint column)
{
  HeptadSqlCell cell = rows->backend->get_cell (rows, column);
  HeptadDecimal decimal = HEPTAD_DECIMAL_ZERO;
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  switch (cell.type)
    {
    case HEPTAD_SQL_TYPE_INT64:
      return heptad_decimal_from_int64 (cell.as.int64);
    case HEPTAD_SQL_TYPE_DOUBLE:
      g_ascii_dtostr (text, sizeof text, cell.as.real);
      heptad_decimal_parse (text, -1, &decimal, NULL);
      return decimal;
    case HEPTAD_SQL_TYPE_TEXT:
      heptad_decimal_parse (cell.as.data, (gssize) cell.length, &decimal, NULL);
      return decimal;
    default:
      return decimal;
    }
}

gint64
heptad_rows_get_time (HeptadRows *rows, guint column)
{
  return heptad_rows_get_int64 (rows, column);
}

HeptadValue *
heptad_rows_get_json (HeptadRows *rows, guint column)
{
  const char *text = rows->backend->get_text (rows, column);

  /* The text of an INT64 or DOUBLE is JSON too. */
  return text != NULL ? heptad_value_parse (text, -1, NULL) : NULL;
}

const void *
heptad_rows_get_bytes (HeptadRows *rows, guint column, gsize *length)
{
  HeptadSqlCell cell = rows->backend->get_cell (rows, column);
  gboolean has_bytes = cell.type == HEPTAD_SQL_TYPE_BYTES || cell.type == HEPTAD_SQL_TYPE_TEXT;

  if (length != NULL)
    *length = has_bytes ? cell.length : 0;
  return has_bytes ? cell.as.data : NULL;
}
