/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GObject shims: every call goes on to the connection. */
#include "core/doors/http/http-guard-stream.h"

/* Input */

#define HEPTAD_TYPE_HTTP_GUARD_INPUT (heptad_http_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (
    HeptadHttpGuardInput, heptad_http_guard_input, HEPTAD, HTTP_GUARD_INPUT, GInputStream)

struct _HeptadHttpGuardInput {
  GInputStream parent_instance;
  HeptadHttpConnection *connection;
};

static gssize
guard_input_read (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  return heptad_http_connection_read (HEPTAD_HTTP_GUARD_INPUT (stream)->connection, buffer, count,
                                      error);
}

static gssize
guard_input_read_fn (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return heptad_http_connection_read (HEPTAD_HTTP_GUARD_INPUT (stream)->connection, buffer, count,
                                      error);
}

static gboolean
guard_input_is_readable (GPollableInputStream *stream)
{
  HeptadHttpConnection *connection = HEPTAD_HTTP_GUARD_INPUT (stream)->connection;

  return connection->phase >= HEPTAD_HTTP_PHASE_CLOSING || connection->pending != NULL
         || connection->delivery->len > 0 || g_pollable_input_stream_is_readable (connection->in);
}

static GSource *
guard_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  return heptad_http_connection_create_read_source (HEPTAD_HTTP_GUARD_INPUT (stream)->connection,
                                                    G_INPUT_STREAM (stream), cancellable);
}

static void
guard_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->read_nonblocking = guard_input_read;
  iface->is_readable = guard_input_is_readable;
  iface->create_source = guard_input_create_source;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (HeptadHttpGuardInput,
                               heptad_http_guard_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      guard_input_pollable_init))

static void
heptad_http_guard_input_finalize (GObject *object)
{
  heptad_http_connection_unref (HEPTAD_HTTP_GUARD_INPUT (object)->connection);
  G_OBJECT_CLASS (heptad_http_guard_input_parent_class)->finalize (object);
}

static void
heptad_http_guard_input_class_init (HeptadHttpGuardInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_http_guard_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = guard_input_read_fn;
}

static void
heptad_http_guard_input_init (HeptadHttpGuardInput *self)
{
}

/* Output */

#define HEPTAD_TYPE_HTTP_GUARD_OUTPUT (heptad_http_guard_output_get_type ())
G_DECLARE_FINAL_TYPE (
    HeptadHttpGuardOutput, heptad_http_guard_output, HEPTAD, HTTP_GUARD_OUTPUT, GOutputStream)

struct _HeptadHttpGuardOutput {
  GOutputStream parent_instance;
  HeptadHttpConnection *connection;
};

static gssize
guard_output_write (GPollableOutputStream *stream, const void *buffer, gsize count, GError **error)
{
  return heptad_http_connection_write (HEPTAD_HTTP_GUARD_OUTPUT (stream)->connection, buffer, count,
                                       error);
}

/* libsoup polls; whoever does not must not make the thread wait. */
static gssize
guard_output_write_fn (GOutputStream *stream,
                       const void *buffer,
                       gsize count,
                       GCancellable *cancellable,
                       GError **error)
{
  heptad_http_connection_queue (HEPTAD_HTTP_GUARD_OUTPUT (stream)->connection, buffer, count);
  return (gssize) count;
}

static gboolean
guard_output_is_writable (GPollableOutputStream *stream)
{
  HeptadHttpConnection *connection = HEPTAD_HTTP_GUARD_OUTPUT (stream)->connection;

  return connection->cut || connection->phase == HEPTAD_HTTP_PHASE_TUNNEL
         || g_pollable_output_stream_is_writable (connection->out);
}

static GSource *
guard_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  HeptadHttpConnection *connection = HEPTAD_HTTP_GUARD_OUTPUT (stream)->connection;
  g_autoptr (GSource) ready = NULL;

  /* A WebSocket's frames are all taken at once, so that their number is known here. */
  if (connection->cut || connection->phase == HEPTAD_HTTP_PHASE_TUNNEL)
    ready = g_timeout_source_new (0);
  else
    ready = g_pollable_output_stream_create_source (connection->out, NULL);
  return g_pollable_source_new_full (stream, ready, cancellable);
}

static void
guard_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->write_nonblocking = guard_output_write;
  iface->is_writable = guard_output_is_writable;
  iface->create_source = guard_output_create_source;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (HeptadHttpGuardOutput,
                               heptad_http_guard_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      guard_output_pollable_init))

static void
heptad_http_guard_output_finalize (GObject *object)
{
  heptad_http_connection_unref (HEPTAD_HTTP_GUARD_OUTPUT (object)->connection);
  G_OBJECT_CLASS (heptad_http_guard_output_parent_class)->finalize (object);
}

static void
heptad_http_guard_output_class_init (HeptadHttpGuardOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_http_guard_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = guard_output_write_fn;
}

static void
heptad_http_guard_output_init (HeptadHttpGuardOutput *self)
{
}

/* Both */

#define HEPTAD_TYPE_HTTP_GUARD_STREAM (heptad_http_guard_stream_get_type ())
G_DECLARE_FINAL_TYPE (
    HeptadHttpGuardStream, heptad_http_guard_stream, HEPTAD, HTTP_GUARD_STREAM, GIOStream)

struct _HeptadHttpGuardStream {
  GIOStream parent_instance;
  HeptadHttpConnection *connection;
  HeptadHttpGuardInput *input;
  HeptadHttpGuardOutput *output;
};

G_DEFINE_FINAL_TYPE (HeptadHttpGuardStream, heptad_http_guard_stream, G_TYPE_IO_STREAM)

static GInputStream *
guard_stream_get_input (GIOStream *stream)
{
  return G_INPUT_STREAM (HEPTAD_HTTP_GUARD_STREAM (stream)->input);
}

static GOutputStream *
guard_stream_get_output (GIOStream *stream)
{
  return G_OUTPUT_STREAM (HEPTAD_HTTP_GUARD_STREAM (stream)->output);
}

static gboolean
guard_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  heptad_http_connection_soup_closed (HEPTAD_HTTP_GUARD_STREAM (stream)->connection);
  return TRUE;
}

/* GIOStream's own would close in another thread. */
static void
guard_stream_close_async (GIOStream *stream,
                          int priority,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);

  guard_stream_close (stream, cancellable, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
guard_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
heptad_http_guard_stream_finalize (GObject *object)
{
  HeptadHttpGuardStream *self = HEPTAD_HTTP_GUARD_STREAM (object);

  g_object_unref (self->input);
  g_object_unref (self->output);
  heptad_http_connection_unref (self->connection);
  G_OBJECT_CLASS (heptad_http_guard_stream_parent_class)->finalize (object);
}

static void
heptad_http_guard_stream_class_init (HeptadHttpGuardStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heptad_http_guard_stream_finalize;
  stream_class->get_input_stream = guard_stream_get_input;
  stream_class->get_output_stream = guard_stream_get_output;
  stream_class->close_fn = guard_stream_close;
  stream_class->close_async = guard_stream_close_async;
  stream_class->close_finish = guard_stream_close_finish;
}

static void
heptad_http_guard_stream_init (HeptadHttpGuardStream *self)
{
}

GIOStream *
heptad_http_guard_stream_new (HeptadHttpConnection *connection)
{
  HeptadHttpGuardStream *self = g_object_new (HEPTAD_TYPE_HTTP_GUARD_STREAM, NULL);

  self->connection = heptad_http_connection_ref (connection);
  self->input = g_object_new (HEPTAD_TYPE_HTTP_GUARD_INPUT, NULL);
  self->input->connection = heptad_http_connection_ref (connection);
  self->output = g_object_new (HEPTAD_TYPE_HTTP_GUARD_OUTPUT, NULL);
  self->output->connection = heptad_http_connection_ref (connection);
  return G_IO_STREAM (self);
}
