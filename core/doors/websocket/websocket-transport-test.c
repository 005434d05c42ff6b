/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/websocket/websocket-transport.h"

#include "core/doors/http/http-testing.h"

#include <string.h>
#include <unistd.h>

#define MESSAGE_BYTES (1024 * 1024)
#define MESSAGES      16

typedef struct {
  HttpTest http;
  HeptadWebsocket *websocket; /* the connection thread's own */
  int queued;                 /* atomic */
  int closed;                 /* atomic */
} WebsocketTest;

static const char handshake[] = "GET /flood HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                                "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

static void
on_message (SoupWebsocketConnection *soup, SoupWebsocketDataType type, GBytes *text, gpointer data)
{
  WebsocketTest *test = data;

  heptad_websocket_send (test->websocket, text);
}

static void
on_closed (SoupWebsocketConnection *soup, gpointer data)
{
  WebsocketTest *test = data;

  g_clear_pointer (&test->websocket, heptad_websocket_unref);
  g_atomic_int_set (&test->closed, TRUE);
}

static gboolean
note_queued (gpointer data)
{
  WebsocketTest *test = data;

  if (test->websocket == NULL)
    return G_SOURCE_REMOVE;
  g_atomic_int_set (&test->queued, (int) heptad_websocket_get_queued_bytes (test->websocket));
  return G_SOURCE_CONTINUE;
}

static void
on_ready (HeptadWebsocket *websocket, gpointer data)
{
  WebsocketTest *test = data;
  g_autofree char *text = g_strnfill (MESSAGE_BYTES, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (text, MESSAGE_BYTES);
  g_autoptr (GSource) source = g_timeout_source_new (5);

  test->websocket = heptad_websocket_ref (websocket);
  g_signal_connect (heptad_websocket_get_soup (websocket), "message", G_CALLBACK (on_message),
                    test);
  g_signal_connect (heptad_websocket_get_soup (websocket), "closed", G_CALLBACK (on_closed), test);
  if (soup_websocket_connection_get_protocol (heptad_websocket_get_soup (websocket)) != NULL)
    return;
  for (guint i = 0; i < MESSAGES; i++)
    heptad_websocket_send (websocket, bytes);
  g_assert_cmpuint (heptad_websocket_get_queued_bytes (websocket), >=, MESSAGES * MESSAGE_BYTES);
  g_source_set_callback (source, note_queued, test, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
handle (HeptadHttpExchange *exchange, gpointer data)
{
  static const char *const protocols[] = { "heptad.1", NULL };

  heptad_websocket_accept (exchange, protocols, 1000, on_ready, data, NULL);
}

static void
set_up (WebsocketTest *test, gconstpointer data)
{
  memset (test, 0, sizeof *test);
  http_test_init (&test->http);
  test->http.config.n_threads = 1;
  test->http.config.write_timeout_ms = 1000;
  test->http.handle = handle;
  test->http.handle_data = test;
  http_test_start (&test->http);
}

static void
tear_down (WebsocketTest *test, gconstpointer data)
{
  http_test_stop (&test->http);
  g_assert_true (test->closed);
}

static void
wait_until (int *value, int expected)
{
  for (guint i = 0; i < 2000 && g_atomic_int_get (value) != expected; i++)
    g_usleep (5000);
  g_assert_cmpint (g_atomic_int_get (value), ==, expected);
}

static void
keep_socket (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(SoupWebsocketConnection **) data =
      soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error);
  g_assert_no_error (error);
}

static void
keep_text (SoupWebsocketConnection *soup, SoupWebsocketDataType type, GBytes *text, gpointer data)
{
  *(char **) data = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static SoupWebsocketConnection *
connect_client (WebsocketTest *test, SoupSession *session)
{
  static char *protocols[] = { (char *) "other", (char *) "heptad.1", NULL };
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/ws", test->http.port);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  SoupWebsocketConnection *client = NULL;

  soup_session_websocket_connect_async (session, message, NULL, protocols, 0, NULL, keep_socket,
                                        &client);
  while (client == NULL)
    g_main_context_iteration (NULL, TRUE);
  return client;
}

static void
test_echo (WebsocketTest *test, gconstpointer data)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupWebsocketConnection) client = connect_client (test, session);
  g_autofree char *text = NULL;

  g_assert_cmpstr (soup_websocket_connection_get_protocol (client), ==, "heptad.1");
  g_signal_connect (client, "message", G_CALLBACK (keep_text), &text);
  soup_websocket_connection_send_text (client, "hello");
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (text, ==, "hello");
  soup_websocket_connection_close (client, 1000, NULL);
  while (soup_websocket_connection_get_state (client) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  wait_until (&test->closed, TRUE);
}

static void
test_large (WebsocketTest *test, gconstpointer data)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupWebsocketConnection) client = connect_client (test, session);
  g_autofree char *text = g_strnfill (1001, 'x');

  soup_websocket_connection_send_text (client, text);
  while (soup_websocket_connection_get_state (client) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  wait_until (&test->closed, TRUE);
}

static void
test_queued (WebsocketTest *test, gconstpointer data)
{
  int fd = http_test_dial (&test->http);
  g_autofree char *buffer = g_malloc (MESSAGE_BYTES);
  gsize total = 0;

  http_test_send_bytes (fd, handshake, sizeof handshake - 1);
  for (guint i = 0; i < 1000 && g_atomic_int_get (&test->queued) == 0; i++)
    g_usleep (1000);
  g_assert_cmpint (g_atomic_int_get (&test->queued), >, 0);
  while (total < MESSAGES * MESSAGE_BYTES)
    {
      gssize got = read (fd, buffer, MESSAGE_BYTES);

      g_assert_cmpint (got, >, 0);
      total += (gsize) got;
    }
  wait_until (&test->queued, 0);
  close (fd);
  wait_until (&test->closed, TRUE);
}

static void
test_slow_client (WebsocketTest *test, gconstpointer data)
{
  int fd = http_test_dial (&test->http);

  http_test_send_bytes (fd, handshake, sizeof handshake - 1);
  wait_until (&test->closed, TRUE);
  close (fd);
}

static void
test_bad_handshake (WebsocketTest *test, gconstpointer data)
{
  g_autofree char *answer = http_test_ask (
      &test->http,
      "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
      "Sec-WebSocket-Version: 12\r\n\r\n");

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
  g_assert_nonnull (strstr (answer, "application/problem+json"));
  test->closed = TRUE;
}

#define ADD(name, function)                                                                        \
  g_test_add ("/websocket/" name, WebsocketTest, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-message-comes-back", test_echo);
  ADD ("a-message-over-the-limit-closes-the-socket", test_large);
  ADD ("what-waits-to-be-sent-is-known", test_queued);
  ADD ("a-client-that-does-not-read-is-cut-off", test_slow_client);
  ADD ("a-bad-handshake-is-a-problem", test_bad_handshake);
  return g_test_run ();
}
