/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * Cron:
 *
 * When something recurs: five fields (minute, hour, day of month, month, day of week) as bits. A
 * plain value.
 */
typedef struct {
  guint64 minutes;
  guint32 hours;
  guint32 days;
  guint16 months;
  guint8 weekdays; /* bit 0 is Sunday */
  gboolean has_any_hour;
  gboolean has_any_day;
  gboolean has_any_weekday;
} Cron;

/**
 * cron_parse:
 * @text: `30 2 * * mon-fri`: numbers, names, ranges, lists, steps; or `@hourly`, `@daily`,
 * `@weekly`,
 *   `@monthly`, `@yearly`
 * @cron: (out): untouched on failure
 * @error: %HEPTAD_ERROR_INVALID_INPUT saying which field and why
 *
 * When both days are given, either will do, as in every cron. Any thread.
 */
gboolean cron_parse (const char *text, Cron *cron, GError **error);

/**
 * cron_get_next:
 * @zone: whose wall clock is meant
 * @after_us: microseconds since 1970, UTC
 *
 * The first time after @after_us. Where the hour is given and the clock is put forward over it, the
 * time is the moment after the gap, once; where the clock is put back, the first of the two. Where
 * the hour is `*`, real time counts: every matching minute that passes, each once. Any thread.
 *
 * Returns: microseconds since 1970, UTC; -1 when it never comes, such as on 30 February
 */
gint64 cron_get_next (const Cron *cron, GTimeZone *zone, gint64 after_us);
