/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-table.h"

#include "core/ctl/ctl-job.h"

static void
assert_prints (const char *json, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_value_parse (json, -1, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = ctl_table_print (value);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_columns (void)
{
  assert_prints ("{\"items\":[{\"id\":\"a\",\"state\":\"active\"},{\"id\":\"long-one\","
                 "\"reason\":\"it failed\"}]}",
                 "ID        STATE   REASON\n"
                 "a         active\n"
                 "long-one          it failed\n");
}

static void
test_money (void)
{
  assert_prints ("{\"total\":\"20.52\",\"groups\":["
                 "{\"key\":{\"service\":\"EC2\"},\"total\":\"1234.5\",\"n\":7},"
                 "{\"key\":{\"service\":\"S3\"},\"total\":\"0.00000084\",\"n\":12}]}",
                 "total  20.52\n"
                 "\n"
                 "groups\n"
                 "KEY.SERVICE          TOTAL   N\n"
                 "EC2          1234.5          7\n"
                 "S3              0.00000084  12\n");
}

static void
test_scalars (void)
{
  assert_prints ("[]", "(none)\n");
  assert_prints ("\"hello\"", "hello\n");
  assert_prints ("[1,\"b\",true]", "1\nb\nyes\n");
  assert_prints ("{\"a\":{\"b\":{\"c\":1}},\"list\":[\"x\",\"y\"],\"none\":null}",
                 "a.b.c  1\nlist   x, y\n");
}

static void
test_hostile (void)
{
  assert_prints ("{\"name\":\"\\u001b[2Jgone\\r\\n\\u202eevil\"}",
                 "name  \\u001b[2Jgone\\u000d\\n\\u202eevil\n");
}

static void
test_wide (void)
{
  assert_prints ("[{\"n\":\"日本\",\"m\":\"x\"},{\"n\":\"abcd\",\"m\":\"y\"}]",
                 "N     M\n日本  x\nabcd  y\n");
}

static void
test_progress (void)
{
  g_autoptr (HeptadValue) job = heptad_value_parse (
      "{\"state\":\"running\",\"progress\":{\"done\":50,\"total\":100,\"message\":\"half\"}}", -1,
      NULL);
  g_autofree char *line = ctl_job_print_progress (job, 78);
  g_autofree char *narrow = ctl_job_print_progress (job, 10);

  g_assert_cmpstr (line, ==, "[##############..............]  50%  half");
  g_assert_cmpuint (strlen (narrow), ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/table/a-page-becomes-aligned-columns", test_columns);
  g_test_add_func ("/ctl/table/money-stands-under-its-point", test_money);
  g_test_add_func ("/ctl/table/anything-can-be-printed", test_scalars);
  g_test_add_func ("/ctl/table/a-server-cannot-steer-the-terminal", test_hostile);
  g_test_add_func ("/ctl/table/wide-characters-take-two-columns", test_wide);
  g_test_add_func ("/ctl/job/progress-is-a-bar-that-fits", test_progress);
  return g_test_run ();
}
