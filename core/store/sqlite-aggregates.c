/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-functions.h"

#include <string.h>

enum {
  AVERAGE_SCALE = 16,
  FAST_SCALE = 18,
};

/* The usual amount has few digits: its digits add up in one 128-bit integer for all values of one
 * scale, without parsing into and aligning HeptadDecimals. */
typedef __int128 Digits __attribute__ ((aligned (8))); /* as SQLite aligns its memory */

typedef struct {
  Digits digits[FAST_SCALE + 1]; /* by scale */
  guint32 scales_used;           /* bit by scale */
  HeptadDecimal rest;            /* of values that are not of the usual kind */
  gint64 integers;
  double doubles;
  gint64 n_texts;
  gint64 n_integers;
  gint64 n_doubles;
  gboolean is_overflown;
  gboolean is_invalid;
} Sum;

/* Reads up to 18 digits with a sign and a point; anything else is left to heptad_decimal_parse().
 */
static gboolean
scan_small (const char *text, int length, gint64 *digits, guint *scale)
{
  const char *end = text + length;
  gboolean is_negative = length > 0 && *text == '-';
  const char *at = text + (is_negative ? 1 : 0);
  const char *point = NULL;
  gint64 sum = 0;

  if (end - at > 19 || end == at)
    return FALSE;
  for (; at < end; at++)
    {
      if (*at >= '0' && *at <= '9')
        sum = sum * 10 + (*at - '0');
      else if (*at == '.' && point == NULL && at + 1 < end && at > text)
        point = at;
      else
        return FALSE;
    }
  if (point == NULL && end - text > 18)
    return FALSE;
  *scale = point != NULL ? (guint) (end - point - 1) : 0;
  *digits = is_negative ? -sum : sum;
  return *scale <= FAST_SCALE && (point == NULL || point > text + (is_negative ? 1 : 0));
}

static void
add_text (Sum *sum, sqlite3_value *value, int sign)
{
  const char *text = (const char *) sqlite3_value_text (value);
  HeptadDecimal decimal;
  gint64 digits;
  guint scale;

  sum->n_texts += sign;
  if (scan_small (text, sqlite3_value_bytes (value), &digits, &scale))
    {
      sum->digits[scale] += sign * digits;
      sum->scales_used |= 1u << scale;
      return;
    }
  if (!sqlite_value_get_decimal (value, &decimal))
    {
      sum->is_invalid = TRUE;
      return;
    }
  gboolean fits = sign > 0 ? heptad_decimal_add (sum->rest, decimal, &sum->rest)
                           : heptad_decimal_subtract (sum->rest, decimal, &sum->rest);
  sum->is_overflown |= !fits;
}

static void
add_value (Sum *sum, sqlite3_value *value, int sign)
{
  switch (sqlite3_value_type (value))
    {
    case SQLITE_TEXT:
      add_text (sum, value, sign);
      break;
    case SQLITE_INTEGER:
      sum->n_integers += sign;
      if (sign > 0
              ? __builtin_add_overflow (sum->integers, sqlite3_value_int64 (value), &sum->integers)
              : __builtin_sub_overflow (sum->integers, sqlite3_value_int64 (value), &sum->integers))
        sum->is_overflown = TRUE;
      break;
    case SQLITE_FLOAT:
      sum->n_doubles += sign;
      sum->doubles += sign * sqlite3_value_double (value);
      break;
    case SQLITE_BLOB:
      sum->is_invalid = TRUE;
      break;
    default:
      break;
    }
}

static void
on_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Sum *sum = sqlite3_aggregate_context (context, sizeof *sum);
  if (sum == NULL)
    sqlite3_result_error_nomem (context);
  else
    add_value (sum, values[0], 1);
}

static void
on_inverse (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Sum *sum = sqlite3_aggregate_context (context, sizeof *sum);
  if (sum != NULL)
    add_value (sum, values[0], -1);
}

/* @digits / 10^@scale as a decimal; a sum of 2^63 such values cannot leave the 128 bits. */
static gboolean
decimal_of_digits (__int128 digits, guint scale, HeptadDecimal *out)
{
  char text[64];
  char *at = text + sizeof text - 1;
  gboolean is_negative = digits < 0;
  unsigned __int128 rest = is_negative ? -(unsigned __int128) digits : (unsigned __int128) digits;
  guint written = 0;

  *at = '\0';
  do
    {
      if (written == scale && scale > 0)
        *--at = '.';
      *--at = (char) ('0' + (int) (rest % 10));
      rest /= 10;
      written++;
    }
  while (rest > 0 || written <= scale);
  if (is_negative)
    *--at = '-';
  return heptad_decimal_parse (at, -1, out, NULL);
}

static gboolean
get_decimal_total (const Sum *sum, HeptadDecimal *out)
{
  HeptadDecimal total = sum->rest;

  for (guint scale = 0; scale <= FAST_SCALE; scale++)
    {
      HeptadDecimal part;
      if ((sum->scales_used & (1u << scale)) == 0)
        continue;
      if (!decimal_of_digits (sum->digits[scale], scale, &part)
          || !heptad_decimal_add (total, part, &total))
        return FALSE;
    }
  if (!heptad_decimal_add (total, heptad_decimal_from_int64 (sum->integers), &total))
    return FALSE;
  *out = total;
  return TRUE;
}

static gboolean
check (sqlite3_context *context, const Sum *sum)
{
  if (sum->is_invalid || (sum->n_texts > 0 && sum->n_doubles > 0))
    sqlite_result_invalid (context,
                           "sum and avg take numbers, and not decimals mixed with doubles");
  else if (sum->is_overflown)
    sqlite_result_invalid (context, "the sum has more digits than its type holds");
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_empty (const Sum *sum)
{
  return sum == NULL || sum->n_texts + sum->n_integers + sum->n_doubles == 0;
}

static void
result_sum (sqlite3_context *context, const Sum *sum)
{
  HeptadDecimal total;

  if (is_empty (sum) || !check (context, sum))
    return;
  if (sum->n_doubles > 0)
    sqlite3_result_double (context, sum->doubles + (double) sum->integers);
  else if (sum->n_texts == 0)
    sqlite3_result_int64 (context, sum->integers);
  else if (get_decimal_total (sum, &total))
    sqlite_result_decimal (context, total);
  else
    sqlite_result_invalid (context, "the sum has more digits than a decimal holds");
}

/* Of doubles a double; of decimals and integers a decimal of 16 places, rounded half to even. */
static void
result_average (sqlite3_context *context, const Sum *sum)
{
  HeptadDecimal total, average;

  if (is_empty (sum) || !check (context, sum))
    return;
  gint64 count = sum->n_texts + sum->n_integers + sum->n_doubles;
  if (sum->n_doubles > 0)
    sqlite3_result_double (context, (sum->doubles + (double) sum->integers) / (double) count);
  else if (get_decimal_total (sum, &total)
           && heptad_decimal_divide (total, heptad_decimal_from_int64 (count), AVERAGE_SCALE,
                                     &average))
    sqlite_result_decimal (context, average);
  else
    sqlite_result_invalid (context, "the average has more digits than a decimal holds");
}

static void
on_sum (sqlite3_context *context)
{
  result_sum (context, sqlite3_aggregate_context (context, 0));
}

static void
on_average (sqlite3_context *context)
{
  result_average (context, sqlite3_aggregate_context (context, 0));
}

void
sqlite_aggregates_register (sqlite3 *db)
{
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  sqlite3_create_window_function (db, "sum", 1, flags, NULL, on_step, on_sum, on_sum, on_inverse,
                                  NULL);
  sqlite3_create_window_function (db, "avg", 1, flags, NULL, on_step, on_average, on_average,
                                  on_inverse, NULL);
}
