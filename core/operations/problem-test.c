/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/problem.h"

#include <string.h>

static void
test_whole (void)
{
  g_auto (HeptadViolations) violations = { 0 };
  HeptadProblem problem = { .code = HEPTAD_ERROR_INVALID_INPUT,
                            .detail = "The input is not what the operation takes.",
                            .instance = "/api/v1/cost/bills",
                            .request_id = "r-1",
                            .violations = &violations,
                            .retry_after_us = 1500 };
  g_autoptr (GBytes) text = NULL;
  g_autoptr (HeptadValue) value = NULL;

  heptad_violations_add (&violations, "body", NULL, "/lines/0", g_strdup ("expected a number"));
  text = heptad_problem_print (&problem);
  value =
      heptad_value_parse (g_bytes_get_data (text, NULL), (gssize) g_bytes_get_size (text), NULL);
  g_assert_nonnull (value);
  g_assert_true (
      g_str_has_prefix (heptad_value_get_member_string (value, "type"), "urn:heptad:problem:"));
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_get_member (value, "status")), ==,
                   heptad_error_get_info (HEPTAD_ERROR_INVALID_INPUT)->http_status);
  g_assert_cmpstr (heptad_value_get_member_string (value, "source"), ==, "caller");
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_get_member (value, "retryAfterMs")), ==, 2);
  g_assert_cmpstr (
      heptad_value_get_string (heptad_value_lookup_pointer (value, "/errors/0/pointer")), ==,
      "/lines/0");
}

static void
test_detail_of_bad_bytes (void)
{
  HeptadProblem problem = { .code = HEPTAD_ERROR_INTERNAL, .detail = "bad \xff byte" };
  g_autoptr (HeptadValue) value = heptad_problem_to_value (&problem);

  g_assert_true (g_utf8_validate (heptad_value_get_member_string (value, "detail"), -1, NULL));
  g_assert_null (heptad_value_get_member (value, "errors"));
  g_assert_null (heptad_value_get_member (value, "requestId"));
}

static void
test_codes_of_statuses (void)
{
  g_assert_cmpint (heptad_problem_code_of_status (404), ==, HEPTAD_ERROR_NOT_FOUND);
  g_assert_cmpint (heptad_problem_code_of_status (418), ==, HEPTAD_ERROR_MALFORMED);
  g_assert_cmpint (heptad_problem_code_of_status (599), ==, HEPTAD_ERROR_INTERNAL);
}

static void
test_violations_are_bounded (void)
{
  g_auto (HeptadViolations) violations = { 0 };

  for (guint i = 0; i < 10 * HEPTAD_VIOLATIONS_MAX; i++)
    heptad_violations_add (&violations, "body", NULL, "", g_strdup ("wrong"));
  g_assert_cmpuint (violations.list->len, ==, HEPTAD_VIOLATIONS_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem/says-what-where-whose-fault-and-when-to-retry", test_whole);
  g_test_add_func ("/problem/a-detail-that-is-not-utf-8-is-made-so", test_detail_of_bad_bytes);
  g_test_add_func ("/problem/every-status-has-a-code", test_codes_of_statuses);
  g_test_add_func ("/problem/violations-are-bounded", test_violations_are_bounded);
  return g_test_run ();
}
