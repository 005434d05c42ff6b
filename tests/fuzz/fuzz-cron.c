/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/jobs/cron.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first bytes choose the zone and the time, the rest is the schedule. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const zones[] = { "UTC", "Europe/Berlin", "Australia/Lord_Howe",
                                       "America/St_Johns" };
  guint32 minutes = 0;
  Cron cron;

  if (size < 5)
    return 0;
  memcpy (&minutes, data + 1, 4);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zones[data[0] % G_N_ELEMENTS (zones)]);
  g_autofree char *text = g_strndup ((const char *) data + 5, size - 5);
  if (zone == NULL || !cron_parse (text, &cron, NULL))
    return 0;
  gint64 after_us = (gint64) minutes * G_TIME_SPAN_MINUTE / 40; /* 1970 to 2174 */
  gint64 next_us = cron_get_next (&cron, zone, after_us);
  g_assert_true (next_us == -1 || next_us > after_us);
  if (next_us >= 0)
    g_assert_cmpint (cron_get_next (&cron, zone, next_us - 1), ==, next_us);
  return 0;
}
