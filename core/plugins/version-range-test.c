/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/version-range.h"

static void
test_order (void)
{
  static const char *const rising[] = { "0.9", "1.0.0-alpha", "1.0.0", "1.0.1",
                                        "1.2", "1.10.0",      "2",     "10.0.0" };

  for (guint i = 0; i + 1 < G_N_ELEMENTS (rising); i++)
    {
      g_assert_cmpint (heptad_version_compare (rising[i], rising[i + 1]), <, 0);
      g_assert_cmpint (heptad_version_compare (rising[i + 1], rising[i]), >, 0);
    }
  g_assert_cmpint (heptad_version_compare ("1", "1.0.0"), ==, 0);
}

static void
test_contains (void)
{
  g_assert_true (heptad_version_range_contains (">=1.2 <2", "1.2.0"));
  g_assert_true (heptad_version_range_contains (" >=1.2   <2 ", "1.99.3"));
  g_assert_false (heptad_version_range_contains (">=1.2 <2", "1.1.9"));
  g_assert_false (heptad_version_range_contains (">=1.2 <2", "2.0.0"));
  g_assert_true (heptad_version_range_contains ("=1.2.3", "1.2.3"));
  g_assert_false (heptad_version_range_contains (">1.2.3", "1.2.3"));
  g_assert_true (heptad_version_range_contains ("<=1.2.3", "1.2.3"));
}

static void
test_check (void)
{
  static const char *const bad[] = { "", "1.2", ">=", ">=1.2,<2", "~1", ">=1.2.3.4", "> 1" };

  g_assert_true (heptad_version_range_check (">=1.2 <2", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heptad_version_range_check (bad[i], &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/version/orders-as-semantic-versioning-does", test_order);
  g_test_add_func ("/version-range/contains-what-fulfils-every-condition", test_contains);
  g_test_add_func ("/version-range/refuses-what-is-none", test_check);
  return g_test_run ();
}
