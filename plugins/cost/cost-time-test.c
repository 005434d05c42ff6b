/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-time.h"

#include <string.h>

static void
test_sound (void)
{
  static const struct {
    const char *text;
    gint64 time_us;
  } times[] = {
    { "1970-01-01", 0 },
    { "1970-01-01T00:00:00Z", 0 },
    { "1970-01-01 00:00:01", 1000000 },
    { "2024-09-18 22:00:00", G_GINT64_CONSTANT (1726696800000000) },
    { "2024-09-18T22:00:00Z", G_GINT64_CONSTANT (1726696800000000) },
    { "2024-09-18 22:00:00 UTC", G_GINT64_CONSTANT (1726696800000000) },
    { "2024-09-18T22:00:00.5Z", G_GINT64_CONSTANT (1726696800500000) },
    { "2024-09-18T22:00:00.1234567Z", G_GINT64_CONSTANT (1726696800123456) },
    { "2024-02-29", G_GINT64_CONSTANT (1709164800000000) },
    { "1969-12-31T23:59:59Z", -1000000 },
    { "0001-01-01", G_GINT64_CONSTANT (-62135596800000000) },
    { "9999-12-31T23:59:59Z", G_GINT64_CONSTANT (253402300799000000) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      gint64 time_us = -1;

      g_assert_true (cost_time_parse (times[i].text, strlen (times[i].text), &time_us));
      g_assert_cmpint (time_us, ==, times[i].time_us);
    }
}

static void
test_unsound (void)
{
  static const char *const texts[] = {
    "",
    "2024",
    "2024-9-18",
    "2024-09-1",
    "2024-02-30",
    "2023-02-29",
    "2024-13-01",
    "2024-00-10",
    "0000-01-01",
    "2024-09-18T",
    "2024-09-18T22",
    "2024-09-18T22:00",
    "2024-09-18T24:00:00Z",
    "2024-09-18T22:60:00Z",
    "2024-09-18T22:00:60Z",
    "2024-09-18T22:00:00.Z",
    "2024-09-18T22:00:00+02:00",
    "2024-09-18T22:00:00Zz",
    "2024-09-18x22:00:00",
    "2024-09-18 22:00:00 CET",
    "-024-09-18",
    "2024-09-18 ",
    "18/09/2024",
    "\xd9\xa1\xd9\xa2",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 time_us;

      if (cost_time_parse (texts[i], strlen (texts[i]), &time_us))
        g_error ("'%s' was taken for a time", texts[i]);
    }
}

static void
test_no_terminator (void)
{
  gint64 time_us;

  g_assert_true (cost_time_parse ("1970-01-02garbage", 10, &time_us));
  g_assert_cmpint (time_us, ==, COST_US_PER_DAY);
}

/* Every day for twelve hundred years, against GLib's calendar. */
static void
test_days (void)
{
  g_autoptr (GDate) epoch_date = g_date_new_dmy (1, G_DATE_JANUARY, 1970);
  g_autoptr (GDate) date = g_date_new_dmy (1, G_DATE_JANUARY, 1500);
  gint64 epoch = g_date_get_julian (epoch_date), time_us;

  for (; g_date_get_year (date) < 2700; g_date_add_days (date, 1))
    {
      gint64 day = (gint64) g_date_get_julian (date) - epoch;
      char text[16];
      g_autofree char *formatted = cost_time_format_day (day);

      g_date_strftime (text, sizeof text, "%Y-%m-%d", date);
      g_assert_true (cost_time_parse (text, strlen (text), &time_us));
      g_assert_cmpint (time_us, ==, day * COST_US_PER_DAY);
      g_assert_cmpint (cost_time_get_day (time_us), ==, day);
      g_assert_cmpint (cost_time_get_day (time_us + COST_US_PER_DAY - 1), ==, day);
      g_assert_cmpint (cost_time_get_day (time_us - 1), ==, day - 1);
      g_assert_cmpstr (formatted, ==, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/time/sound-times-are-read-to-the-microsecond", test_sound);
  g_test_add_func ("/cost/time/anything-else-is-refused", test_unsound);
  g_test_add_func ("/cost/time/nothing-is-read-past-the-end", test_no_terminator);
  g_test_add_func ("/cost/time/days-are-those-of-the-calendar", test_days);
  return g_test_run ();
}
