/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-error.h"

static void
test_problem (void)
{
  g_autoptr (HeptadValue) problem = heptad_value_parse (
      "{\"code\":\"invalid-input\",\"detail\":\"The input is "
      "wrong.\",\"errors\":[{\"in\":\"query\","
      "\"name\":\"limit\",\"pointer\":\"\",\"detail\":\"must be at most 100\"},{\"in\":\"body\","
      "\"pointer\":\"/roles/0\",\"detail\":\"must be a string\"}]}",
      -1, NULL);
  g_autoptr (GError) error = ctl_problem_to_error (422, problem);

  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_assert_cmpstr (error->message, ==,
                   "The input is not what the operation declares:\n"
                   "  query limit: must be at most 100\n"
                   "  body /roles/0: must be a string\n"
                   "Add --help to the command to see what it takes.");
}

static void
test_exit_codes (void)
{
  static const struct {
    guint status;
    CtlExit code;
  } cases[] = {
    { 400, CTL_EXIT_USAGE },       { 401, CTL_EXIT_DENIED },      { 403, CTL_EXIT_DENIED },
    { 404, CTL_EXIT_NOT_FOUND },   { 409, CTL_EXIT_CONFLICT },    { 422, CTL_EXIT_USAGE },
    { 429, CTL_EXIT_UNAVAILABLE }, { 500, CTL_EXIT_FAILED },      { 503, CTL_EXIT_UNAVAILABLE },
    { 418, CTL_EXIT_USAGE },       { 504, CTL_EXIT_UNAVAILABLE }, { 599, CTL_EXIT_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = ctl_problem_to_error (cases[i].status, NULL);

      g_assert_cmpint (ctl_exit_of_error (error), ==, cases[i].code);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/error/a-problem-is-read-aloud", test_problem);
  g_test_add_func ("/ctl/error/each-status-has-an-exit-code", test_exit_codes);
  return g_test_run ();
}
