/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/cron.h"

enum {
  MINUTE = 60,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR,
  MAX_DAYS = 9 * 366, /* the longest time between two 29 Februaries is eight years */
};

/* Wall time is counted in seconds as if it were UTC. */

static gint64
floor_to (gint64 value, gint64 step)
{
  gint64 rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

static gint64
get_offset (GTimeZone *zone, gint64 utc)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, utc);
  return interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0;
}

static gboolean
matches_day (const Cron *cron, gint64 wall)
{
  GDate date;
  gint64 days = floor_to (wall, DAY) / DAY;

  /* 1970-01-01 is day 719163 of GDate's count. */
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) (days + 719163));
  if ((cron->months >> g_date_get_month (&date) & 1) == 0)
    return FALSE;
  gboolean is_day = (cron->days >> g_date_get_day (&date) & 1) != 0;
  gboolean is_weekday = (cron->weekdays >> (g_date_get_weekday (&date) % 7) & 1) != 0;
  if (cron->has_any_day || cron->has_any_weekday)
    return is_day && is_weekday;
  return is_day || is_weekday;
}

static gboolean
matches_minute (const Cron *cron, gint64 wall)
{
  gint64 second = wall - floor_to (wall, DAY);

  return (cron->hours >> (second / HOUR) & 1) != 0
         && (cron->minutes >> (second % HOUR / MINUTE) & 1) != 0;
}

/* The first matching wall time from @wall (a whole minute) on; -1 when none comes. */
static gint64
find_wall (const Cron *cron, gint64 wall)
{
  gint64 end = wall + (gint64) MAX_DAYS * DAY;

  while (wall < end)
    {
      gint64 next_day = floor_to (wall, DAY) + DAY;
      if (!matches_day (cron, wall))
        wall = next_day;
      else if ((cron->hours >> ((wall - floor_to (wall, DAY)) / HOUR) & 1) == 0)
        wall = floor_to (wall, HOUR) + HOUR;
      else if (!matches_minute (cron, wall))
        wall += MINUTE;
      else
        return wall;
    }
  return -1;
}

/* The moment of a change of offset in (@low, @high]. */
static gint64
find_change (GTimeZone *zone, gint64 low, gint64 high)
{
  gint64 before = get_offset (zone, low);

  while (high - low > 1)
    {
      gint64 middle = low + (high - low) / 2;
      if (get_offset (zone, middle) == before)
        low = middle;
      else
        high = middle;
    }
  return high;
}

/* When a wall time comes: the first of two, or the moment after the gap that swallowed it. */
static gint64
wall_to_utc (GTimeZone *zone, gint64 wall, gboolean *is_in_gap)
{
  gint64 early = get_offset (zone, wall - DAY);
  gint64 late = get_offset (zone, wall + DAY);

  *is_in_gap = FALSE;
  if (get_offset (zone, wall - early) == early)
    return wall - early;
  if (get_offset (zone, wall - late) == late)
    return wall - late;
  *is_in_gap = TRUE;
  return find_change (zone, wall - MAX (early, late), wall - MIN (early, late));
}

/* While the hour is free, minutes count as they really pass, also in an hour that comes twice. */
static gint64
find_in_real_time (const Cron *cron, GTimeZone *zone, gint64 after)
{
  gint64 start = floor_to (after, MINUTE) + MINUTE;

  for (gint64 utc = start; utc < start + 3 * HOUR; utc += MINUTE)
    {
      gint64 wall = utc + get_offset (zone, utc);
      if (matches_day (cron, wall) && matches_minute (cron, wall))
        return utc;
    }
  return -1;
}

gint64
cron_get_next (const Cron *cron, GTimeZone *zone, gint64 after_us)
{
  gint64 after = floor_to (after_us, G_USEC_PER_SEC) / G_USEC_PER_SEC;
  gint64 wall = floor_to (after + get_offset (zone, after), MINUTE) - 3 * HOUR;
  gint64 found = cron->has_any_hour ? find_in_real_time (cron, zone, after) : -1;

  if (found >= 0)
    return found * G_USEC_PER_SEC;
  while ((wall = find_wall (cron, wall)) >= 0)
    {
      gboolean is_in_gap = FALSE;
      gint64 utc = wall_to_utc (zone, wall, &is_in_gap);
      if (utc > after && !(is_in_gap && cron->has_any_hour))
        return utc * G_USEC_PER_SEC;
      wall += MINUTE;
    }
  return -1;
}
