/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_US        (10 * G_USEC_PER_SEC)
#define STREAM_PIECES      1024
#define STREAM_PIECE_BYTES (64 * 1024)

static void
bump (HttpTest *test, guint *counter)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&test->lock);

  (*counter)++;
  g_cond_broadcast (&test->changed);
}

static void
keep_failure (HttpTest *test, GError *error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&test->lock);

  g_clear_error (&test->failure);
  test->failure = error;
}

static void
wait_for_gate (HttpTest *test)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&test->lock);

  while (!test->gate)
    g_cond_wait (&test->changed, &test->lock);
}

static void
respond (HeptadHttpExchange *exchange, guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  heptad_http_exchange_respond (exchange, status, "text/plain", body);
}

static void
read_upload (HttpTest *test, HeptadHttpExchange *exchange)
{
  g_autoptr (GInputStream) stream = heptad_http_exchange_get_body_stream (exchange);
  g_autofree char *buffer = g_malloc (STREAM_PIECE_BYTES);
  g_autofree char *answer = NULL;
  GError *error = NULL;
  guint64 total = 0;
  gssize got;

  while ((got = g_input_stream_read (stream, buffer, STREAM_PIECE_BYTES, NULL, &error)) > 0)
    {
      total += (guint64) got;
      g_mutex_lock (&test->lock);
      test->uploaded = total;
      g_mutex_unlock (&test->lock);
    }
  keep_failure (test, error);
  answer = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes", total);
  respond (exchange, error == NULL ? 200 : 400, answer);
}

static void
write_stream (HttpTest *test, HeptadHttpExchange *exchange, guint pieces)
{
  g_autoptr (GOutputStream) stream = heptad_http_exchange_begin_stream (
      exchange, 200, heptad_http_exchange_get_header (exchange, "Accept"));
  g_autofree char *piece = g_strnfill (STREAM_PIECE_BYTES, 'x');
  GError *error = NULL;

  for (guint i = 0; i < pieces && error == NULL; i++)
    g_output_stream_write_all (stream, piece, STREAM_PIECE_BYTES, NULL, NULL, &error);
  if (error == NULL && pieces > 1)
    g_output_stream_close (stream, NULL, &error);
  keep_failure (test, error);
}

static void
work (gpointer data, gpointer user_data)
{
  g_autoptr (HeptadHttpExchange) exchange = data;
  HttpTest *test = user_data;
  const char *path = heptad_http_exchange_get_path (exchange);

  if (strcmp (path, "/gated") == 0 || strcmp (path, "/slow-upload") == 0)
    wait_for_gate (test);
  if (g_str_has_suffix (path, "upload"))
    read_upload (test, exchange);
  else if (strcmp (path, "/stream") == 0)
    write_stream (test, exchange, STREAM_PIECES);
  else if (strcmp (path, "/pieces") == 0)
    write_stream (test, exchange, 3);
  else if (strcmp (path, "/abort") == 0)
    write_stream (test, exchange, 1);
  else if (strcmp (path, "/drop") != 0)
    respond (exchange, 200, path);
  bump (test, &test->finished);
}

static void
judge (HeptadHttpExchange *exchange, gpointer data)
{
  const char *path = heptad_http_exchange_get_path (exchange);

  if (strcmp (path, "/private") == 0)
    {
      heptad_http_exchange_set_header (exchange, "WWW-Authenticate", "Bearer");
      heptad_http_exchange_respond_problem (exchange, 401, "Who are you?");
    }
  else if (strcmp (path, "/echo") == 0 || strcmp (path, "/") == 0)
    heptad_http_exchange_set_body_mode (exchange, HEPTAD_HTTP_BODY_BUFFERED, 1000);
  else if (g_str_has_suffix (path, "upload"))
    heptad_http_exchange_set_body_mode (exchange, HEPTAD_HTTP_BODY_STREAMED, G_MAXINT32);
}

static void
on_cancelled (GCancellable *cancellable, HttpTest *test)
{
  bump (test, &test->cancelled);
}

static void
handle_inline (HttpTest *test, HeptadHttpExchange *exchange, const char *path)
{
  if (strcmp (path, "/echo") == 0)
    heptad_http_exchange_respond (exchange, 200, "text/plain",
                                  heptad_http_exchange_get_body (exchange));
  else if (strcmp (path, "/text") == 0)
    {
      g_autofree char *text = g_strnfill (100 * 1000, 'x');

      heptad_http_exchange_set_header (exchange, "ETag", "\"1\"");
      respond (exchange, 200, text);
    }
  else if (strcmp (path, "/nothing") == 0)
    heptad_http_exchange_respond (exchange, 204, NULL, NULL);
  else if (strcmp (path, "/large") == 0)
    {
      g_autofree char *text = g_strnfill (4 * 1024 * 1024, 'x');

      respond (exchange, 200, text);
    }
  else
    {
      if (strcmp (path, "/inject") == 0)
        {
          g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*cannot be sent*");
          heptad_http_exchange_set_header (exchange, "X-Bad", "a\r\nX-Injected: b");
        }
      respond (exchange, 200, "hello");
    }
}

static void
handle (HeptadHttpExchange *exchange, gpointer data)
{
  static const char *const pooled[] = { "/later",       "/gated",  "/upload",
                                        "/slow-upload", "/stream", "/pieces",
                                        "/abort",       "/drop",   NULL };
  HttpTest *test = data;
  const char *path = heptad_http_exchange_get_path (exchange);

  bump (test, &test->handled);
  if (test->handle != NULL)
    {
      test->handle (exchange, test->handle_data);
      return;
    }
  if (!g_strv_contains (pooled, path))
    {
      handle_inline (test, exchange, path);
      return;
    }
  g_cancellable_connect (heptad_http_exchange_get_cancellable (exchange), G_CALLBACK (on_cancelled),
                         test, NULL);
  g_thread_pool_push (test->pool, heptad_http_exchange_ref (exchange), NULL);
}

static GBytes *
problem (guint status,
         const char *detail,
         const char *instance,
         const char **content_type,
         gpointer data)
{
  char *text = g_strdup_printf ("{\"status\":%u,\"detail\":\"%s\"}", status, detail);

  return g_bytes_new_take (text, strlen (text));
}

void
http_test_init (HttpTest *test)
{
  static const char *const listen[] = { "127.0.0.1:0", NULL };

  memset (test, 0, sizeof *test);
  heptad_http_config_init (&test->config);
  test->config.listen = listen;
  test->config.n_threads = 2;
}

void
http_test_start (HttpTest *test)
{
  const HeptadHttpHandler handler = { judge, handle, problem };
  g_autoptr (GError) error = NULL;

  g_mutex_init (&test->lock);
  g_cond_init (&test->changed);
  test->pool = g_thread_pool_new (work, test, 16, FALSE, NULL);
  test->server = heptad_http_server_new (&test->config, &handler, test, &error);
  g_assert_no_error (error);
  heptad_http_server_start (test->server);
  test->port =
      (guint16) atoi (strrchr (heptad_http_server_get_addresses (test->server)[0], ':') + 1);
}

void
http_test_open_gate (HttpTest *test)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&test->lock);

  test->gate = TRUE;
  g_cond_broadcast (&test->changed);
}

void
http_test_stop (HttpTest *test)
{
  http_test_open_gate (test);
  heptad_http_server_free (test->server);
  g_thread_pool_free (test->pool, FALSE, TRUE);
  g_clear_error (&test->failure);
  g_mutex_clear (&test->lock);
  g_cond_clear (&test->changed);
}

void
http_test_wait (HttpTest *test, const guint *counter, guint number)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&test->lock);

  while (*counter < number)
    g_assert_true (g_cond_wait_until (&test->changed, &test->lock, until_us));
}

int
http_test_dial (HttpTest *test)
{
  const struct timeval patience = { .tv_sec = PATIENCE_US / G_USEC_PER_SEC };
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (test->port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return fd;
}

gboolean
http_test_send_bytes (int fd, const void *data, gsize length)
{
  const char *bytes = data;

  while (length > 0)
    {
      gssize sent = send (fd, bytes, length, MSG_NOSIGNAL);

      if (sent <= 0)
        return FALSE;
      bytes += sent;
      length -= (gsize) sent;
    }
  return TRUE;
}

void
http_test_send (int fd, const char *text)
{
  http_test_send_bytes (fd, text, strlen (text));
}

char *
http_test_receive (int fd, const char *until)
{
  g_autoptr (GString) received = g_string_new (NULL);
  char buffer[64 * 1024];

  while (until == NULL || strstr (received->str, until) == NULL)
    {
      gssize got = recv (fd, buffer, sizeof buffer, 0);

      if (got < 0 && errno == EAGAIN)
        g_error ("The server neither answered nor closed. So far it said: %s", received->str);
      if (got <= 0)
        break;
      g_string_append_len (received, buffer, got);
    }
  return g_string_free (g_steal_pointer (&received), FALSE);
}

char *
http_test_ask (HttpTest *test, const char *request)
{
  int fd = http_test_dial (test);
  char *answer;

  http_test_send (fd, request);
  answer = http_test_receive (fd, NULL);
  close (fd);
  return answer;
}

gboolean
http_test_is_closed (int fd)
{
  char buffer[4096];
  gssize got;

  do
    got = recv (fd, buffer, sizeof buffer, 0);
  while (got > 0);
  return got == 0 || errno != EAGAIN;
}

guint
http_test_count (const char *text, const char *part)
{
  guint count = 0;

  for (; (text = strstr (text, part)) != NULL; text += strlen (part))
    count++;
  return count;
}
