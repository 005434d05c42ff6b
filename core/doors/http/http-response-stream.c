/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-response-stream.h"

#include "core/doors/http/http-exchange-private.h"

#define GATHER_BYTES (16 * 1024)

#define HEPTAD_TYPE_HTTP_RESPONSE_STREAM (heptad_http_response_stream_get_type ())
G_DECLARE_FINAL_TYPE (HeptadHttpResponseStream,
                      heptad_http_response_stream,
                      HEPTAD,
                      HTTP_RESPONSE_STREAM,
                      GOutputStream)

struct _HeptadHttpResponseStream {
  GOutputStream parent_instance;
  HeptadHttpExchange *exchange;
  GByteArray *gathered;       /* small writes travel together until a flush */
  HeptadHttpEncoder *encoder; /* (nullable) */
  gboolean ended;
};

G_DEFINE_FINAL_TYPE (HeptadHttpResponseStream, heptad_http_response_stream, G_TYPE_OUTPUT_STREAM)

static gboolean
send_gathered (HeptadHttpResponseStream *self,
               HeptadHttpEncodeMode mode,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GByteArray) gathered = g_steal_pointer (&self->gathered);
  g_autoptr (GByteArray) encoded = NULL;
  g_autoptr (GBytes) bytes = NULL;

  self->gathered = g_byte_array_new ();
  if (self->encoder != NULL)
    {
      encoded = g_byte_array_new ();
      heptad_http_encoder_add (self->encoder, gathered->data, gathered->len, mode, encoded);
      bytes = g_byte_array_free_to_bytes (g_steal_pointer (&encoded));
    }
  else
    bytes = g_byte_array_free_to_bytes (g_steal_pointer (&gathered));
  return g_bytes_get_size (bytes) == 0
         || heptad_http_exchange_write (self->exchange, bytes, cancellable, error);
}

static gboolean
response_stream_flush (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  HeptadHttpResponseStream *self = HEPTAD_HTTP_RESPONSE_STREAM (stream);

  return self->gathered->len == 0
         || send_gathered (self, HEPTAD_HTTP_ENCODE_FLUSH, cancellable, error);
}

static gssize
response_stream_write (GOutputStream *stream,
                       const void *buffer,
                       gsize count,
                       GCancellable *cancellable,
                       GError **error)
{
  HeptadHttpResponseStream *self = HEPTAD_HTTP_RESPONSE_STREAM (stream);
  gsize taken = MIN (count, GATHER_BYTES - self->gathered->len);

  g_byte_array_append (self->gathered, buffer, (guint) taken);
  if (self->gathered->len >= GATHER_BYTES
      && !send_gathered (self, HEPTAD_HTTP_ENCODE_CONTINUE, cancellable, error))
    return -1;
  return (gssize) taken;
}

static gboolean
response_stream_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  HeptadHttpResponseStream *self = HEPTAD_HTTP_RESPONSE_STREAM (stream);

  /* GOutputStream closes on disposal too, and that is no end of a body: see below. */
  if (self->ended)
    return TRUE;
  if (!send_gathered (self, HEPTAD_HTTP_ENCODE_END, cancellable, error))
    return FALSE;
  self->ended = TRUE;
  heptad_http_exchange_end (self->exchange);
  return TRUE;
}

static void
heptad_http_response_stream_dispose (GObject *object)
{
  HeptadHttpResponseStream *self = HEPTAD_HTTP_RESPONSE_STREAM (object);

  if (!self->ended)
    {
      self->ended = TRUE;
      heptad_http_exchange_abort (self->exchange);
      g_byte_array_set_size (self->gathered, 0);
    }
  G_OBJECT_CLASS (heptad_http_response_stream_parent_class)->dispose (object);
}

static void
heptad_http_response_stream_finalize (GObject *object)
{
  HeptadHttpResponseStream *self = HEPTAD_HTTP_RESPONSE_STREAM (object);

  g_byte_array_unref (self->gathered);
  g_clear_pointer (&self->encoder, heptad_http_encoder_free);
  heptad_http_exchange_unref (self->exchange);
  G_OBJECT_CLASS (heptad_http_response_stream_parent_class)->finalize (object);
}

static void
heptad_http_response_stream_class_init (HeptadHttpResponseStreamClass *klass)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heptad_http_response_stream_dispose;
  G_OBJECT_CLASS (klass)->finalize = heptad_http_response_stream_finalize;
  stream_class->write_fn = response_stream_write;
  stream_class->flush = response_stream_flush;
  stream_class->close_fn = response_stream_close;
}

static void
heptad_http_response_stream_init (HeptadHttpResponseStream *self)
{
  self->gathered = g_byte_array_new ();
}

GOutputStream *
heptad_http_response_stream_new (HeptadHttpExchange *exchange, HeptadHttpCoding coding)
{
  HeptadHttpResponseStream *self = g_object_new (HEPTAD_TYPE_HTTP_RESPONSE_STREAM, NULL);

  self->exchange = heptad_http_exchange_ref (exchange);
  if (coding != HEPTAD_HTTP_CODING_IDENTITY)
    self->encoder = heptad_http_encoder_new (coding);
  return G_OUTPUT_STREAM (self);
}
