/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-connection.h"

#include <gio/gunixconnection.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
connection_free (HeptadHttpConnection *connection)
{
  heptad_http_framing_clear (&connection->framing);
  g_clear_pointer (&connection->pending, g_byte_array_unref);
  g_clear_pointer (&connection->body, g_byte_array_unref);
  g_clear_pointer (&connection->read_source, g_source_unref);
  g_string_free (connection->delivery, TRUE);
  g_byte_array_unref (connection->queued);
  g_object_unref (connection->base);
  g_object_unref (connection->tcp);
  if (connection->peer != NULL)
    {
      heptad_http_admission_leave (connection->worker->shared->admission,
                                   connection->peer->has_user ? NULL : connection->peer->address);
      heptad_http_count (&connection->worker->stats.connections_open, (guint64) -1);
      heptad_http_peer_unref (connection->peer);
    }
  heptad_http_worker_unref (connection->worker);
  g_free (connection);
}

HeptadHttpConnection *
heptad_http_connection_ref (HeptadHttpConnection *connection)
{
  connection->refs++;
  return connection;
}

void
heptad_http_connection_unref (HeptadHttpConnection *connection)
{
  if (--connection->refs == 0)
    connection_free (connection);
}

static HeptadHttpPeer *
peer_new (GSocketConnection *tcp, gboolean secure)
{
  HeptadHttpPeer *peer = g_new0 (HeptadHttpPeer, 1);
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (tcp, NULL);

  peer->refs = 1;
  peer->secure = secure;
  if (G_IS_INET_SOCKET_ADDRESS (address))
    peer->address = g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  else
    {
      struct ucred user = { 0 };
      socklen_t length = sizeof user;

      peer->address = g_strdup ("unix");
      peer->has_user = getsockopt (g_socket_get_fd (g_socket_connection_get_socket (tcp)),
                                   SOL_SOCKET, SO_PEERCRED, &user, &length)
                       == 0;
      peer->user_id = user.uid;
      peer->process_id = user.pid;
    }
  return peer;
}

static HeptadHttpConnection *
connection_new (HeptadHttpWorker *worker, GSocketConnection *tcp, HeptadHttpPeer *peer)
{
  HeptadHttpConnection *connection = g_new0 (HeptadHttpConnection, 1);

  connection->refs = 1;
  connection->worker = heptad_http_worker_ref (worker);
  connection->peer = peer;
  connection->tcp = tcp;
  connection->fd = g_socket_get_fd (g_socket_connection_get_socket (tcp));
  connection->link.data = connection;
  connection->delivery = g_string_new (NULL);
  connection->queued = g_byte_array_new ();
  heptad_http_framing_init (&connection->framing, &worker->shared->limits);
  g_queue_push_tail_link (&worker->connections, &connection->link);
  heptad_http_count (&worker->stats.connections_open, 1);
  heptad_http_count (&worker->stats.connections_total, 1);
  return connection;
}

static void
start (HeptadHttpConnection *connection, GIOStream *base)
{
  g_set_object (&connection->base, base);
  connection->in = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (base));
  connection->out = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (base));
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_IDLE,
                                    connection->worker->shared->config.head_timeout_ms);
  heptad_http_soup_engine_accept (connection);
}

/* TLS. GIO shakes hands in threads of a pool, so a client that says nothing must not get that far:
 * the first bytes are waited for here. */

static void
on_handshake (GObject *tls, GAsyncResult *result, gpointer data)
{
  g_autoptr (HeptadHttpConnection) connection = data;
  gboolean done = g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, NULL);

  if (connection->phase != HEPTAD_HTTP_PHASE_HANDSHAKE)
    return;
  g_clear_object (&connection->handshake);
  if (done && !connection->cut && heptad_http_tls_is_good (G_TLS_CONNECTION (tls)))
    start (connection, G_IO_STREAM (tls));
  else
    {
      connection->cut = TRUE;
      heptad_http_connection_soup_closed (connection);
    }
}

static gboolean
on_hello (GObject *stream, gpointer data)
{
  HeptadHttpConnection *connection = data;
  g_autoptr (GTlsConnection) tls =
      heptad_http_tls_accept (connection->worker->shared->tls, G_IO_STREAM (connection->tcp), NULL);

  g_clear_pointer (&connection->watch, g_source_unref);
  if (tls == NULL)
    {
      heptad_http_connection_cut (connection);
      return G_SOURCE_REMOVE;
    }
  connection->handshake = g_cancellable_new ();
  g_tls_connection_handshake_async (tls, G_PRIORITY_DEFAULT, connection->handshake, on_handshake,
                                    heptad_http_connection_ref (connection));
  return G_SOURCE_REMOVE;
}

static void
wait_for_hello (HeptadHttpConnection *connection)
{
  connection->base = g_object_ref (G_IO_STREAM (connection->tcp));
  connection->in = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (connection->base));
  connection->out = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (connection->base));
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_HANDSHAKE,
                                    connection->worker->shared->config.head_timeout_ms);
  connection->watch = g_pollable_input_stream_create_source (connection->in, NULL);
  g_source_set_callback (connection->watch, G_SOURCE_FUNC (on_hello), connection, NULL);
  g_source_attach (connection->watch, connection->worker->context);
}

static GSocketConnection *
tcp_for (const HeptadHttpListener *listener, int fd)
{
  static const int on = 1;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  if (socket == NULL)
    {
      close (fd);
      return NULL;
    }
  g_socket_set_blocking (socket, FALSE);
  if (!listener->is_unix)
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return g_socket_connection_factory_create_connection (socket);
}

void
heptad_http_connection_accept (HeptadHttpWorker *worker, const HeptadHttpListener *listener, int fd)
{
  g_autoptr (GSocketConnection) tcp = tcp_for (listener, fd);
  gboolean secure = worker->shared->tls != NULL && !listener->is_unix;
  HeptadHttpConnection *connection;
  HeptadHttpPeer *peer;

  if (tcp == NULL)
    return;
  peer = peer_new (tcp, secure);
  if (!heptad_http_admission_enter (worker->shared->admission,
                                    peer->has_user ? NULL : peer->address))
    {
      heptad_http_count (&worker->stats.connections_rejected, 1);
      heptad_http_peer_unref (peer);
      return;
    }
  connection = connection_new (worker, g_steal_pointer (&tcp), peer);
  if (secure)
    wait_for_hello (connection);
  else
    start (connection, G_IO_STREAM (connection->tcp));
}

void
heptad_http_connection_set_phase (HeptadHttpConnection *connection,
                                  HeptadHttpPhase phase,
                                  guint timeout_ms)
{
  connection->phase = phase;
  connection->deadline_us =
      timeout_ms == 0 ? 0 : g_get_monotonic_time () + (gint64) timeout_ms * 1000;
}

void
heptad_http_connection_close_soon (HeptadHttpConnection *connection)
{
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_CLOSING, 0);
  if (connection->read_source != NULL)
    g_source_set_ready_time (connection->read_source, 0);
}

void
heptad_http_connection_refuse (HeptadHttpConnection *connection, guint status, const char *detail)
{
  const char *content_type;
  const char *instance = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *head = NULL;

  if (connection->exchange != NULL)
    instance = heptad_http_exchange_get_path (connection->exchange);
  body = heptad_http_problem (connection->worker->shared, status, detail, instance, &content_type);
  head = g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
                          status, soup_status_get_phrase (status), content_type,
                          g_bytes_get_size (body));
  heptad_http_connection_queue (connection, head, strlen (head));
  heptad_http_connection_queue (connection, g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  heptad_http_count (&connection->worker->stats.refused, 1);
  connection->unread = TRUE;
  if (connection->exchange != NULL)
    heptad_http_exchange_detach (g_steal_pointer (&connection->exchange), TRUE);
  heptad_http_connection_close_soon (connection);
}

void
heptad_http_connection_cut (HeptadHttpConnection *connection)
{
  if (connection->cut || connection->phase == HEPTAD_HTTP_PHASE_CLOSED)
    return;

  connection->cut = TRUE;
  g_byte_array_set_size (connection->queued, 0);
  connection->queued_offset = 0;
  connection->tunnel_unseen_bytes = 0;
  shutdown (connection->fd, SHUT_RDWR);
  heptad_http_connection_stop_pump (connection);
  if (connection->exchange != NULL)
    heptad_http_exchange_cancel (connection->exchange);
  if (connection->phase == HEPTAD_HTTP_PHASE_LINGERING)
    heptad_http_connection_flush (connection);
  else if (connection->message != NULL)
    heptad_http_soup_engine_let_finish (connection);
  else if (connection->phase != HEPTAD_HTTP_PHASE_HANDSHAKE)
    heptad_http_connection_close_soon (connection);
  else if (connection->handshake != NULL)
    g_cancellable_cancel (connection->handshake);
  else
    heptad_http_connection_soup_closed (connection);
}

void
heptad_http_connection_upgrade (HeptadHttpConnection *connection)
{
  heptad_http_connection_stop_pump (connection);
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_TUNNEL, 0);
  connection->said_good_bye = TRUE; /* what comes now is no HTTP, and an end is noticed */
  connection->message = NULL;
  heptad_http_exchange_detach (g_steal_pointer (&connection->exchange), FALSE);
}

void
heptad_http_connection_drain (HeptadHttpConnection *connection)
{
  /* A request may have arrived that was not read yet: so libsoup reads once more, and finds the end
   * only if there is nothing. */
  if (connection->phase == HEPTAD_HTTP_PHASE_IDLE && connection->read_source != NULL)
    g_source_set_ready_time (connection->read_source, 0);
  else if (connection->phase == HEPTAD_HTTP_PHASE_HANDSHAKE)
    heptad_http_connection_cut (connection);
}

static void
time_out (HeptadHttpConnection *connection, const char *detail)
{
  heptad_http_count (&connection->worker->stats.timeouts, 1);
  heptad_http_connection_refuse (connection, 408, detail);
}

static void
pass_deadline (HeptadHttpConnection *connection)
{
  switch (connection->phase)
    {
    case HEPTAD_HTTP_PHASE_IDLE:
      heptad_http_connection_close_soon (connection);
      break;
    case HEPTAD_HTTP_PHASE_HEAD:
      time_out (connection, "The request's head did not arrive in time.");
      break;
    case HEPTAD_HTTP_PHASE_HANDSHAKE:
    case HEPTAD_HTTP_PHASE_LINGERING:
      heptad_http_count (&connection->worker->stats.timeouts, 1);
      heptad_http_connection_cut (connection);
      break;
    default:
      connection->deadline_us = 0;
      break;
    }
}

void
heptad_http_connection_tick (HeptadHttpConnection *connection, gint64 now_us)
{
  const HeptadHttpConfig *config = &connection->worker->shared->config;

  if (connection->write_blocked_us != 0
      && now_us - connection->write_blocked_us > (gint64) config->write_timeout_ms * 1000)
    {
      heptad_http_count (&connection->worker->stats.timeouts, 1);
      heptad_http_connection_cut (connection);
    }
  else if (connection->deadline_us != 0 && now_us >= connection->deadline_us)
    pass_deadline (connection);
  else if (connection->phase == HEPTAD_HTTP_PHASE_BODY
           && heptad_http_connection_body_timed_out (connection, now_us))
    time_out (connection, "The request's body comes too slowly.");
  else if (connection->phase == HEPTAD_HTTP_PHASE_WORKING && connection->pump != NULL
           && heptad_http_connection_body_timed_out (connection, now_us))
    {
      heptad_http_count (&connection->worker->stats.timeouts, 1);
      heptad_http_connection_fail_body (connection, HEPTAD_ERROR_CANCELLED,
                                        "The request's body comes too slowly.");
    }
}
