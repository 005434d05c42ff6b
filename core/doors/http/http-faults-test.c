/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the door does with clients that do not behave, and while it is being shut. */
#include "core/doors/http/http-probes.h"
#include "core/doors/http/http-testing.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static void
set_up (HttpTest *test, gconstpointer data)
{
  http_test_init (test);
  http_test_start (test);
}

static void
set_up_impatient (HttpTest *test, gconstpointer data)
{
  http_test_init (test);
  test->config.head_timeout_ms = 200;
  test->config.idle_timeout_ms = 300;
  test->config.body_timeout_ms = 200;
  test->config.body_min_rate = 1000;
  test->config.write_timeout_ms = 300;
  http_test_start (test);
}

static void
tear_down (HttpTest *test, gconstpointer data)
{
  http_test_stop (test);
}

static void
assert_starts (const char *text, const char *start)
{
  if (!g_str_has_prefix (text, start))
    g_error ("Expected \"%s\", and this came: %.500s", start, text);
}

static void
assert_still_serves (HttpTest *test)
{
  g_autofree char *answer =
      http_test_ask (test, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  assert_starts (answer, "HTTP/1.1 200 OK\r\n");
}

static void
wait_for_connections (HttpTest *test, guint64 open)
{
  HeptadHttpStats stats;

  for (guint i = 0; i < 500; i++)
    {
      heptad_http_server_get_stats (test->server, &stats);
      if (stats.connections_open == open)
        return;
      g_usleep (10 * 1000);
    }
  g_error ("%" G_GUINT64_FORMAT " connections are still open.", stats.connections_open);
}

/* Sends the probe behind a good request, and the good one again behind it: the guard must answer
 * the first, refuse the probe, and never see the third. */
static void
try_probe (HttpTest *test, const HeptadHttpProbe *probe)
{
  int fd = http_test_dial (test);
  g_autofree char *answer = NULL;
  g_autofree char *expected = g_strdup_printf ("HTTP/1.1 %u ", probe->status);
  const char *refusal;

  http_test_send (fd, REQUEST ("/hello"));
  http_test_send_bytes (fd, probe->bytes, probe->length);
  http_test_send (fd, "\r\n\r\n" REQUEST ("/smuggled"));
  answer = http_test_receive (fd, NULL);
  assert_starts (answer, "HTTP/1.1 200 OK\r\n");
  refusal = strstr (answer, expected);
  if (refusal == NULL)
    g_error ("%s should be refused with %u, and this came: %s", probe->name, probe->status, answer);
  g_assert_nonnull (strstr (refusal, "Content-Type: application/problem+json\r\n"));
  g_assert_nonnull (strstr (refusal, "Connection: close\r\n"));
  g_assert_cmpuint (http_test_count (answer, "\r\nContent-Length: "), ==, 2);
  close (fd);
}

static void
test_probes (HttpTest *test, gconstpointer data)
{
  HeptadHttpStats stats;

  for (gsize i = 0; i < G_N_ELEMENTS (heptad_http_probes); i++)
    {
      g_test_message ("%s", heptad_http_probes[i].name);
      try_probe (test, &heptad_http_probes[i]);
    }
  heptad_http_server_get_stats (test->server, &stats);
  g_assert_cmpuint (stats.refused, ==, G_N_ELEMENTS (heptad_http_probes));
  assert_still_serves (test);
}

static void
test_bad_chunks (HttpTest *test, gconstpointer data)
{
  g_autofree char *buffered =
      http_test_ask (test, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3\r\nabcX");
  g_autofree char *streamed =
      http_test_ask (test, "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "3\r\nabcX");

  assert_starts (buffered, "HTTP/1.1 400 ");
  assert_starts (streamed, "HTTP/1.1 400 ");
  g_assert_error (test->failure, HEPTAD_ERROR, HEPTAD_ERROR_MALFORMED);
}

static void
test_slow_head (HttpTest *test, gconstpointer data)
{
  g_autofree char *partial = http_test_ask (test, "GET /hello HTTP/1.1\r\nHost: ");
  g_autofree char *silent = http_test_ask (test, "");

  assert_starts (partial, "HTTP/1.1 408 ");
  g_assert_cmpstr (silent, ==, "");
  wait_for_connections (test, 0);
}

static void
test_idle (HttpTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (test, REQUEST ("/hello"));

  g_assert_true (g_str_has_suffix (answer, "hello"));
  wait_for_connections (test, 0);
}

static void
test_slow_body (HttpTest *test, gconstpointer data)
{
  g_autofree char *buffered =
      http_test_ask (test, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  g_autofree char *streamed =
      http_test_ask (test, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");

  assert_starts (buffered, "HTTP/1.1 408 ");
  assert_starts (streamed, "HTTP/1.1 400 ");
  g_assert_error (test->failure, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED);
  wait_for_connections (test, 0);
}

static void
test_slow_reader (HttpTest *test, gconstpointer data)
{
  int streamed = http_test_dial (test);
  int buffered = http_test_dial (test);

  /* Neither reads anything. */
  http_test_send (streamed, REQUEST ("/stream"));
  for (guint i = 0; i < 4; i++)
    http_test_send (buffered, REQUEST ("/large"));
  http_test_wait (test, &test->finished, 1);
  g_assert_error (test->failure, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED);
  wait_for_connections (test, 0);
  close (streamed);
  close (buffered);
}

static void
test_slow_handler (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  g_autofree char *answer = NULL;

  /* The server's own slowness is no fault of the client's. */
  http_test_send (fd, REQUEST ("/gated"));
  g_usleep (G_USEC_PER_SEC);
  http_test_open_gate (test);
  answer = http_test_receive (fd, "/gated");
  assert_starts (answer, "HTTP/1.1 200 OK");
  close (fd);
}

static void
hang_up (HttpTest *test, const char *request, gboolean reset)
{
  const struct linger now = { .l_onoff = 1, .l_linger = 0 };
  int fd = http_test_dial (test);

  http_test_send (fd, request);
  g_usleep (20 * 1000);
  if (reset)
    setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close (fd);
}

static void
test_hang_ups (HttpTest *test, gconstpointer data)
{
  static const char *const requests[] = {
    "",
    "GET /hel",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
    "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
    "POST /slow-upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
    "POST /private HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
    REQUEST ("/hello"),
    REQUEST ("/large"),
    REQUEST ("/stream"),
    REQUEST ("/gated"),
    REQUEST ("/gated") REQUEST ("/gated") REQUEST ("/hello"),
    "GET / HTTP/9\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    for (guint reset = 0; reset < 2; reset++)
      {
        g_test_message ("%s", requests[i]);
        hang_up (test, requests[i], reset == 1);
      }
  http_test_open_gate (test);
  wait_for_connections (test, 0);
  assert_still_serves (test);
}

static void
test_truncated (HttpTest *test, gconstpointer data)
{
  hang_up (test, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", FALSE);
  hang_up (test, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", TRUE);
  hang_up (test, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc",
           FALSE);
  wait_for_connections (test, 0);
  g_assert_cmpuint (test->handled, ==, 0);
}

static void
test_cancelled (HttpTest *test, gconstpointer data)
{
  hang_up (test, REQUEST ("/gated"), FALSE);
  http_test_wait (test, &test->cancelled, 1);
  hang_up (test, REQUEST ("/gated"), TRUE);
  http_test_wait (test, &test->cancelled, 2);
}

static void
test_half_close (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);
  g_autofree char *answer = NULL;

  http_test_send (fd, REQUEST ("/gated"));
  shutdown (fd, SHUT_WR);
  http_test_wait (test, &test->cancelled, 1);
  http_test_open_gate (test);
  answer = http_test_receive (fd, NULL);
  assert_starts (answer, "HTTP/1.1 200 OK");
  close (fd);
}

static void
on_drained (gboolean in_time, gpointer data)
{
  *(int *) data = in_time ? 1 : 2;
}

static int
drain (HttpTest *test, guint timeout_ms)
{
  int outcome = 0;

  heptad_http_server_drain (test->server, timeout_ms, on_drained, &outcome);
  while (outcome == 0)
    g_main_context_iteration (NULL, TRUE);
  return outcome;
}

static gpointer
open_gate_later (gpointer data)
{
  g_usleep (200 * 1000);
  http_test_open_gate (data);
  return NULL;
}

static void
test_drain (HttpTest *test, gconstpointer data)
{
  int idle = http_test_dial (test);
  int unused = http_test_dial (test);
  int working = http_test_dial (test);
  g_autoptr (GThread) opener = NULL;
  g_autofree char *answer = NULL;

  http_test_send (idle, REQUEST ("/hello"));
  g_free (http_test_receive (idle, "hello"));
  http_test_send (working, REQUEST ("/gated"));
  http_test_wait (test, &test->handled, 2);
  opener = g_thread_new ("opener", open_gate_later, test);
  g_assert_cmpint (drain (test, 5000), ==, 1);
  g_thread_join (g_steal_pointer (&opener));

  answer = http_test_receive (working, NULL);
  assert_starts (answer, "HTTP/1.1 200 OK");
  g_assert_nonnull (strstr (answer, "Connection: close"));
  g_assert_true (http_test_is_closed (idle));
  g_assert_true (http_test_is_closed (unused));
  close (idle);
  close (unused);
  close (working);
}

static void
test_drain_deadline (HttpTest *test, gconstpointer data)
{
  int fd = http_test_dial (test);

  http_test_send (fd, REQUEST ("/gated"));
  http_test_wait (test, &test->handled, 1);
  g_assert_cmpint (drain (test, 100), ==, 2);
  g_assert_true (http_test_is_closed (fd));
  close (fd);
}

static gpointer
ask_until_closed (gpointer data)
{
  int fd = http_test_dial (data);
  guint answered = 0;

  for (;;)
    {
      g_autofree char *answer = NULL;

      http_test_send (fd, REQUEST ("/later"));
      answer = http_test_receive (fd, "/later");
      if (*answer == '\0')
        break;
      assert_starts (answer, "HTTP/1.1 200 OK");
      g_assert_true (g_str_has_suffix (answer, "/later"));
      answered++;
      if (strstr (answer, "Connection: close") != NULL)
        break;
    }
  close (fd);
  return GUINT_TO_POINTER (answered);
}

static void
test_drain_under_load (HttpTest *test, gconstpointer data)
{
  GThread *threads[8];
  guint64 answered = 0;
  HeptadHttpStats stats;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", ask_until_closed, test);
  g_usleep (200 * 1000);
  g_assert_cmpint (drain (test, 5000), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    answered += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  heptad_http_server_get_stats (test->server, &stats);
  g_assert_cmpuint (answered, ==, stats.requests);
}

/* Two threads accept, so which of several connections came last is not told by their order. */
static int *
find_closed (int *fds, guint n_fds)
{
  struct pollfd polled[8];
  int *closed = NULL;

  for (guint i = 0; i < n_fds; i++)
    polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
  g_assert_cmpint (poll (polled, n_fds, 10000), ==, 1);
  for (guint i = 0; i < n_fds; i++)
    if (polled[i].revents != 0)
      closed = &fds[i];
  return closed;
}

static void
test_limits (void)
{
  HttpTest test;
  int fds[4];
  int *refused;

  http_test_init (&test);
  test.config.max_connections_per_address = 3;
  http_test_start (&test);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = http_test_dial (&test);
  refused = find_closed (fds, G_N_ELEMENTS (fds));
  g_assert_true (http_test_is_closed (*refused));
  close (*refused);
  *refused = fds[3];
  close (fds[0]);
  wait_for_connections (&test, 2);
  assert_still_serves (&test);
  close (fds[1]);
  close (fds[2]);
  http_test_stop (&test);
}

#define ADD(name, set_up, function)                                                                \
  g_test_add ("/http-faults/" name, HttpTest, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-probe-is-refused-and-the-connection-closed", set_up, test_probes);
  ADD ("bad-chunks-are-refused", set_up, test_bad_chunks);
  ADD ("a-slow-head-is-cut-off", set_up_impatient, test_slow_head);
  ADD ("an-idle-connection-is-closed", set_up_impatient, test_idle);
  ADD ("a-slow-body-is-cut-off", set_up_impatient, test_slow_body);
  ADD ("a-client-that-does-not-read-is-cut-off", set_up_impatient, test_slow_reader);
  ADD ("a-slow-handler-is-waited-for", set_up_impatient, test_slow_handler);
  ADD ("clients-may-hang-up-in-every-state", set_up, test_hang_ups);
  ADD ("a-truncated-body-is-never-handled", set_up, test_truncated);
  ADD ("a-handler-learns-that-its-client-is-gone", set_up, test_cancelled);
  ADD ("half-a-close-still-gets-its-answer", set_up, test_half_close);
  ADD ("draining-answers-what-is-in-flight", set_up, test_drain);
  ADD ("draining-ends-at-its-deadline", set_up, test_drain_deadline);
  ADD ("draining-under-load-loses-no-request", set_up, test_drain_under_load);
  g_test_add_func ("/http-faults/connections-of-one-address-are-limited", test_limits);
  return g_test_run ();
}
