/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The response half of an exchange: what handlers call, up to where an engine takes over. */
#include "core/doors/http/http-compression.h"
#include "core/doors/http/http-exchange-private.h"
#include "core/doors/http/http-grammar.h"
#include "core/doors/http/http-response-stream.h"

#include <string.h>

/* Less would hardly shrink; more would hold the connection's thread, or a pool's, for too long. */
#define MIN_COMPRESSED_BYTES        1024
#define MAX_COMPRESSED_INLINE_BYTES (256 * 1024)
#define MAX_COMPRESSED_BYTES        (32 * 1024 * 1024)

static void
clear_header (gpointer data)
{
  HeptadHttpResponseHeader *header = data;

  g_free (header->name);
  g_free (header->value);
}

void
heptad_http_exchange_add_header (HeptadHttpExchange *exchange, const char *name, const char *value)
{
  HeptadHttpResponseHeader header;

  if (!heptad_http_grammar_is_token (name, strlen (name))
      || !heptad_http_grammar_is_header_value (value))
    {
      g_warning (
          "A response to %s has a header named \"%s\" that cannot be sent: its name or value "
          "holds bytes that HTTP forbids.",
          heptad_http_exchange_get_path (exchange), name);
      return;
    }
  if (exchange->headers == NULL)
    {
      exchange->headers = g_array_new (FALSE, FALSE, sizeof (HeptadHttpResponseHeader));
      g_array_set_clear_func (exchange->headers, clear_header);
    }
  header = (HeptadHttpResponseHeader){ g_strdup (name), g_strdup (value) };
  g_array_append_val (exchange->headers, header);
}

void
heptad_http_exchange_set_header (HeptadHttpExchange *exchange, const char *name, const char *value)
{
  guint length = exchange->headers == NULL ? 0 : exchange->headers->len;

  for (guint i = length; i > 0; i--)
    if (g_ascii_strcasecmp (g_array_index (exchange->headers, HeptadHttpResponseHeader, i - 1).name,
                            name)
        == 0)
      g_array_remove_index (exchange->headers, i - 1);
  heptad_http_exchange_add_header (exchange, name, value);
}

const char *
heptad_http_exchange_get_response_header (HeptadHttpExchange *exchange, const char *name)
{
  for (guint i = 0; exchange->headers != NULL && i < exchange->headers->len; i++)
    {
      HeptadHttpResponseHeader *header =
          &g_array_index (exchange->headers, HeptadHttpResponseHeader, i);

      if (g_ascii_strcasecmp (header->name, name) == 0)
        return header->value;
    }
  return NULL;
}

gboolean
heptad_http_exchange_is_answered (HeptadHttpExchange *exchange)
{
  return g_atomic_int_get (&exchange->answered);
}

gboolean
heptad_http_exchange_claim (HeptadHttpExchange *exchange)
{
  return g_atomic_int_compare_and_exchange (&exchange->answered, FALSE, TRUE);
}

/* Runs one of the engine's functions on the connection's thread: now if this is it, else soon. */
static void
answer_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  HeptadHttpExchange *exchange = target;

  if (exchange->connection != NULL)
    exchange->engine->answer (exchange);
}

static void
send_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  HeptadHttpExchange *exchange = target;

  if (exchange->connection != NULL)
    exchange->engine->send (exchange, bytes);
  else
    heptad_http_exchange_note_sent (exchange, g_bytes_get_size (bytes));
}

static void
end_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  HeptadHttpExchange *exchange = target;

  if (exchange->connection != NULL)
    exchange->engine->end (exchange);
}

static void
abort_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  HeptadHttpExchange *exchange = target;

  if (exchange->connection != NULL)
    exchange->engine->abort (exchange);
}

static void
run (HeptadHttpExchange *exchange, HeptadHttpCall call, GBytes *bytes)
{
  if (heptad_http_worker_is_current (exchange->worker))
    call (exchange->worker, exchange, bytes);
  else
    heptad_http_worker_call (exchange->worker, call, heptad_http_exchange_hold (exchange),
                             (GDestroyNotify) heptad_http_exchange_release,
                             bytes == NULL ? NULL : g_bytes_ref (bytes));
}

/* The entity tag names the representation byte by byte, and that is now another. */
static void
weaken_entity_tag (HeptadHttpExchange *exchange)
{
  const char *tag = heptad_http_exchange_get_response_header (exchange, "ETag");
  g_autofree char *weak = NULL;

  if (tag == NULL || g_str_has_prefix (tag, "W/"))
    return;
  weak = g_strconcat ("W/", tag, NULL);
  heptad_http_exchange_set_header (exchange, "ETag", weak);
}

static HeptadHttpCoding
negotiate_coding (HeptadHttpExchange *exchange, const char *content_type)
{
  HeptadHttpCoding coding;

  if (exchange->status == 206 || !heptad_http_is_compressible (content_type)
      || heptad_http_exchange_get_response_header (exchange, "Content-Encoding") != NULL)
    return HEPTAD_HTTP_CODING_IDENTITY;

  heptad_http_exchange_add_header (exchange, "Vary", "Accept-Encoding");
  coding =
      heptad_http_coding_choose (heptad_http_exchange_get_header (exchange, "Accept-Encoding"));
  if (coding != HEPTAD_HTTP_CODING_IDENTITY)
    {
      heptad_http_exchange_set_header (exchange, "Content-Encoding",
                                       heptad_http_coding_get_name (coding));
      weaken_entity_tag (exchange);
    }
  return coding;
}

static GBytes *
compress_body (HeptadHttpExchange *exchange, const char *content_type, GBytes *body)
{
  gsize limit = heptad_http_worker_is_current (exchange->worker) ? MAX_COMPRESSED_INLINE_BYTES
                                                                 : MAX_COMPRESSED_BYTES;
  gsize length;
  const void *data = g_bytes_get_data (body, &length);
  HeptadHttpCoding coding;
  g_autoptr (HeptadHttpEncoder) encoder = NULL;
  GByteArray *out;

  if (length < MIN_COMPRESSED_BYTES || length > limit)
    return g_bytes_ref (body);
  coding = negotiate_coding (exchange, content_type);
  if (coding == HEPTAD_HTTP_CODING_IDENTITY)
    return g_bytes_ref (body);

  encoder = heptad_http_encoder_new (coding);
  out = g_byte_array_sized_new ((guint) length / 2);
  heptad_http_encoder_add (encoder, data, length, HEPTAD_HTTP_ENCODE_END, out);
  return g_byte_array_free_to_bytes (out);
}

gboolean
heptad_http_exchange_respond (HeptadHttpExchange *exchange,
                              guint status,
                              const char *content_type,
                              GBytes *body)
{
  if (!heptad_http_exchange_claim (exchange))
    return FALSE;

  exchange->status = status;
  exchange->content_type = g_strdup (content_type);
  if (body != NULL)
    exchange->response = compress_body (exchange, content_type, body);
  run (exchange, answer_call, NULL);
  return TRUE;
}

GBytes *
heptad_http_problem (const HeptadHttpShared *shared,
                     guint status,
                     const char *detail,
                     const char *instance,
                     const char **content_type)
{
  *content_type = "application/problem+json";
  if (shared->handler.problem == NULL)
    return g_bytes_new_static ("{}", 2);
  return shared->handler.problem (status, detail, instance, content_type, shared->handler_data);
}

gboolean
heptad_http_exchange_respond_problem (HeptadHttpExchange *exchange,
                                      guint status,
                                      const char *detail)
{
  const char *content_type;
  g_autoptr (GBytes) body =
      heptad_http_problem (exchange->worker->shared, status, detail,
                           heptad_http_exchange_get_path (exchange), &content_type);

  return heptad_http_exchange_respond (exchange, status, content_type, body);
}

static void
begin (HeptadHttpExchange *exchange, const char *content_type)
{
  exchange->content_type = g_strdup (content_type);
  exchange->streamed = TRUE;
  run (exchange, answer_call, NULL);
}

gboolean
heptad_http_exchange_begin (HeptadHttpExchange *exchange, guint status, const char *content_type)
{
  if (!heptad_http_exchange_claim (exchange))
    return FALSE;
  exchange->status = status;
  begin (exchange, content_type);
  return TRUE;
}

GOutputStream *
heptad_http_exchange_begin_stream (HeptadHttpExchange *exchange,
                                   guint status,
                                   const char *content_type)
{
  HeptadHttpCoding coding;

  if (!heptad_http_exchange_claim (exchange))
    return NULL;
  exchange->status = status;
  coding = negotiate_coding (exchange, content_type);
  begin (exchange, content_type);
  return heptad_http_response_stream_new (exchange, coding);
}

static void
queue_piece (HeptadHttpExchange *exchange, GBytes *bytes)
{
  exchange->queued += g_bytes_get_size (bytes);
}

gboolean
heptad_http_exchange_send (HeptadHttpExchange *exchange, GBytes *bytes)
{
  if (g_atomic_int_get (&exchange->gone))
    return FALSE;
  if (g_bytes_get_size (bytes) == 0)
    return TRUE;

  g_mutex_lock (&exchange->lock);
  queue_piece (exchange, bytes);
  g_mutex_unlock (&exchange->lock);
  run (exchange, send_call, bytes);
  return TRUE;
}

static void
on_cancelled (GCancellable *cancellable, HeptadHttpExchange *exchange)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&exchange->lock);

  g_cond_broadcast (&exchange->sent);
}

static gboolean
wait_for_room (HeptadHttpExchange *exchange,
               GBytes *bytes,
               GCancellable *cancellable,
               GError **error)
{
  gsize limit = exchange->worker->shared->config.max_queued_bytes;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&exchange->lock);

  while (exchange->queued >= limit && !g_atomic_int_get (&exchange->gone)
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&exchange->sent, &exchange->lock);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (g_atomic_int_get (&exchange->gone))
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED,
                           "The client went away before the response's end.");
      return FALSE;
    }
  queue_piece (exchange, bytes);
  return TRUE;
}

gboolean
heptad_http_exchange_write (HeptadHttpExchange *exchange,
                            GBytes *bytes,
                            GCancellable *cancellable,
                            GError **error)
{
  gulong connected = 0;
  gboolean has_room;

  if (cancellable != NULL)
    connected = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), exchange, NULL);
  has_room = wait_for_room (exchange, bytes, cancellable, error);
  if (connected != 0)
    g_cancellable_disconnect (cancellable, connected);
  if (has_room)
    run (exchange, send_call, bytes);
  return has_room;
}

void
heptad_http_exchange_note_sent (HeptadHttpExchange *exchange, gsize length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&exchange->lock);

  exchange->queued -= MIN (length, exchange->queued);
  g_cond_broadcast (&exchange->sent);
}

void
heptad_http_exchange_end (HeptadHttpExchange *exchange)
{
  run (exchange, end_call, NULL);
}

void
heptad_http_exchange_abort (HeptadHttpExchange *exchange)
{
  g_atomic_int_set (&exchange->answered, TRUE);
  run (exchange, abort_call, NULL);
}

gsize
heptad_http_exchange_get_queued_bytes (HeptadHttpExchange *exchange)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&exchange->lock);

  return exchange->queued;
}
