/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-functions.h"

#include <string.h>

enum {
  PURE = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
  DIVISION_SCALE = 16, /* as PostgreSQL keeps for quotients */
};

gboolean
sqlite_value_get_decimal (sqlite3_value *value, HeptadDecimal *out)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  switch (sqlite3_value_type (value))
    {
    case SQLITE_INTEGER:
      *out = heptad_decimal_from_int64 (sqlite3_value_int64 (value));
      return TRUE;
    case SQLITE_FLOAT:
      g_ascii_dtostr (text, sizeof text, sqlite3_value_double (value));
      return heptad_decimal_parse (text, -1, out, NULL);
    case SQLITE_TEXT:
      return heptad_decimal_parse ((const char *) sqlite3_value_text (value),
                                   sqlite3_value_bytes (value), out, NULL);
    default:
      return FALSE;
    }
}

void
sqlite_result_decimal (sqlite3_context *context, HeptadDecimal decimal)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];
  gsize length = heptad_decimal_format (decimal, text);

  sqlite3_result_text (context, text, (int) length, SQLITE_TRANSIENT);
}

void
sqlite_result_invalid (sqlite3_context *context, const char *message)
{
  sqlite3_result_error (context, message, -1);
  sqlite3_result_error_code (context, SQLITE_MISMATCH);
}

/* Numbers by value and before everything that is none, which goes by its bytes: a total order. */
static int
compare_decimals (void *data, int a_length, const void *a, int b_length, const void *b)
{
  HeptadDecimal x = HEPTAD_DECIMAL_ZERO;
  HeptadDecimal y = HEPTAD_DECIMAL_ZERO;

  if (a_length == b_length && memcmp (a, b, (gsize) a_length) == 0)
    return 0;
  gboolean a_is_number = heptad_decimal_parse (a, a_length, &x, NULL);
  gboolean b_is_number = heptad_decimal_parse (b, b_length, &y, NULL);
  if (a_is_number && b_is_number)
    return heptad_decimal_compare (x, y);
  if (a_is_number != b_is_number)
    return a_is_number ? -1 : 1;
  int order = memcmp (a, b, (gsize) MIN (a_length, b_length));
  return order != 0 ? order : a_length - b_length;
}

static void
is_decimal (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  HeptadDecimal decimal;

  if (sqlite3_value_type (values[0]) != SQLITE_NULL)
    sqlite3_result_int (context, sqlite_value_get_decimal (values[0], &decimal));
}

static gboolean
get_operands (sqlite3_context *context, sqlite3_value **values, HeptadDecimal *a, HeptadDecimal *b)
{
  if (sqlite3_value_type (values[0]) == SQLITE_NULL
      || sqlite3_value_type (values[1]) == SQLITE_NULL)
    return FALSE;
  if (sqlite_value_get_decimal (values[0], a) && sqlite_value_get_decimal (values[1], b))
    return TRUE;
  sqlite_result_invalid (context, "an operand is not a decimal number");
  return FALSE;
}

static void
finish (sqlite3_context *context, gboolean is_ok, HeptadDecimal result)
{
  if (is_ok)
    sqlite_result_decimal (context, result);
  else
    sqlite_result_invalid (context, "the result has more digits than a decimal holds");
}

#define DEFINE_ARITHMETIC(name)                                                                    \
  static void decimal_##name (sqlite3_context *context, int n_values, sqlite3_value **values)      \
  {                                                                                                \
    HeptadDecimal a, b, result = HEPTAD_DECIMAL_ZERO;                                              \
    if (get_operands (context, values, &a, &b))                                                    \
      finish (context, heptad_decimal_##name (a, b, &result), result);                             \
  }

DEFINE_ARITHMETIC (add)
DEFINE_ARITHMETIC (subtract)
DEFINE_ARITHMETIC (multiply)

static void
decimal_divide (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  HeptadDecimal a, b, result = HEPTAD_DECIMAL_ZERO;
  guint scale =
      n_values > 2 ? (guint) CLAMP (sqlite3_value_int (values[2]), 0, 37) : DIVISION_SCALE;

  if (!get_operands (context, values, &a, &b))
    return;
  if (heptad_decimal_is_zero (b))
    sqlite_result_invalid (context, "division by zero");
  else
    finish (context, heptad_decimal_divide (a, b, scale, &result), result);
}

static void
decimal_round (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  HeptadDecimal a, scale;

  if (get_operands (context, values, &a, &scale))
    sqlite_result_decimal (
        context, heptad_decimal_round (a, (guint) CLAMP (sqlite3_value_int (values[1]), 0, 37)));
}

static void
decimal_of (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  HeptadDecimal a;

  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    return;
  if (sqlite_value_get_decimal (values[0], &a))
    sqlite_result_decimal (context, a);
  else
    sqlite_result_invalid (context, "the value is not a decimal number");
}

static void
now (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  sqlite3_result_int64 (context, g_get_real_time ());
}

static GDateTime *
truncate_date (GDateTime *time, const char *unit)
{
  int year, month, day;

  g_date_time_get_ymd (time, &year, &month, &day);
  if (strcmp (unit, "year") == 0)
    return g_date_time_new_utc (year, 1, 1, 0, 0, 0);
  if (strcmp (unit, "quarter") == 0)
    return g_date_time_new_utc (year, (month - 1) / 3 * 3 + 1, 1, 0, 0, 0);
  if (strcmp (unit, "month") == 0)
    return g_date_time_new_utc (year, month, 1, 0, 0, 0);
  return NULL;
}

static gint64
floor_to (gint64 value, gint64 step, gint64 origin)
{
  gint64 rest = (value - origin) % step;
  return value - (rest < 0 ? rest + step : rest);
}

/* date_trunc ('day', time): in UTC, as PostgreSQL's. */
static void
date_trunc (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  static const struct {
    const char *unit;
    gint64 length_us;
    gint64 origin_us;
  } steps[] = {
    { "second", G_USEC_PER_SEC, 0 },
    { "minute", G_TIME_SPAN_MINUTE, 0 },
    { "hour", G_TIME_SPAN_HOUR, 0 },
    { "day", G_TIME_SPAN_DAY, 0 },
    { "week", 7 * G_TIME_SPAN_DAY, 4 * G_TIME_SPAN_DAY }, /* 1970-01-05 was a Monday */
  };
  const char *unit = (const char *) sqlite3_value_text (values[0]);

  if (unit == NULL || sqlite3_value_type (values[1]) == SQLITE_NULL)
    return;
  gint64 time_us = sqlite3_value_int64 (values[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (strcmp (unit, steps[i].unit) == 0)
      {
        sqlite3_result_int64 (context, floor_to (time_us, steps[i].length_us, steps[i].origin_us));
        return;
      }
  gint64 seconds = floor_to (time_us, G_USEC_PER_SEC, 0) / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) start = time != NULL ? truncate_date (time, unit) : NULL;
  if (start != NULL)
    sqlite3_result_int64 (context, g_date_time_to_unix (start) * G_USEC_PER_SEC);
  else
    sqlite_result_invalid (context,
                           "date_trunc knows second, minute, hour, day, week, month, quarter "
                           "and year");
}

void
sqlite_functions_register (sqlite3 *db)
{
  static const struct {
    const char *name;
    int n_values;
    int flags;
    void (*run) (sqlite3_context *, int, sqlite3_value **);
  } functions[] = {
    { "heptad_is_decimal", 1, PURE, is_decimal }, { "decimal", 1, PURE, decimal_of },
    { "decimal_add", 2, PURE, decimal_add },      { "decimal_sub", 2, PURE, decimal_subtract },
    { "decimal_mul", 2, PURE, decimal_multiply }, { "decimal_div", 2, PURE, decimal_divide },
    { "decimal_div", 3, PURE, decimal_divide },   { "decimal_round", 2, PURE, decimal_round },
    { "date_trunc", 2, PURE, date_trunc },        { "now", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, now },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    sqlite3_create_function_v2 (db, functions[i].name, functions[i].n_values, functions[i].flags,
                                NULL, functions[i].run, NULL, NULL, NULL);
  sqlite3_create_collation_v2 (db, "decimal", SQLITE_UTF8, NULL, compare_decimals, NULL);
  sqlite_aggregates_register (db);
}
