/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-testing.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  HttpTest http;
  char *folder;
  char *certificate;
  char *key;
} TlsTest;

static void
make_certificate (TlsTest *test, const char *name)
{
  g_autofree char *subject = g_strconcat ("/CN=", name, NULL);
  const char *const command[] = { "openssl",
                                  "req",
                                  "-x509",
                                  "-newkey",
                                  "ec",
                                  "-pkeyopt",
                                  "ec_paramgen_curve:P-256",
                                  "-nodes",
                                  "-days",
                                  "2",
                                  "-subj",
                                  subject,
                                  "-keyout",
                                  test->key,
                                  "-out",
                                  test->certificate,
                                  NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) command, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static void
set_up (TlsTest *test, gconstpointer data)
{
  test->folder = g_dir_make_tmp ("heptad-test-XXXXXX", NULL);
  test->certificate = g_build_filename (test->folder, "certificate.pem", NULL);
  test->key = g_build_filename (test->folder, "key.pem", NULL);
  make_certificate (test, "first");
  http_test_init (&test->http);
  test->http.config.certificate_file = test->certificate;
  test->http.config.key_file = test->key;
  test->http.config.head_timeout_ms = 500;
  http_test_start (&test->http);
}

static void
tear_down (TlsTest *test, gconstpointer data)
{
  http_test_stop (&test->http);
  g_unlink (test->certificate);
  g_unlink (test->key);
  g_rmdir (test->folder);
  g_free (test->certificate);
  g_free (test->key);
  g_free (test->folder);
}

/* What curl prints for a request with these further arguments. */
static char *
curl (TlsTest *test, const char *path, const char *argument, const char *value)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u%s", test->http.port, path);
  const char *const command[] = { "curl", "-skv", "--max-time", "10", url, argument, value, NULL };
  g_autofree char *out = NULL;
  g_autofree char *log = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &log, NULL, NULL));
  return g_strconcat (log, "\n", out, NULL);
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("\"%s\" is missing in: %.4000s", part, text);
}

static void
test_serves (TlsTest *test, gconstpointer data)
{
  g_autofree char *small = curl (test, "/hello", NULL, NULL);
  g_autofree char *large = curl (test, "/large", NULL, NULL);
  g_autofree char *stream = curl (test, "/pieces", NULL, NULL);

  assert_contains (small, "TLSv1.3");
  assert_contains (small, "ALPN: server accepted http/1.1");
  assert_contains (small, "\nhello");
  g_assert_cmpuint (strlen (large), >, 4 * 1024 * 1024);
  g_assert_cmpuint (strlen (stream), >, 192 * 1024);
}

static void
test_old_version (TlsTest *test, gconstpointer data)
{
  g_autofree char *answer = curl (test, "/hello", "--tls-max", "1.2");

  g_assert_null (strstr (answer, "200 OK"));
  g_assert_cmpuint (test->http.handled, ==, 0);
}

static void
test_reload (TlsTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = curl (test, "/hello", NULL, NULL);
  g_autofree char *after = NULL;
  g_autofree char *still = NULL;

  assert_contains (before, "CN=first");
  make_certificate (test, "second");
  g_assert_true (heptad_http_server_reload_certificate (test->http.server, &error));
  after = curl (test, "/hello", NULL, NULL);
  assert_contains (after, "CN=second");

  g_unlink (test->certificate);
  g_assert_false (heptad_http_server_reload_certificate (test->http.server, &error));
  assert_contains (error->message, test->certificate);
  still = curl (test, "/hello", NULL, NULL);
  assert_contains (still, "CN=second");
}

static void
test_not_tls (TlsTest *test, gconstpointer data)
{
  int silent[20];
  g_autofree char *plain = http_test_ask (&test->http, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  g_autofree char *answer = NULL;

  g_assert_null (strstr (plain, "HTTP/1.1 200"));
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    silent[i] = http_test_dial (&test->http);
  answer = curl (test, "/hello", NULL, NULL);
  assert_contains (answer, "200 OK");
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    {
      g_assert_true (http_test_is_closed (silent[i]));
      close (silent[i]);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/http-tls/" name, TlsTest, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *program = g_find_program_in_path ("curl");

  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL || program == NULL)
    {
      g_print ("1..0 # SKIP this test needs the programs openssl and curl\n");
      return 0;
    }
  ADD ("tls-1.3-is-served", test_serves);
  ADD ("older-tls-is-refused", test_old_version);
  ADD ("a-new-certificate-is-used-without-restart", test_reload);
  ADD ("clients-that-do-not-shake-hands-hinder-nobody", test_not_tls);
  return g_test_run ();
}
