/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-arguments.h"

#include "core/ctl/ctl-error.h"

static CtlArguments *parse (GError **error, ...) G_GNUC_NULL_TERMINATED;

static CtlArguments *
parse (GError **error, ...)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  va_list words;
  const char *word;

  va_start (words, error);
  while ((word = va_arg (words, const char *)) != NULL)
    g_ptr_array_add (list, (char *) word);
  va_end (words);
  g_ptr_array_add (list, NULL);
  return ctl_arguments_new ((const char *const *) list->pdata, error);
}

static void
test_anywhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlArguments) arguments =
      parse (&error, "--json", "cost", "get-costs", "--server=http://a:1/", "--group-by", "day",
             "--timeout", "5", NULL);

  g_assert_no_error (error);
  g_assert_true (arguments->json);
  g_assert_cmpstr (arguments->server, ==, "http://a:1");
  g_assert_cmpuint (arguments->timeout_s, ==, 5);
  g_assert_cmpuint (g_strv_length (arguments->rest), ==, 4);
  g_assert_cmpstr (arguments->rest[2], ==, "--group-by");
}

static void
test_end_of_flags (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlArguments) arguments = parse (&error, "x", "--", "--json", NULL);

  g_assert_no_error (error);
  g_assert_false (arguments->json);
  g_assert_cmpstr (arguments->rest[2], ==, "--json");
}

static void
assert_refused (const char *flag, const char *value, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlArguments) arguments = parse (&error, flag, value, NULL);

  g_assert_null (arguments);
  g_assert_error (error, CTL_USAGE_ERROR, 0);
  if (strstr (error->message, part) == NULL)
    g_error ("'%s' does not tell of '%s'", error->message, part);
}

static void
test_refusals (void)
{
  assert_refused ("--server", NULL, "--server URL");
  assert_refused ("--timeout", "soon", "'soon'");
  assert_refused ("--server", "ftp://x", "'ftp://x' is no server");
}

static void
test_environment (void)
{
  g_autoptr (CtlArguments) from_environment = NULL;
  g_autoptr (CtlArguments) from_flag = NULL;

  g_setenv ("HEPTAD_SERVER", "unix:/run/heptad.sock", TRUE);
  from_environment = parse (NULL, "status", NULL);
  from_flag = parse (NULL, "status", "--server", "http://b", NULL);
  g_unsetenv ("HEPTAD_SERVER");
  g_assert_cmpstr (from_environment->server, ==, "unix:/run/heptad.sock");
  g_assert_cmpstr (from_flag->server, ==, "http://b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/arguments/common-flags-may-stand-anywhere", test_anywhere);
  g_test_add_func ("/ctl/arguments/two-dashes-end-the-flags", test_end_of_flags);
  g_test_add_func ("/ctl/arguments/a-wrong-flag-is-refused-by-name", test_refusals);
  g_test_add_func ("/ctl/arguments/a-flag-wins-over-the-environment", test_environment);
  return g_test_run ();
}
