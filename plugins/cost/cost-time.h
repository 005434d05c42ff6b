/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

#define COST_US_PER_DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/**
 * cost_time_parse:
 * @text: `2024-09-18 22:00:00`, `2024-09-18T22:00:00Z`, with a fraction, or a date alone; always
 * UTC
 * @time_us: (out): microseconds since 1970-01-01T00:00:00Z
 *
 * Returns: whether @text is such a time, of a day that exists
 */
gboolean cost_time_parse (const char *text, gsize length, gint64 *time_us);

/**
 * cost_time_get_day:
 *
 * Returns: the UTC day, counted from 1970-01-01
 */
gint64 cost_time_get_day (gint64 time_us);

/**
 * cost_time_format_day:
 *
 * Returns: (transfer full): `2024-09-18`
 */
char *cost_time_format_day (gint64 day);
