/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/password.h"

#include <string.h>

#include "sdk/heptad-error.h"

static const HeptadPasswordCost cheap = { 64, 1, 1 };

static void
test_round_trip (void)
{
  g_autoptr (HeptadPasswords) passwords = heptad_passwords_new (&cheap, 2, 8);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = heptad_passwords_hash (passwords, "correct horse battery", &error);
  g_autofree char *again = heptad_passwords_hash (passwords, "correct horse battery", NULL);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_cmpstr (hash, !=, again);
  g_assert_true (heptad_passwords_verify (passwords, hash, "correct horse battery", &error));
  g_assert_no_error (error);
  g_assert_false (heptad_passwords_verify (passwords, hash, "correct horse batterz", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED);
}

static void
test_lengths (void)
{
  g_autoptr (HeptadPasswords) passwords = heptad_passwords_new (&cheap, 1, 8);
  g_autoptr (GError) error = NULL;
  g_autofree char *endless = g_strnfill (4000, 'x');
  g_autofree char *hash = heptad_passwords_hash (passwords, "correct horse battery", NULL);

  g_assert_null (heptad_passwords_hash (passwords, "short", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (heptad_passwords_hash (passwords, endless, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_false (heptad_passwords_verify (passwords, hash, endless, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED);
}

static void
test_nobody (void)
{
  g_autoptr (HeptadPasswords) passwords = heptad_passwords_new (&cheap, 1, 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autofree char *hash = heptad_passwords_hash (passwords, "correct horse battery", NULL);

  g_assert_false (heptad_passwords_verify (passwords, NULL, "correct horse battery", &error));
  g_assert_false (heptad_passwords_verify (passwords, hash, "something else", &wrong));
  g_assert_cmpstr (error->message, ==, wrong->message);
}

static gpointer
sign_in (gpointer data)
{
  gpointer *arguments = data;
  g_autoptr (GError) error = NULL;

  heptad_passwords_verify (arguments[0], arguments[1], "wrong password!", &error);
  return GINT_TO_POINTER (error->code);
}

static void
test_bounded (void)
{
  const HeptadPasswordCost slow = { 32 * 1024, 3, 1 };
  g_autoptr (HeptadPasswords) passwords = heptad_passwords_new (&slow, 1, 2);
  g_autofree char *hash = heptad_passwords_hash (passwords, "correct horse battery", NULL);
  gpointer arguments[] = { passwords, hash };
  GThread *threads[16];
  guint n_busy = 0, n_answered = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("sign-in", sign_in, arguments);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      int code = GPOINTER_TO_INT (g_thread_join (threads[i]));

      n_busy += code == HEPTAD_ERROR_BUSY;
      n_answered += code == HEPTAD_ERROR_UNAUTHENTICATED;
    }
  g_assert_cmpuint (n_busy + n_answered, ==, G_N_ELEMENTS (threads));
  g_assert_cmpuint (n_busy, >, 0);
  g_assert_cmpuint (n_answered, >, 0);
}

static void
test_generated (void)
{
  g_autofree char *first = heptad_password_generate ();
  g_autofree char *second = heptad_password_generate ();

  g_assert_cmpuint (strlen (first), ==, 23);
  g_assert_cmpstr (first, !=, second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/fits-its-own-hash-only", test_round_trip);
  g_test_add_func ("/password/too-short-or-long-is-refused", test_lengths);
  g_test_add_func ("/password/does-not-tell-whether-a-user-exists", test_nobody);
  g_test_add_func ("/password/a-storm-of-sign-ins-is-cut-off", test_bounded);
  g_test_add_func ("/password/generated-ones-differ", test_generated);
  return g_test_run ();
}
