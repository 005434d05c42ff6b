/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/websocket/websocket-transport.h"

#include "core/doors/http/http-connection.h"

struct _HeptadWebsocket {
  int refs;
  HeptadHttpConnection *connection;
  SoupWebsocketConnection *soup;
  gsize max_message_bytes;
  HeptadWebsocketReady ready;
  gpointer data;
  GDestroyNotify destroy;
};

HeptadWebsocket *
heptad_websocket_ref (HeptadWebsocket *websocket)
{
  websocket->refs++;
  return websocket;
}

void
heptad_websocket_unref (HeptadWebsocket *websocket)
{
  if (--websocket->refs > 0)
    return;
  if (websocket->destroy != NULL)
    websocket->destroy (websocket->data);
  if (websocket->soup != NULL)
    g_signal_handlers_disconnect_by_data (websocket->soup, websocket);
  g_clear_object (&websocket->soup);
  heptad_http_connection_unref (websocket->connection);
  g_free (websocket);
}

static void
unref_closure (gpointer websocket, GClosure *closure)
{
  heptad_websocket_unref (websocket);
}

/* libsoup 3.2 drops the connection for a message that is too long, and does not say why. */
static void
on_error (SoupWebsocketConnection *soup, GError *error, gpointer data)
{
  static const guint8 too_big[] = { 0x88, 2, SOUP_WEBSOCKET_CLOSE_TOO_BIG >> 8,
                                    SOUP_WEBSOCKET_CLOSE_TOO_BIG & 0xff };
  HeptadWebsocket *websocket = data;

  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG)
      && soup_websocket_connection_get_state (soup) == SOUP_WEBSOCKET_STATE_OPEN)
    heptad_http_connection_queue (websocket->connection, too_big, sizeof too_big);
}

/* libsoup has written the 101: the connection is its HTTP server's no longer. */
static void
on_upgraded (SoupServerMessage *message, gpointer data)
{
  g_autoptr (HeptadWebsocket) websocket = heptad_websocket_ref (data);
  HeptadHttpConnection *connection = websocket->connection;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GUri) uri = g_uri_ref (soup_server_message_get_uri (message));
  g_autofree char *protocol = g_strdup (soup_message_headers_get_one (
      soup_server_message_get_response_headers (message), "Sec-WebSocket-Protocol"));

  heptad_http_connection_upgrade (connection);
  stream = soup_server_message_steal_connection (message);
  websocket->soup = soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_SERVER,
                                                   NULL, protocol, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (websocket->soup,
                                                           websocket->max_message_bytes);
  g_signal_connect (websocket->soup, "error", G_CALLBACK (on_error), websocket);
  websocket->ready (websocket, websocket->data);
}

gboolean
heptad_websocket_accept (HeptadHttpExchange *exchange,
                         const char *const *protocols,
                         gsize max_message_bytes,
                         HeptadWebsocketReady ready,
                         gpointer data,
                         GDestroyNotify destroy)
{
  HeptadHttpConnection *connection = exchange->connection;
  HeptadWebsocket *websocket = g_new0 (HeptadWebsocket, 1);
  SoupServerMessage *message = connection->message;
  g_autoptr (GError) error = NULL;

  websocket->refs = 1;
  websocket->connection = heptad_http_connection_ref (connection);
  websocket->max_message_bytes = max_message_bytes;
  websocket->ready = ready;
  websocket->data = data;
  websocket->destroy = destroy;
  if (!soup_websocket_server_check_handshake (message, NULL, (char **) protocols, NULL, &error)
      || !heptad_http_exchange_claim (exchange))
    {
      heptad_websocket_unref (websocket);
      if (error != NULL)
        heptad_http_exchange_respond_problem (exchange, 400, error->message);
      return FALSE;
    }
  g_signal_connect_data (message, "wrote-informational", G_CALLBACK (on_upgraded), websocket,
                         unref_closure, 0);
  soup_websocket_server_process_handshake (message, NULL, (char **) protocols, NULL, NULL);
  if (!connection->in_handler)
    soup_server_message_unpause (message);
  return TRUE;
}

SoupWebsocketConnection *
heptad_websocket_get_soup (HeptadWebsocket *websocket)
{
  return websocket->soup;
}

static gsize
frame_bytes (gsize length)
{
  return length + (length < 126 ? 2 : length < 65536 ? 4 : 10);
}

void
heptad_websocket_send (HeptadWebsocket *websocket, GBytes *text)
{
  HeptadHttpConnection *connection = websocket->connection;

  if (soup_websocket_connection_get_state (websocket->soup) != SOUP_WEBSOCKET_STATE_OPEN
      || connection->cut)
    return;
  connection->tunnel_unseen_bytes += frame_bytes (g_bytes_get_size (text));
  soup_websocket_connection_send_message (websocket->soup, SOUP_WEBSOCKET_DATA_TEXT, text);
}

gsize
heptad_websocket_get_queued_bytes (HeptadWebsocket *websocket)
{
  return heptad_http_connection_get_queued_bytes (websocket->connection);
}

void
heptad_websocket_cut (HeptadWebsocket *websocket)
{
  heptad_http_connection_cut (websocket->connection);
}
