/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/credentials.h"

#include <string.h>

static HeptadPrincipal *
make_principal (const char *id, gint64 expires_at_us)
{
  g_autoptr (HeptadGrants) grants = heptad_grants_new ();
  HeptadPrincipalFields fields = {
    .id = id,
    .tenant_id = "default",
    .grants = grants,
    .expires_at_us = expires_at_us,
  };

  heptad_grants_add (grants, "host:*", NULL);
  return heptad_principal_new (&fields);
}

static char *
add_key (HeptadCredentials *credentials, const char *id, gint64 expires_at_us)
{
  g_autofree char *token = heptad_token_generate (HEPTAD_TOKEN_KEY_PREFIX);
  g_autoptr (HeptadPrincipal) principal = make_principal (id, expires_at_us);
  HeptadTokenDigest digest;

  g_assert_true (heptad_token_digest (token, strlen (token), &digest));
  heptad_credentials_set (credentials, &digest, principal);
  return g_steal_pointer (&token);
}

static void
remove_key (HeptadCredentials *credentials, const char *token)
{
  HeptadTokenDigest digest;

  g_assert_true (heptad_token_digest (token, strlen (token), &digest));
  heptad_credentials_remove (credentials, &digest);
}

static HeptadPrincipal *
authenticate (HeptadCredentials *credentials, const char *token)
{
  return heptad_credentials_authenticate (credentials, token, strlen (token));
}

static void
test_known (void)
{
  g_autoptr (HeptadCredentials) credentials = heptad_credentials_new ();
  g_autofree char *token = add_key (credentials, "key/1", 0);
  g_autofree char *other = heptad_token_generate (HEPTAD_TOKEN_KEY_PREFIX);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (HeptadPrincipal) principal = authenticate (credentials, token);

      g_assert_cmpstr (heptad_principal_get_id (principal), ==, "key/1");
      g_assert_true (heptad_principal_is_allowed (principal, "host:ping", NULL));
      g_assert_false (heptad_principal_is_allowed (principal, "cost:read", NULL));
    }
  g_assert_null (authenticate (credentials, other));
  g_assert_null (authenticate (credentials, ""));
  g_assert_null (authenticate (credentials, "hep_"));
  token[20] ^= 1;
  g_assert_null (authenticate (credentials, token));
}

static void
test_expired (void)
{
  g_autoptr (HeptadCredentials) credentials = heptad_credentials_new ();
  gint64 now_us = g_get_real_time ();
  g_autofree char *soon = add_key (credentials, "key/1", now_us + 100000);
  g_autofree char *past = add_key (credentials, "key/2", now_us - 1);
  g_autoptr (HeptadPrincipal) principal = authenticate (credentials, soon);

  g_assert_nonnull (principal);
  g_assert_null (authenticate (credentials, past));
  g_usleep (120000);
  g_assert_null (authenticate (credentials, soon));
}

static gpointer
watch_key (gpointer data)
{
  gpointer *arguments = data;
  HeptadCredentials *credentials = arguments[0];
  gint *revoked = arguments[2];
  guint n_after = 0;

  while (n_after < 1000)
    {
      gboolean was_revoked = g_atomic_int_get (revoked);
      g_autoptr (HeptadPrincipal) principal = authenticate (credentials, arguments[1]);

      if (was_revoked)
        {
          g_assert_null (principal);
          n_after++;
        }
      else if (principal == NULL)
        g_assert_true (TRUE);
    }
  return NULL;
}

static void
test_revoked (void)
{
  g_autoptr (HeptadCredentials) credentials = heptad_credentials_new ();
  g_autofree char *token = add_key (credentials, "key/1", 0);
  gint revoked = 0;
  gpointer arguments[] = { credentials, token, &revoked };
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("watch", watch_key, arguments);
  g_usleep (20000);
  remove_key (credentials, token);
  g_atomic_int_set (&revoked, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_scope (void)
{
  g_autoptr (HeptadGrants) grants = heptad_grants_new ();
  g_autoptr (HeptadGrants) scope = heptad_grants_new ();
  HeptadPrincipalFields fields = { "key/1", "default", NULL, grants, scope, 0 };
  g_autoptr (HeptadPrincipal) principal = NULL;

  heptad_grants_add (grants, "cost:read", NULL);
  heptad_grants_add (scope, "cost:*", "account/1");
  principal = heptad_principal_new (&fields);
  g_assert_true (heptad_principal_is_allowed (principal, "cost:read", "account/1"));
  g_assert_false (heptad_principal_is_allowed (principal, "cost:read", "account/2"));
  g_assert_false (heptad_principal_is_allowed (principal, "cost:write", "account/1"));
}

static void
test_speed (void)
{
  enum { N_CALLS = 200000 };
  g_autoptr (HeptadCredentials) credentials = heptad_credentials_new ();
  g_autofree char *token = add_key (credentials, "key/1", 0);
  gsize length = strlen (token);
  gint64 began = g_get_monotonic_time ();
  double microseconds;

  for (guint i = 0; i < N_CALLS; i++)
    heptad_principal_unref (heptad_credentials_authenticate (credentials, token, length));
  microseconds = (double) (g_get_monotonic_time () - began) / N_CALLS;

  g_test_minimized_result (microseconds, "%.3f microseconds a look-up", microseconds);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/a-known-token-is-let-in-and-no-other", test_known);
  g_test_add_func ("/credentials/an-expired-token-is-refused", test_expired);
  g_test_add_func ("/credentials/a-revoked-token-is-refused-on-every-thread", test_revoked);
  g_test_add_func ("/credentials/a-scope-narrows-what-its-owner-may-do", test_scope);
  g_test_add_func ("/credentials/a-look-up-is-fast", test_speed);
  return g_test_run ();
}
