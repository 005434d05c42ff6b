/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes out. libsoup writes a response in several small pieces; they are gathered and go to the
 * socket in one write when the thread is about to sleep. */
#include "core/doors/http/http-connection.h"

#include <string.h>
#include <sys/socket.h>

#define GATHER_BYTES (64 * 1024)
#define LINGER_MS    5000

/* Whoever writes into a tunnel bounds it; but pongs are libsoup's own. */
#define MAX_TUNNEL_BYTES (64 * 1024 * 1024)

static gsize
waiting (HeptadHttpConnection *connection)
{
  return connection->queued->len - connection->queued_offset;
}

void
heptad_http_connection_queue (HeptadHttpConnection *connection, const void *data, gsize length)
{
  if (connection->cut)
    return;
  if (connection->queued_offset > connection->queued->len / 2)
    {
      g_byte_array_remove_range (connection->queued, 0, (guint) connection->queued_offset);
      connection->queued_offset = 0;
    }
  g_byte_array_append (connection->queued, data, (guint) length);
  if (!connection->is_dirty)
    {
      connection->is_dirty = TRUE;
      g_ptr_array_add (connection->worker->dirty, heptad_http_connection_ref (connection));
    }
}

static void
note_written (HeptadHttpConnection *connection, gsize length)
{
  heptad_http_count (&connection->worker->stats.bytes_out, length);
  connection->write_blocked_us = 0;
  if (connection->stream_unsent > 0 && connection->exchange != NULL)
    {
      gsize sent = MIN (length, connection->stream_unsent);

      connection->stream_unsent -= sent;
      heptad_http_exchange_note_sent (connection->exchange, sent);
    }
}

static void
note_blocked (HeptadHttpConnection *connection)
{
  if (connection->write_blocked_us == 0)
    connection->write_blocked_us = g_get_monotonic_time ();
}

static gboolean
on_writable (GObject *stream, gpointer data)
{
  g_autoptr (HeptadHttpConnection) connection = heptad_http_connection_ref (data);

  g_clear_pointer (&connection->flush_source, g_source_unref);
  heptad_http_connection_flush (connection);
  return G_SOURCE_REMOVE;
}

static void
wait_until_writable (HeptadHttpConnection *connection)
{
  note_blocked (connection);
  if (connection->flush_source != NULL)
    return;
  connection->flush_source = g_pollable_output_stream_create_source (connection->out, NULL);
  g_source_set_callback (connection->flush_source, G_SOURCE_FUNC (on_writable), connection, NULL);
  g_source_attach (connection->flush_source, connection->worker->context);
}

static void
forget_queued (HeptadHttpConnection *connection)
{
  /* An idle connection should cost little; a busy one should not allocate each time. */
  if (connection->queued->len > GATHER_BYTES / 4)
    {
      g_byte_array_unref (connection->queued);
      connection->queued = g_byte_array_new ();
    }
  else
    g_byte_array_set_size (connection->queued, 0);
  connection->queued_offset = 0;
}

static void finish_linger (HeptadHttpConnection *connection);

void
heptad_http_connection_flush (HeptadHttpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  while (waiting (connection) > 0 && !connection->cut)
    {
      gssize written = g_pollable_output_stream_write_nonblocking (
          connection->out, connection->queued->data + connection->queued_offset,
          waiting (connection), NULL, &error);

      if (written < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          wait_until_writable (connection);
          return;
        }
      if (written < 0)
        {
          heptad_http_connection_cut (connection);
          return;
        }
      connection->queued_offset += (gsize) written;
      note_written (connection, (gsize) written);
    }
  forget_queued (connection);
  if (connection->phase == HEPTAD_HTTP_PHASE_LINGERING)
    finish_linger (connection);
}

gsize
heptad_http_connection_get_queued_bytes (HeptadHttpConnection *connection)
{
  return waiting (connection) + (gsize) connection->tunnel_unseen_bytes;
}

static gssize
write_through (HeptadHttpConnection *connection, const void *buffer, gsize count, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  gssize written =
      g_pollable_output_stream_write_nonblocking (connection->out, buffer, count, NULL, &own_error);

  if (written >= 0)
    {
      note_written (connection, (gsize) written);
      return written;
    }
  if (g_error_matches (own_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    note_blocked (connection);
  g_propagate_error (error, g_steal_pointer (&own_error));
  return -1;
}

gssize
heptad_http_connection_write (HeptadHttpConnection *connection,
                              const void *buffer,
                              gsize count,
                              GError **error)
{
  if (connection->cut || connection->muted)
    return (gssize) count;
  if (connection->phase == HEPTAD_HTTP_PHASE_TUNNEL)
    connection->tunnel_unseen_bytes -= MIN ((gint64) count, connection->tunnel_unseen_bytes);

  if (connection->phase == HEPTAD_HTTP_PHASE_TUNNEL && waiting (connection) > MAX_TUNNEL_BYTES)
    {
      heptad_http_connection_cut (connection);
      return (gssize) count;
    }
  if (connection->phase == HEPTAD_HTTP_PHASE_TUNNEL || waiting (connection) + count <= GATHER_BYTES)
    {
      heptad_http_connection_queue (connection, buffer, count);
      return (gssize) count;
    }
  heptad_http_connection_flush (connection);
  if (connection->cut)
    return (gssize) count;
  if (waiting (connection) > 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "The socket is full.");
      return -1;
    }
  return write_through (connection, buffer, count, error);
}

/* Closing. A socket closed while bytes wait to be read resets the connection, and the client may
 * then never see the answer: so its side is read, to nowhere, until it ends too. */

static void
close_base (HeptadHttpConnection *connection)
{
  if (connection->phase == HEPTAD_HTTP_PHASE_CLOSED)
    return;
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_CLOSED, 0);
  heptad_http_connection_stop_pump (connection);
  if (connection->flush_source != NULL)
    g_source_destroy (connection->flush_source);
  g_clear_pointer (&connection->flush_source, g_source_unref);
  g_clear_pointer (&connection->read_source, g_source_unref);
  g_queue_unlink (&connection->worker->connections, &connection->link);

  /* Saying good-bye on TLS may block on a full socket: only to a peer that still listens. */
  if (connection->cut)
    g_socket_close (g_socket_connection_get_socket (connection->tcp), NULL);
  g_io_stream_close (connection->base, NULL, NULL);
  heptad_http_connection_unref (connection);
}

static gboolean
on_lingering (GObject *stream, gpointer data)
{
  HeptadHttpConnection *connection = data;
  gssize got = g_pollable_input_stream_read_nonblocking (
      connection->in, connection->worker->scratch, HEPTAD_HTTP_SCRATCH_BYTES, NULL, NULL);

  if (got > 0)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&connection->pump, g_source_unref);
  close_base (connection);
  return G_SOURCE_REMOVE;
}

static void
finish_linger (HeptadHttpConnection *connection)
{
  if (!connection->unread || connection->cut)
    {
      close_base (connection);
      return;
    }
  if (connection->pump != NULL)
    return;
  shutdown (connection->fd, SHUT_WR);
  connection->pump = g_pollable_input_stream_create_source (connection->in, NULL);
  g_source_set_callback (connection->pump, G_SOURCE_FUNC (on_lingering), connection, NULL);
  g_source_attach (connection->pump, connection->worker->context);
}

void
heptad_http_connection_soup_closed (HeptadHttpConnection *connection)
{
  if (connection->phase >= HEPTAD_HTTP_PHASE_LINGERING)
    return;

  heptad_http_connection_stop_pump (connection);
  if (connection->exchange != NULL)
    heptad_http_exchange_detach (g_steal_pointer (&connection->exchange), TRUE);
  connection->message = NULL;
  /* A tunnel may be closed while its client is still sending, as a message that is too long. */
  connection->unread |=
      connection->pending != NULL || connection->phase == HEPTAD_HTTP_PHASE_TUNNEL;
  heptad_http_connection_set_phase (connection, HEPTAD_HTTP_PHASE_LINGERING, LINGER_MS);
  heptad_http_connection_flush (connection);
}
