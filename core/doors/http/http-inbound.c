/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes in: from the socket, through the framing guard, to the exchange; and to libsoup the
 * one head it is to see. */
#include "core/doors/http/http-connection.h"

#include <glib-unix.h>
#include <poll.h>
#include <string.h>

/* Reads of one turn, so that one fast client cannot keep the thread to itself. */
#define READS_A_TURN 4

static const HeptadHttpConfig *
config_of (HeptadHttpConnection *connection)
{
  return &connection->worker->shared->config;
}

static void
start_window (HeptadHttpConnection *connection)
{
  connection->window_bytes = 0;
  connection->window_start_us = g_get_monotonic_time ();
}

gboolean
heptad_http_connection_body_timed_out (HeptadHttpConnection *connection, gint64 now_us)
{
  const HeptadHttpConfig *config = config_of (connection);
  gint64 elapsed_us = now_us - connection->window_start_us;
  guint64 expected;

  if (connection->body_complete || connection->body_paused
      || elapsed_us < (gint64) config->body_timeout_ms * 1000)
    return FALSE;

  expected = (guint64) (elapsed_us / 1000) * config->body_min_rate / 1000;
  if (connection->window_bytes < expected)
    return TRUE;
  connection->window_bytes = 0;
  connection->window_start_us = now_us;
  return FALSE;
}

void
heptad_http_connection_fail_body (HeptadHttpConnection *connection,
                                  HeptadError code,
                                  const char *message)
{
  heptad_http_body_queue_finish (connection->exchange->body_queue,
                                 g_error_new_literal (HEPTAD_ERROR, code, message));
  heptad_http_connection_stop_pump (connection);
  connection->unread = TRUE;
}

static void
refuse_long_body (HeptadHttpConnection *connection)
{
  g_autofree char *detail =
      connection->exchange->body_limit == 0
          ? g_strdup ("This operation takes no body.")
          : g_strdup_printf ("The body is larger than the %" G_GUINT64_FORMAT " bytes taken here.",
                             connection->exchange->body_limit);

  heptad_http_connection_refuse (connection, 413, detail);
}

static void
deliver (HeptadHttpConnection *connection)
{
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_WORKING, 0);
  heptad_http_soup_engine_request (connection);
}

static void
resume_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  HeptadHttpExchange *exchange = target;

  if (exchange->connection != NULL)
    exchange->engine->resume_body (exchange);
}

/* On the reader's thread. The queue is part of the exchange, so this pointer needs no reference. */
static void
on_body_wanted (gpointer data)
{
  HeptadHttpExchange *exchange = data;

  heptad_http_worker_call (exchange->worker, resume_call, heptad_http_exchange_hold (exchange),
                           (GDestroyNotify) heptad_http_exchange_release, NULL);
}

static void
begin_body (HeptadHttpConnection *connection)
{
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  HeptadHttpExchange *exchange = connection->exchange;
  gint64 length = exchange->head->content_length;

  if (length > 0 && (guint64) length > exchange->body_limit)
    {
      refuse_long_body (connection);
      return;
    }
  if (exchange->head->expects_continue)
    heptad_http_connection_queue (connection, go_on, sizeof go_on - 1);

  connection->body_bytes = 0;
  start_window (connection);
  if (exchange->body_mode == HEPTAD_HTTP_BODY_STREAMED)
    {
      exchange->body_queue = heptad_http_body_queue_new (on_body_wanted, exchange, NULL);
      deliver (connection);
    }
  else
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_BODY, 0);
}

static void
take_head (HeptadHttpConnection *connection)
{
  HeptadHttpWorker *worker = connection->worker;
  const HeptadHttpHandler *handler = &worker->shared->handler;
  HeptadHttpHead *head = heptad_http_framing_steal_head (&connection->framing);
  HeptadHttpExchange *exchange = heptad_http_exchange_new (worker, &heptad_http_soup_engine,
                                                           connection, connection->peer, head);

  connection->exchange = exchange;
  connection->body_complete = FALSE;
  connection->body_paused = FALSE;
  heptad_http_count (&worker->stats.requests, 1);
  if (handler->judge != NULL)
    handler->judge (exchange, worker->shared->handler_data);

  if (heptad_http_exchange_is_answered (exchange))
    {
      connection->unread |= heptad_http_exchange_has_body (exchange);
      deliver (connection);
    }
  else if (heptad_http_exchange_has_body (exchange))
    begin_body (connection);
}

static void
take_body (HeptadHttpConnection *connection, const guint8 *body, gsize length)
{
  HeptadHttpExchange *exchange = connection->exchange;

  connection->body_bytes += length;
  connection->window_bytes += length;
  if (exchange->body_queue != NULL)
    {
      if (connection->body_bytes > exchange->body_limit)
        heptad_http_connection_fail_body (connection, HEPTAD_ERROR_TOO_LARGE,
                                          "The body is larger than is taken here.");
      else if (!heptad_http_body_queue_push (exchange->body_queue, body, length))
        connection->body_paused = TRUE;
      return;
    }
  if (connection->body_bytes > exchange->body_limit)
    {
      refuse_long_body (connection);
      return;
    }
  if (connection->body == NULL)
    connection->body = g_byte_array_new ();
  g_byte_array_append (connection->body, body, (guint) length);
}

static void
take_end (HeptadHttpConnection *connection)
{
  HeptadHttpExchange *exchange = connection->exchange;

  connection->body_complete = TRUE;
  if (exchange->body_queue != NULL)
    heptad_http_body_queue_finish (exchange->body_queue, NULL);
  else if (connection->phase != HEPTAD_HTTP_PHASE_WORKING)
    {
      if (connection->body != NULL)
        exchange->body = g_byte_array_free_to_bytes (g_steal_pointer (&connection->body));
      deliver (connection);
    }
}

static void
take_refusal (HeptadHttpConnection *connection)
{
  const HeptadHttpRefusal *refusal = connection->framing.refusal;

  if (connection->exchange != NULL && connection->exchange->body_queue != NULL)
    heptad_http_connection_fail_body (connection, HEPTAD_ERROR_MALFORMED, refusal->detail);
  else
    heptad_http_connection_refuse (connection, refusal->status, refusal->detail);
}

/* Takes bytes up to the end of the request in flight. */
static void
take (HeptadHttpConnection *connection, const guint8 **data, gsize *length)
{
  while (connection->phase <= HEPTAD_HTTP_PHASE_WORKING && !connection->unread)
    {
      const guint8 *body = NULL;
      gsize body_length = 0;

      switch (heptad_http_framing_next (&connection->framing, data, length, &body, &body_length))
        {
        case HEPTAD_HTTP_FRAMING_MORE:
          return;
        case HEPTAD_HTTP_FRAMING_HEAD:
          take_head (connection);
          break;
        case HEPTAD_HTTP_FRAMING_BODY:
          take_body (connection, body, body_length);
          break;
        case HEPTAD_HTTP_FRAMING_END:
          take_end (connection);
          return;
        case HEPTAD_HTTP_FRAMING_REFUSED:
          take_refusal (connection);
          return;
        }
    }
}

static void
keep_pending (HeptadHttpConnection *connection, const guint8 *data, gsize length)
{
  if (length == 0 || connection->unread)
    return;
  connection->pending = g_byte_array_sized_new ((guint) length);
  g_byte_array_append (connection->pending, data, (guint) length);
}

static void
take_pending (HeptadHttpConnection *connection)
{
  g_autoptr (GByteArray) pending = g_steal_pointer (&connection->pending);
  const guint8 *data = pending->data;
  gsize length = pending->len;

  take (connection, &data, &length);
  keep_pending (connection, data, length);
}

/* Returns what one read gave, 0 at the end of the stream, -1 with @error. */
static gssize
fill (HeptadHttpConnection *connection, GError **error)
{
  HeptadHttpWorker *worker = connection->worker;
  const guint8 *data = worker->scratch;
  gssize got = g_pollable_input_stream_read_nonblocking (connection->in, worker->scratch,
                                                         HEPTAD_HTTP_SCRATCH_BYTES, NULL, error);
  gsize length = got > 0 ? (gsize) got : 0;

  if (got <= 0)
    return got;
  heptad_http_count (&worker->stats.bytes_in, length);
  take (connection, &data, &length);
  keep_pending (connection, data, length);
  return got;
}

static gssize
take_delivery (HeptadHttpConnection *connection, void *buffer, gsize count)
{
  gsize taken = MIN (count, connection->delivery->len);

  memcpy (buffer, connection->delivery->str, taken);
  g_string_erase (connection->delivery, 0, (gssize) taken);
  return (gssize) taken;
}

static gssize
read_tunnel (HeptadHttpConnection *connection, void *buffer, gsize count, GError **error)
{
  gssize got;

  if (connection->pending != NULL)
    {
      gsize taken = MIN (count, connection->pending->len);

      memcpy (buffer, connection->pending->data, taken);
      g_byte_array_remove_range (connection->pending, 0, (guint) taken);
      if (connection->pending->len == 0)
        g_clear_pointer (&connection->pending, g_byte_array_unref);
      return (gssize) taken;
    }
  got = g_pollable_input_stream_read_nonblocking (connection->in, buffer, count, NULL, error);
  if (got > 0)
    heptad_http_count (&connection->worker->stats.bytes_in, (guint64) got);
  return got;
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "No request is complete yet.");
  return -1;
}

/* libsoup 3.2 does not notice the end of a stream after its first request, and keeps the connection
 * for ever. It does close after a response that says so: so its last request is one of our own. */
static gssize
say_good_bye (HeptadHttpConnection *connection, void *buffer, gsize count)
{
  if (connection->said_good_bye)
    return 0;
  connection->said_good_bye = TRUE;
  if (connection->exchange != NULL)
    heptad_http_exchange_detach (g_steal_pointer (&connection->exchange), TRUE);
  connection->muted = TRUE;
  if (connection->phase != HEPTAD_HTTP_PHASE_CLOSING)
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_CLOSING, 0);
  g_string_append (connection->delivery, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  return take_delivery (connection, buffer, count);
}

static void
note_first_bytes (HeptadHttpConnection *connection)
{
  if (connection->phase == HEPTAD_HTTP_PHASE_IDLE
      && !heptad_http_framing_is_between_requests (&connection->framing))
    heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_HEAD,
                                      config_of (connection)->head_timeout_ms);
}

/* Takes more of what the client sent. Returns FALSE when there is nothing to take now: then @over
 * tells whether there never will be. */
static gboolean
take_more (HeptadHttpConnection *connection, gboolean *over)
{
  g_autoptr (GError) error = NULL;
  gssize got;

  if (connection->pending != NULL)
    {
      take_pending (connection);
      return TRUE;
    }
  got = fill (connection, &error);
  if (got > 0)
    return TRUE;

  if (got < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    *over = connection->worker->draining && connection->phase == HEPTAD_HTTP_PHASE_IDLE;
  else
    {
      *over = TRUE;
      if (got < 0)
        heptad_http_connection_cut (connection);
    }
  return FALSE;
}

gssize
heptad_http_connection_read (HeptadHttpConnection *connection,
                             void *buffer,
                             gsize count,
                             GError **error)
{
  gboolean over = FALSE;

  if (connection->phase == HEPTAD_HTTP_PHASE_TUNNEL && !connection->cut)
    return read_tunnel (connection, buffer, count, error);

  for (guint reads = 0; reads < READS_A_TURN; reads++)
    {
      if (connection->delivery->len > 0)
        return take_delivery (connection, buffer, count);
      if (connection->phase >= HEPTAD_HTTP_PHASE_CLOSING || connection->cut)
        return say_good_bye (connection, buffer, count);
      if (connection->phase == HEPTAD_HTTP_PHASE_WORKING)
        return would_block (error);

      if (!take_more (connection, &over))
        return over ? say_good_bye (connection, buffer, count) : would_block (error);
      note_first_bytes (connection);
    }
  return connection->delivery->len > 0 ? take_delivery (connection, buffer, count)
                                       : would_block (error);
}

GSource *
heptad_http_connection_create_read_source (HeptadHttpConnection *connection,
                                           GInputStream *stream,
                                           GCancellable *cancellable)
{
  gboolean is_ready = connection->delivery->len > 0 || connection->pending != NULL
                      || connection->phase >= HEPTAD_HTTP_PHASE_CLOSING || connection->cut;
  g_autoptr (GSource) ready = is_ready
                                  ? g_timeout_source_new (0)
                                  : g_pollable_input_stream_create_source (connection->in, NULL);
  GSource *source = g_pollable_source_new_full (stream, ready, cancellable);

  g_clear_pointer (&connection->read_source, g_source_unref);
  connection->read_source = g_source_ref (source);
  return source;
}

/* While a handler works */

static gboolean
on_pump (GObject *stream, gpointer data)
{
  HeptadHttpConnection *connection = data;
  g_autoptr (GError) error = NULL;
  gssize got = fill (connection, &error);

  if (got > 0 && !connection->body_complete && !connection->unread && !connection->body_paused)
    return G_SOURCE_CONTINUE;
  if (got < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&connection->pump, g_source_unref);
  if (got <= 0)
    {
      connection->unread = TRUE;
      heptad_http_exchange_cancel (connection->exchange);
    }
  else
    heptad_http_connection_start_pump (connection);
  return G_SOURCE_REMOVE;
}

static gboolean
on_hang_up (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (HeptadHttpConnection) connection = heptad_http_connection_ref (data);

  g_clear_pointer (&connection->watch, g_source_unref);
  if ((condition & (G_IO_HUP | G_IO_ERR)) != 0)
    heptad_http_connection_cut (connection);
  else if (connection->exchange != NULL)
    /* Half a close: nothing more will be asked, but an answer may still be read. */
    heptad_http_exchange_cancel (connection->exchange);
  return G_SOURCE_REMOVE;
}

static gboolean
expects_body (HeptadHttpConnection *connection)
{
  return connection->exchange != NULL && connection->exchange->body_queue != NULL
         && !connection->body_complete && !connection->unread;
}

void
heptad_http_connection_start_pump (HeptadHttpConnection *connection)
{
  GMainContext *context = connection->worker->context;

  if (connection->cut)
    return;
  if (expects_body (connection) && !connection->body_paused && connection->pump == NULL)
    {
      start_window (connection);
      connection->pump = g_pollable_input_stream_create_source (connection->in, NULL);
      g_source_set_callback (connection->pump, G_SOURCE_FUNC (on_pump), connection, NULL);
      g_source_attach (connection->pump, context);
    }
  if (connection->watch == NULL)
    {
      GIOCondition conditions = G_IO_HUP | G_IO_ERR;

      if (!expects_body (connection))
        conditions |= (GIOCondition) POLLRDHUP;
      connection->watch = g_unix_fd_source_new (connection->fd, conditions);
      g_source_set_callback (connection->watch, G_SOURCE_FUNC (on_hang_up), connection, NULL);
      g_source_attach (connection->watch, context);
    }
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
heptad_http_connection_stop_pump (HeptadHttpConnection *connection)
{
  clear_source (&connection->pump);
  clear_source (&connection->watch);
}
