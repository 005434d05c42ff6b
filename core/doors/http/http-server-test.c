/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the door does for clients that behave. */
#include "core/doors/http/http-testing.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET(path)      "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define LAST_GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static void
set_up (HttpTest *test, gconstpointer data)
{
  http_test_init (test);
  http_test_start (test);
}

static void
tear_down (HttpTest *test, gconstpointer data)
{
  http_test_stop (test);
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("\"%s\" is missing in: %.2000s", part, text);
}

static void
test_keep_alive (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *answer = NULL;

      http_test_send (fd, GET ("/hello"));
      answer = http_test_receive (fd, "hello");
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
    }
  http_test_send (fd, LAST_GET ("/hello"));
  g_assert_true (http_test_is_closed (fd));
  close (fd);
}

static void
test_http_1_0 (HttpTest *test, gconstpointer data)
{
  g_autofree char *closed = http_test_ask (test, "GET /hello HTTP/1.0\r\n\r\n");
  g_autofree char *kept = NULL;
  int fd = http_test_dial (test);

  assert_contains (closed, "200 OK");
  http_test_send (fd, "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  kept = http_test_receive (fd, "hello");
  assert_contains (kept, "keep-alive");
  http_test_send (fd, "GET /hello HTTP/1.0\r\n\r\n");
  g_free (http_test_receive (fd, "hello"));
  close (fd);
}

static void
test_pipeline (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (
      test, GET ("/hello") "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst" GET (
                "/later") "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n" LAST_GET ("/later"));
  const char *first = strstr (answer, "first");
  const char *second = strstr (answer, "second");

  g_assert_cmpuint (http_test_count (answer, "HTTP/1.1 200 OK"), ==, 5);
  g_assert_cmpuint (http_test_count (answer, "/later"), ==, 2);
  g_assert_true (first != NULL && second > first);
}

static void
test_head (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (
      test, "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /later HTTP/1.1\r\nHost: a\r\n"
            "Connection: close\r\n\r\n");

  g_assert_cmpuint (http_test_count (answer, "HTTP/1.1 200 OK"), ==, 2);
  assert_contains (answer, "Content-Length: 5\r\n");
  g_assert_true (g_str_has_suffix (answer, "\r\n\r\n"));
  g_assert_null (strstr (answer, "hello"));
}

static void
test_expect_continue (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  g_autofree char *go_on = NULL;
  g_autofree char *answer = NULL;

  http_test_send (fd, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                      "Content-Length: 4\r\nConnection: close\r\n\r\n");
  go_on = http_test_receive (fd, "\r\n\r\n");
  g_assert_cmpstr (go_on, ==, "HTTP/1.1 100 Continue\r\n\r\n");
  http_test_send (fd, "body");
  answer = http_test_receive (fd, NULL);
  assert_contains (answer, "200 OK");
  g_assert_true (g_str_has_suffix (answer, "body"));
  close (fd);
}

static void
test_expect_refused (HttpTest *test, gconstpointer data)
{
  g_autofree char *private =
      http_test_ask (test, "POST /private HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                           "Content-Length: 4\r\n\r\n");
  g_autofree char *large =
      http_test_ask (test, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                           "Content-Length: 1001\r\n\r\n");

  g_assert_true (g_str_has_prefix (private, "HTTP/1.1 401 "));
  g_assert_true (g_str_has_prefix (large, "HTTP/1.1 413 "));
}

static void
test_early_refusal (HttpTest *test, gconstpointer data)
{
  /* The body never comes, and the answer does. */
  g_autofree char *private =
      http_test_ask (test, "POST /private HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  g_autofree char *large =
      http_test_ask (test, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  g_autofree char *none =
      http_test_ask (test, "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");

  g_assert_true (g_str_has_prefix (private, "HTTP/1.1 401 "));
  assert_contains (private, "WWW-Authenticate: Bearer");
  assert_contains (private, "application/problem+json");
  g_assert_true (g_str_has_prefix (large, "HTTP/1.1 413 "));
  assert_contains (large, "1000 bytes");
  g_assert_true (g_str_has_prefix (none, "HTTP/1.1 413 "));
  g_assert_cmpuint (test->handled, ==, 0);
}

static void
test_refusal_keeps_alive (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, GET ("/private") LAST_GET ("/hello"));

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 401 "));
  assert_contains (answer, "HTTP/1.1 200 OK");
}

static void
test_refusal_while_sending (HttpTest *test, gconstpointer data)
{
  /* A client that only reads when all is sent must still find the answer. */
  int fd = http_test_dial (test);
  g_autofree char *bytes = g_malloc0 (8 * 1024 * 1024);
  g_autofree char *answer = NULL;

  http_test_send (fd, "POST /private HTTP/1.1\r\nHost: a\r\nContent-Length: 8388608\r\n\r\n");
  g_assert_true (http_test_send_bytes (fd, bytes, 8 * 1024 * 1024));
  answer = http_test_receive (fd, NULL);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 401 "));
  close (fd);
}

static void
test_chunked_over_limit (HttpTest *test, gconstpointer data)
{
  g_autoptr (GString) request =
      g_string_new ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  g_autofree char *answer = NULL;

  for (guint i = 0; i < 101; i++)
    g_string_append (request, "a\r\n0123456789\r\n");
  answer = http_test_ask (test, request->str); /* with no last chunk */
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 413 "));
}

static guint64
memory_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %" G_GUINT64_FORMAT, &pages), ==, 1);
  return pages * (guint64) sysconf (_SC_PAGESIZE);
}

static gpointer
send_upload (gpointer data)
{
  static const char chunk_head[] = "100000\r\n";
  g_autofree char *chunk = g_malloc0 (0x100000);
  int fd = GPOINTER_TO_INT (data);

  for (guint i = 0; i < 200; i++)
    {
      http_test_send (fd, chunk_head);
      if (!http_test_send_bytes (fd, chunk, 0x100000))
        return NULL;
      http_test_send (fd, "\r\n");
    }
  http_test_send (fd, "0\r\n\r\n");
  return NULL;
}

static void
test_upload (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  guint64 before = memory_bytes ();
  g_autoptr (GThread) sender = NULL;
  g_autofree char *answer = NULL;
  HeptadHttpStats stats;

  http_test_send (fd, "POST /slow-upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                      "Connection: close\r\n\r\n");
  sender = g_thread_new ("sender", send_upload, GINT_TO_POINTER (fd));
  http_test_wait (test, &test->handled, 1);
  g_usleep (G_USEC_PER_SEC / 4);

  /* Nobody has read yet: the server must have stopped taking bytes long ago. */
  heptad_http_server_get_stats (test->server, &stats);
  g_assert_cmpuint (stats.bytes_in, <, 1024 * 1024);

  http_test_open_gate (test);
  answer = http_test_receive (fd, NULL);
  assert_contains (answer, "209715200 bytes");
  g_thread_join (g_steal_pointer (&sender));
  if (g_getenv ("ASAN_OPTIONS") == NULL)
    g_assert_cmpuint (memory_bytes (), <, before + 32 * 1024 * 1024);
  close (fd);
}

static void
test_stream (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  guint64 before = memory_bytes ();
  g_autofree char *answer = NULL;
  g_autofree char *buffer = g_malloc (1024 * 1024);
  guint64 total = 0;
  gssize got;

  http_test_send (fd, LAST_GET ("/stream"));
  answer = http_test_receive (fd, "\r\n\r\n");
  assert_contains (answer, "Transfer-Encoding: chunked");
  g_usleep (G_USEC_PER_SEC / 10); /* a reader that is late does not make the server's queue grow */
  if (g_getenv ("ASAN_OPTIONS") == NULL)
    g_assert_cmpuint (memory_bytes (), <, before + 32 * 1024 * 1024);
  while ((got = recv (fd, buffer, 1024 * 1024, 0)) > 0)
    total += (guint64) got;
  g_assert_cmpuint (total, >, 63 * 1024 * 1024);
  http_test_wait (test, &test->finished, 1);
  g_assert_no_error (test->failure);
  close (fd);
}

static void
test_stream_in_1_0 (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  g_autofree char *answer = NULL;

  http_test_send (fd, "GET /stream HTTP/1.0\r\n\r\n");
  answer = http_test_receive (fd, "\r\n\r\n");
  g_assert_null (strstr (answer, "chunked"));
  g_assert_true (http_test_is_closed (fd));
  close (fd);
}

static void
test_large (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, LAST_GET ("/large"));

  g_assert_cmpuint (strlen (strstr (answer, "\r\n\r\n")), ==, 4 + 4 * 1024 * 1024);
}

static void
test_dropped (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, LAST_GET ("/drop"));

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 500 "));
  assert_contains (answer, "application/problem+json");
}

static void
test_abort (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, GET ("/abort"));

  g_assert_null (strstr (answer, "\r\n0\r\n\r\n"));
}

static void
test_after_stream (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  g_autofree char *streamed = NULL;
  g_autofree char *answer = NULL;

  http_test_send (fd, GET ("/pieces"));
  streamed = http_test_receive (fd, "0\r\n\r\n");
  assert_contains (streamed, "Transfer-Encoding: chunked");
  http_test_send (fd, LAST_GET ("/hello"));
  answer = http_test_receive (fd, NULL);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK"));
  g_assert_true (g_str_has_suffix (answer, "hello"));
  close (fd);
}

static void
test_no_content (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, GET ("/nothing") LAST_GET ("/hello"));

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 204 No Content\r\n"));
  g_assert_cmpuint (http_test_count (answer, "Content-Length"), ==, 1);
  g_assert_null (strstr (answer, "chunked"));
  assert_contains (answer, "hello");
}

static void
test_head_of_stream (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer =
      http_test_ask (test, "HEAD /pieces HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  assert_contains (answer, "Transfer-Encoding: chunked");
  g_assert_true (g_str_has_suffix (answer, "\r\n\r\n"));
  g_assert_cmpuint (http_test_count (answer, "\r\n\r\n"), ==, 1);
}

static void
test_injection (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, LAST_GET ("/inject"));

  assert_contains (answer, "hello");
  g_assert_null (strstr (answer, "X-"));
  g_test_assert_expected_messages ();
}

static void
test_unix (void)
{
  HttpTest test;
  g_autofree char *folder = g_dir_make_tmp ("heptad-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "socket", NULL);
  g_autofree char *where = g_strconcat ("unix:", path, NULL);
  const char *const listen[] = { where, NULL };
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  int fd;

  http_test_init (&test);
  test.config.listen = listen;
  http_test_start (&test);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  fcntl (fd, F_SETFL, 0); /* GSocket has made it non-blocking */
  http_test_send (fd, LAST_GET ("/hello"));
  answer = http_test_receive (fd, "hello");
  assert_contains (answer, "200 OK");
  http_test_stop (&test);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

static gpointer
ask_many (gpointer data)
{
  int fd = http_test_dial (data);

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *answer = NULL;

      http_test_send (fd, i % 2 == 0 ? GET ("/hello") : GET ("/later"));
      answer = http_test_receive (fd, i % 2 == 0 ? "hello" : "/later");
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK"));
    }
  close (fd);
  return NULL;
}

static void
test_threads (HttpTest *test, gconstpointer data)
{
  GThread *threads[8];
  HeptadHttpStats stats;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", ask_many, test);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  heptad_http_server_get_stats (test->server, &stats);
  g_assert_cmpuint (stats.requests, ==, 1600);
  g_assert_cmpuint (stats.connections_total, ==, 8);
  g_assert_cmpuint (stats.refused, ==, 0);
}

static void
test_bad_addresses (void)
{
  static const char *const wrong[] = { "nonsense",        "127.0.0.1",          "127.0.0.1:http",
                                       "127.0.0.1:70000", "example.invalid:80", ":80" };
  const HeptadHttpHandler handler = { NULL };
  HeptadHttpConfig config;

  heptad_http_config_init (&config);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *const listen[] = { wrong[i], NULL };
      g_autoptr (GError) error = NULL;

      config.listen = listen;
      g_assert_null (heptad_http_server_new (&config, &handler, NULL, &error));
      assert_contains (error->message, wrong[i]);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/http-server/" name, HttpTest, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-connection-is-kept-alive", test_keep_alive);
  ADD ("http-1.0-closes-unless-asked", test_http_1_0);
  ADD ("a-pipeline-is-answered-in-order", test_pipeline);
  ADD ("head-is-get-without-body", test_head);
  ADD ("100-continue-comes-after-judging", test_expect_continue);
  ADD ("a-refused-expectation-gets-no-100", test_expect_refused);
  ADD ("401-and-413-leave-before-the-body", test_early_refusal);
  ADD ("a-refusal-without-body-keeps-the-connection", test_refusal_keeps_alive);
  ADD ("a-refusal-reaches-a-client-that-is-still-sending", test_refusal_while_sending);
  ADD ("a-chunked-body-over-its-limit-is-refused", test_chunked_over_limit);
  ADD ("an-upload-waits-for-its-reader", test_upload);
  ADD ("a-streamed-response-waits-for-its-client", test_stream);
  ADD ("a-streamed-response-ends-with-the-connection-in-1.0", test_stream_in_1_0);
  ADD ("a-streamed-response-keeps-the-connection", test_after_stream);
  ADD ("the-head-of-a-streamed-response-has-no-body", test_head_of_stream);
  ADD ("204-has-no-body-and-keeps-the-connection", test_no_content);
  ADD ("a-large-response-arrives-whole", test_large);
  ADD ("an-exchange-dropped-unanswered-gets-a-500", test_dropped);
  ADD ("an-aborted-response-has-no-last-chunk", test_abort);
  ADD ("a-header-cannot-be-injected", test_injection);
  ADD ("clients-are-served-on-several-threads", test_threads);
  g_test_add_func ("/http-server/a-unix-socket-is-served-and-removed", test_unix);
  g_test_add_func ("/http-server/a-bad-address-is-named", test_bad_addresses);
  return g_test_run ();
}
