/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-time.h"

#include <string.h>

static gboolean
read_digits (const char **at, const char *end, guint n_digits, gint64 *number)
{
  *number = 0;
  if ((gsize) (end - *at) < n_digits)
    return FALSE;
  for (guint i = 0; i < n_digits; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
read_char (const char **at, const char *end, char c)
{
  if (*at == end || **at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil). */
static gint64
days_from_date (gint64 year, gint64 month, gint64 day)
{
  gint64 era, year_of_era, day_of_year, day_of_era;

  year -= month <= 2;
  era = year / 400;
  year_of_era = year - era * 400;
  day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static gboolean
read_date (const char **at, const char *end, gint64 *day)
{
  gint64 year, month, day_of_month;

  if (!read_digits (at, end, 4, &year) || !read_char (at, end, '-')
      || !read_digits (at, end, 2, &month) || !read_char (at, end, '-')
      || !read_digits (at, end, 2, &day_of_month))
    return FALSE;
  if (year < 1 || !g_date_valid_dmy ((GDateDay) day_of_month, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  *day = days_from_date (year, month, day_of_month);
  return TRUE;
}

/* A fraction of a second to microseconds; further digits are dropped. */
static gboolean
read_fraction (const char **at, const char *end, gint64 *fraction_us)
{
  gint64 unit_us = G_USEC_PER_SEC / 10;

  *fraction_us = 0;
  if (!read_char (at, end, '.'))
    return TRUE;
  if (*at == end || !g_ascii_isdigit (**at))
    return FALSE;
  for (; *at < end && g_ascii_isdigit (**at); (*at)++, unit_us /= 10)
    *fraction_us += (**at - '0') * unit_us;
  return TRUE;
}

static gboolean
is_rest (const char *at, const char *end, const char *rest)
{
  return (gsize) (end - at) == strlen (rest) && memcmp (at, rest, strlen (rest)) == 0;
}

gboolean
cost_time_parse (const char *text, gsize length, gint64 *time_us)
{
  const char *at = text, *end = text + length;
  gint64 day, hours, minutes, seconds, fraction_us;

  if (!read_date (&at, end, &day))
    return FALSE;
  if (at == end)
    {
      *time_us = day * COST_US_PER_DAY;
      return TRUE;
    }
  if ((!read_char (&at, end, 'T') && !read_char (&at, end, ' '))
      || !read_digits (&at, end, 2, &hours) || !read_char (&at, end, ':')
      || !read_digits (&at, end, 2, &minutes) || !read_char (&at, end, ':')
      || !read_digits (&at, end, 2, &seconds) || !read_fraction (&at, end, &fraction_us)
      || hours > 23 || minutes > 59 || seconds > 59)
    return FALSE;
  if (at < end && !is_rest (at, end, "Z") && !is_rest (at, end, " UTC"))
    return FALSE;
  *time_us = day * COST_US_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * G_USEC_PER_SEC
             + fraction_us;
  return TRUE;
}

gint64
cost_time_get_day (gint64 time_us)
{
  return time_us >= 0 ? time_us / COST_US_PER_DAY : -((-time_us - 1) / COST_US_PER_DAY) - 1;
}

char *
cost_time_format_day (gint64 day)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (day * 86400);

  return time != NULL ? g_date_time_format (time, "%F") : NULL;
}
