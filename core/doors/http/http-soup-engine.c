/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsoup's part: it is shown a small head for each request, calls back, and writes the response.
 */
#include "core/doors/http/http-connection.h"
#include "core/doors/http/http-guard-stream.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

static GQuark
connection_quark (void)
{
  static GQuark quark = 0;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("heptad-http-connection");
  return quark;
}

/* libsoup has no place for data beside a connection, but it keeps the address object it was given.
 */
static HeptadHttpConnection *
connection_of (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return address == NULL ? NULL : g_object_get_qdata (G_OBJECT (address), connection_quark ());
}

void
heptad_http_soup_engine_request (HeptadHttpConnection *connection)
{
  static const char *const websocket_headers[] = { "Upgrade", "Connection", "Sec-WebSocket-Key",
                                                   "Sec-WebSocket-Version",
                                                   "Sec-WebSocket-Protocol" };
  const HeptadHttpHead *head = connection->exchange->head;
  GString *text = connection->delivery;
  gboolean is_head = strcmp (heptad_http_head_string (head, head->method), "HEAD") == 0;

  g_string_append (text, is_head ? "HEAD" : "GET");
  g_string_append (text, head->minor_version == 0 ? " / HTTP/1.0\r\nHost: h\r\n"
                                                  : " / HTTP/1.1\r\nHost: h\r\n");
  if (head->upgrades_to_websocket)
    for (guint i = 0; i < G_N_ELEMENTS (websocket_headers); i++)
      {
        const char *value = heptad_http_head_get (head, websocket_headers[i]);

        if (value != NULL)
          g_string_append_printf (text, "%s: %s\r\n", websocket_headers[i], value);
      }
  else if (!head->keep_alive)
    g_string_append (text, "Connection: close\r\n");
  else if (head->minor_version == 0)
    g_string_append (text, "Connection: keep-alive\r\n");
  g_string_append (text, "\r\n");
}

/* Answering */

static gboolean
must_close (HeptadHttpConnection *connection)
{
  return !connection->body_complete || connection->unread || connection->worker->draining
         || !connection->exchange->head->keep_alive;
}

static void
apply_headers (HeptadHttpConnection *connection, SoupMessageHeaders *headers)
{
  HeptadHttpExchange *exchange = connection->exchange;

  for (guint i = 0; exchange->headers != NULL && i < exchange->headers->len; i++)
    {
      HeptadHttpResponseHeader *header =
          &g_array_index (exchange->headers, HeptadHttpResponseHeader, i);

      soup_message_headers_append (headers, header->name, header->value);
    }
  if (exchange->content_type != NULL)
    soup_message_headers_append (headers, "Content-Type", exchange->content_type);

  if (connection->closes)
    soup_message_headers_append (headers, "Connection", "close");
  else if (exchange->head->minor_version == 0)
    soup_message_headers_append (headers, "Connection", "keep-alive");
}

static void
unpause (HeptadHttpConnection *connection)
{
  if (!connection->in_handler)
    soup_server_message_unpause (connection->message);
}

static void
engine_answer (HeptadHttpExchange *exchange)
{
  HeptadHttpConnection *connection = exchange->connection;
  SoupMessageHeaders *headers;

  if (connection->message == NULL || connection->cut)
    return; /* in `judge`: libsoup has not been told of the request yet; see on_request() */

  connection->closes = must_close (connection);
  if (exchange->streamed || exchange->status == 204)
    {
      heptad_http_stream_engine_begin (connection);
      return;
    }
  headers = soup_server_message_get_response_headers (connection->message);
  soup_server_message_set_status (connection->message, exchange->status, NULL);
  apply_headers (connection, headers);
  if (exchange->response != NULL && g_bytes_get_size (exchange->response) > 0
      && exchange->status != 304)
    soup_message_body_append_bytes (soup_server_message_get_response_body (connection->message),
                                    exchange->response);
  unpause (connection);
}

static void
engine_send (HeptadHttpExchange *exchange, GBytes *bytes)
{
  heptad_http_stream_engine_send (exchange->connection, bytes);
}

static void
engine_end (HeptadHttpExchange *exchange)
{
  heptad_http_stream_engine_end (exchange->connection);
}

static void
engine_abort (HeptadHttpExchange *exchange)
{
  heptad_http_connection_cut (exchange->connection);
}

static void
engine_resume_body (HeptadHttpExchange *exchange)
{
  HeptadHttpConnection *connection = exchange->connection;

  connection->body_paused = FALSE;
  heptad_http_connection_start_pump (connection);
}

const HeptadHttpEngine heptad_http_soup_engine = {
  .answer = engine_answer,
  .send = engine_send,
  .end = engine_end,
  .abort = engine_abort,
  .resume_body = engine_resume_body,
};

void
heptad_http_soup_engine_let_finish (HeptadHttpConnection *connection)
{
  SoupServerMessage *message = connection->message;

  if (soup_server_message_get_status (message) != 0)
    return;
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (connection->closes || connection->cut)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Connection",
                                 "close");
  unpause (connection);
}

/* libsoup's callbacks */

static void
hand_over (HeptadHttpConnection *connection)
{
  HeptadHttpWorker *worker = connection->worker;
  g_autoptr (HeptadHttpExchange) exchange = heptad_http_exchange_ref (connection->exchange);

  worker->shared->handler.handle (exchange, worker->shared->handler_data);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  HeptadHttpConnection *connection = connection_of (message);
  HeptadHttpExchange *exchange = connection->exchange;

  if (connection->said_good_bye)
    {
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL); /* see say_good_bye() */
      return;
    }
  connection->message = message;
  connection->in_handler = TRUE;
  if (heptad_http_exchange_is_answered (exchange))
    engine_answer (exchange);
  else
    hand_over (connection);
  connection->in_handler = FALSE;

  if (soup_server_message_get_status (message) == 0)
    {
      soup_server_message_pause (message);
      heptad_http_connection_start_pump (connection);
    }
}

static void
finish (HeptadHttpConnection *connection, gboolean interrupted)
{
  const HeptadHttpConfig *config = &connection->worker->shared->config;
  gboolean is_over = connection->cut || connection->worker->draining || connection->unread
                     || !connection->body_complete;

  heptad_http_connection_stop_pump (connection);
  connection->message = NULL;
  connection->muted = FALSE;
  if (!connection->body_complete)
    connection->unread = TRUE;
  if (is_over)
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_CLOSING, 0);
  else if (connection->pending != NULL)
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_HEAD, config->head_timeout_ms);
  else
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_IDLE, config->idle_timeout_ms);
  heptad_http_exchange_detach (g_steal_pointer (&connection->exchange),
                               interrupted || connection->cut);
}

static void
on_finished (SoupServer *server, SoupServerMessage *message, gpointer data)
{
  HeptadHttpConnection *connection = connection_of (message);

  if (connection->message == message)
    finish (connection, FALSE);
}

/* libsoup also says "aborted" of every response with status 500. */
static void
on_aborted (SoupServer *server, SoupServerMessage *message, gpointer data)
{
  HeptadHttpConnection *connection = connection_of (message);

  if (connection->message == message)
    finish (connection, connection->exchange->status != 500);
}

/* A SoupServer without a listener drops keep-alive. This one listens where nobody can dial: its
 * address is gone before it is used. */
static GSocket *
unreachable_socket (GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("heptad-XXXXXX", error);
  g_autofree char *path = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (folder == NULL)
    return NULL;
  path = g_build_filename (folder, "unused", NULL);
  address = g_unix_socket_address_new (path);
  socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket != NULL
      && (!g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error)))
    g_clear_object (&socket);
  g_unlink (path);
  g_rmdir (folder);
  return g_steal_pointer (&socket);
}

SoupServer *
heptad_http_soup_engine_new_server (HeptadHttpWorker *worker, GError **error)
{
  g_autoptr (SoupServer) server = soup_server_new ("raw-paths", TRUE, NULL);
  g_autoptr (GSocket) socket = unreachable_socket (error);

  if (socket == NULL || !soup_server_listen_socket (server, socket, 0, error))
    return NULL;
  soup_server_add_handler (server, NULL, on_request, worker, NULL);
  g_signal_connect (server, "request-finished", G_CALLBACK (on_finished), worker);
  g_signal_connect (server, "request-aborted", G_CALLBACK (on_aborted), worker);
  return g_steal_pointer (&server);
}

void
heptad_http_soup_engine_accept (HeptadHttpConnection *connection)
{
  g_autoptr (GIOStream) stream = heptad_http_guard_stream_new (connection);
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new (any, 0);
  g_autoptr (GSocketAddress) remote = g_inet_socket_address_new (any, 0);

  g_object_set_qdata_full (G_OBJECT (remote), connection_quark (),
                           heptad_http_connection_ref (connection),
                           (GDestroyNotify) heptad_http_connection_unref);
  soup_server_accept_iostream (connection->worker->soup, stream, local, remote, NULL);
}
