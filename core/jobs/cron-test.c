/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/cron.h"

#include "sdk/heptad-error.h"

static gint64
parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

/* The next @n times after @from in @zone, in UTC, must be @expected. */
static void
assert_next (const char *cron_text,
             const char *zone_name,
             const char *from,
             const char *const *expected)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);
  g_autoptr (GError) error = NULL;
  gint64 time_us = parse_time (from);
  Cron cron;

  g_assert_nonnull (zone);
  cron_parse (cron_text, &cron, &error);
  g_assert_no_error (error);
  for (; *expected != NULL; expected++)
    {
      time_us = cron_get_next (&cron, zone, time_us);
      g_autoptr (GDateTime) found = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
      g_autofree char *text = g_date_time_format (found, "%Y-%m-%dT%H:%MZ");
      g_assert_cmpstr (text, ==, *expected);
    }
}

#define NEXT(cron, zone, from, ...)                                                                \
  assert_next (cron, zone, from, (const char *const[]){ __VA_ARGS__, NULL })

static void
test_fields (void)
{
  NEXT ("*/20 * * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:20Z", "2026-01-01T00:40Z",
        "2026-01-01T01:00Z");
  NEXT ("5,7 3-4 * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T03:05Z", "2026-01-01T03:07Z",
        "2026-01-01T04:05Z", "2026-01-01T04:07Z", "2026-01-02T03:05Z");
  NEXT ("0 9 * * mon-fri", "UTC", "2026-01-02T10:00:00Z", "2026-01-05T09:00Z");
  NEXT ("0 0 1 jan *", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00Z");
  NEXT ("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00Z");
  NEXT ("0 0 * * 7", "UTC", "2026-01-01T00:00:00Z", "2026-01-04T00:00Z");
  NEXT ("@weekly", "UTC", "2026-01-01T00:00:00Z", "2026-01-04T00:00Z");
  NEXT ("50/5 0 * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:50Z", "2026-01-01T00:55Z",
        "2026-01-02T00:50Z");
}

static void
test_either_day (void)
{
  NEXT ("0 0 13 * fri", "UTC", "2026-01-08T00:00:00Z", "2026-01-09T00:00Z", "2026-01-13T00:00Z",
        "2026-01-16T00:00Z");
}

static void
test_zone (void)
{
  NEXT ("0 9 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T03:30Z");
  NEXT ("0 9 * * *", "America/New_York", "2026-07-01T00:00:00Z", "2026-07-01T13:00Z");
}

static void
test_skipped_hour (void)
{
  /* On 2026-03-29 Berlin goes from 02:00 to 03:00 at 01:00 UTC. */
  NEXT ("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-28T01:30Z",
        "2026-03-29T01:00Z", "2026-03-30T00:30Z");
  NEXT ("*/10 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T01:00Z",
        "2026-03-30T00:00Z");
}

static void
test_repeated_hour (void)
{
  /* On 2026-10-25 Berlin goes from 03:00 back to 02:00 at 01:00 UTC. */
  NEXT ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30Z",
        "2026-10-26T01:30Z");
  NEXT ("0 3 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00Z");
}

static void
test_free_hour_is_real_time (void)
{
  NEXT ("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T00:30Z",
        "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z");
  NEXT ("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T00:30Z",
        "2026-03-29T01:30Z");
  /* Lord Howe goes forward by half an hour. */
  NEXT ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-03T15:30Z",
        "2026-10-04T15:15Z");
}

static void
test_never (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  Cron cron;

  g_assert_true (cron_parse ("0 0 30 2 *", &cron, NULL));
  g_assert_cmpint (cron_get_next (&cron, utc, 0), ==, -1);
}

static void
test_wrong_texts (void)
{
  static const char *const texts[] = { "",
                                       "* * * *",
                                       "* * * * * *",
                                       "60 * * * *",
                                       "* 24 * * *",
                                       "* * 0 * *",
                                       "* * * 13 *",
                                       "* * * * 8",
                                       "5-1 * * * *",
                                       "*/0 * * * *",
                                       "1,,2 * * * *",
                                       "1, * * * *",
                                       "a * * * *",
                                       "* * * foo *",
                                       "@never",
                                       "-1 * * * *",
                                       "1.5 * * * *",
                                       "*/100 * * * *",
                                       "999999999999 * * * *",
                                       "1-2-3 * * * *",
                                       "* * L * *" };
  Cron cron = { .minutes = 42 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      if (cron_parse (texts[i], &cron, &error))
        g_error ("'%s' was accepted", texts[i]);
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
      g_assert_cmpuint (cron.minutes, ==, 42);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cron/every-field-counts", test_fields);
  g_test_add_func ("/cron/either-day-will-do-when-both-are-given", test_either_day);
  g_test_add_func ("/cron/times-are-of-the-zone", test_zone);
  g_test_add_func ("/cron/a-skipped-hour-runs-once-after-the-gap", test_skipped_hour);
  g_test_add_func ("/cron/a-repeated-hour-runs-once", test_repeated_hour);
  g_test_add_func ("/cron/a-free-hour-follows-real-time", test_free_hour_is_real_time);
  g_test_add_func ("/cron/what-never-comes-says-so", test_never);
  g_test_add_func ("/cron/wrong-texts-are-refused", test_wrong_texts);
  return g_test_run ();
}
