/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-exchange-private.h"
#include "core/doors/http/http-grammar.h"

#include <string.h>

HeptadHttpPeer *
heptad_http_peer_ref (HeptadHttpPeer *peer)
{
  g_atomic_int_inc (&peer->refs);
  return peer;
}

void
heptad_http_peer_unref (HeptadHttpPeer *peer)
{
  if (!g_atomic_int_dec_and_test (&peer->refs))
    return;
  g_free (peer->address);
  g_free (peer);
}

HeptadHttpExchange *
heptad_http_exchange_new (HeptadHttpWorker *worker,
                          const HeptadHttpEngine *engine,
                          gpointer connection,
                          HeptadHttpPeer *peer,
                          HeptadHttpHead *head)
{
  HeptadHttpExchange *exchange = g_new0 (HeptadHttpExchange, 1);

  exchange->refs = 1;
  exchange->engine = engine;
  exchange->connection = connection;
  exchange->worker = heptad_http_worker_ref (worker);
  exchange->peer = heptad_http_peer_ref (peer);
  exchange->head = head;
  g_mutex_init (&exchange->lock);
  g_cond_init (&exchange->sent);
  return exchange;
}

static void
exchange_free (HeptadHttpExchange *exchange)
{
  if (exchange->destroy_user_data != NULL)
    exchange->destroy_user_data (exchange->user_data);
  g_clear_pointer (&exchange->head, heptad_http_head_free);
  g_clear_pointer (&exchange->peer, heptad_http_peer_unref);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_pointer (&exchange->body_queue, heptad_http_body_queue_unref);
  g_clear_pointer (&exchange->response, g_bytes_unref);
  g_clear_pointer (&exchange->headers, g_array_unref);
  g_clear_object (&exchange->cancellable);
  g_free (exchange->content_type);
  g_mutex_clear (&exchange->lock);
  g_cond_clear (&exchange->sent);
  heptad_http_worker_unref (exchange->worker);
  g_free (exchange);
}

HeptadHttpExchange *
heptad_http_exchange_hold (HeptadHttpExchange *exchange)
{
  g_atomic_int_inc (&exchange->refs);
  return exchange;
}

void
heptad_http_exchange_release (HeptadHttpExchange *exchange)
{
  if (g_atomic_int_dec_and_test (&exchange->refs))
    exchange_free (exchange);
}

HeptadHttpExchange *
heptad_http_exchange_ref (HeptadHttpExchange *exchange)
{
  g_atomic_int_inc (&exchange->handlers);
  return heptad_http_exchange_hold (exchange);
}

void
heptad_http_exchange_unref (HeptadHttpExchange *exchange)
{
  if (g_atomic_int_dec_and_test (&exchange->handlers) && !g_atomic_int_get (&exchange->gone)
      && !heptad_http_exchange_is_answered (exchange))
    heptad_http_exchange_respond_problem (exchange, 500, "The request was dropped unanswered.");
  heptad_http_exchange_release (exchange);
}

void
heptad_http_exchange_cancel (HeptadHttpExchange *exchange)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&exchange->lock);
  g_atomic_int_set (&exchange->gone, TRUE);
  if (exchange->cancellable != NULL)
    cancellable = g_object_ref (exchange->cancellable);
  g_cond_broadcast (&exchange->sent);
  g_mutex_unlock (&exchange->lock);

  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  if (exchange->body_queue != NULL)
    heptad_http_body_queue_finish (
        exchange->body_queue, g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED,
                                                   "The client went away before the body's end."));
}

void
heptad_http_exchange_detach (HeptadHttpExchange *exchange, gboolean cancelled)
{
  exchange->connection = NULL;
  if (cancelled)
    heptad_http_exchange_cancel (exchange);
  else if (g_atomic_int_get (&exchange->refs) > 1)
    {
      g_mutex_lock (&exchange->lock);
      g_atomic_int_set (&exchange->gone, TRUE);
      g_cond_broadcast (&exchange->sent);
      g_mutex_unlock (&exchange->lock);
      if (exchange->body_queue != NULL)
        heptad_http_body_queue_finish (
            exchange->body_queue, g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED,
                                                       "The request was answered before its end."));
    }
  heptad_http_exchange_release (exchange);
}

const char *
heptad_http_exchange_get_method (HeptadHttpExchange *exchange)
{
  return heptad_http_head_string (exchange->head, exchange->head->method);
}

const char *
heptad_http_exchange_get_path (HeptadHttpExchange *exchange)
{
  return heptad_http_head_string (exchange->head, exchange->head->path);
}

const char *
heptad_http_exchange_get_query (HeptadHttpExchange *exchange)
{
  if (exchange->head->query == 0)
    return NULL;
  return heptad_http_head_string (exchange->head, exchange->head->query);
}

const char *
heptad_http_exchange_get_header (HeptadHttpExchange *exchange, const char *name)
{
  return heptad_http_head_get (exchange->head, name);
}

gboolean
heptad_http_exchange_get_nth_header (HeptadHttpExchange *exchange,
                                     guint index,
                                     const char **name,
                                     const char **value)
{
  const HeptadHttpHead *head = exchange->head;

  if (index >= head->n_headers)
    return FALSE;
  *name = heptad_http_head_string (head, head->headers[index].name);
  *value = heptad_http_head_string (head, head->headers[index].value);
  return TRUE;
}

gint64
heptad_http_exchange_get_content_length (HeptadHttpExchange *exchange)
{
  return exchange->head->content_length;
}

gboolean
heptad_http_exchange_has_body (HeptadHttpExchange *exchange)
{
  return exchange->head->chunked || exchange->head->content_length > 0;
}

const char *
heptad_http_exchange_get_peer (HeptadHttpExchange *exchange)
{
  return exchange->peer->address;
}

gboolean
heptad_http_exchange_get_peer_user (HeptadHttpExchange *exchange, guint *user_id, int *process_id)
{
  if (!exchange->peer->has_user)
    return FALSE;
  *user_id = exchange->peer->user_id;
  *process_id = exchange->peer->process_id;
  return TRUE;
}

gboolean
heptad_http_exchange_is_secure (HeptadHttpExchange *exchange)
{
  return exchange->peer->secure;
}

gboolean
heptad_http_exchange_is_websocket (HeptadHttpExchange *exchange)
{
  return exchange->head->upgrades_to_websocket;
}

void
heptad_http_exchange_set_body_mode (HeptadHttpExchange *exchange,
                                    HeptadHttpBodyMode mode,
                                    guint64 limit)
{
  exchange->body_mode = mode;
  exchange->body_limit = mode == HEPTAD_HTTP_BODY_NONE ? 0 : limit;
}

void
heptad_http_exchange_set_user_data (HeptadHttpExchange *exchange,
                                    gpointer data,
                                    GDestroyNotify destroy)
{
  if (exchange->destroy_user_data != NULL)
    exchange->destroy_user_data (exchange->user_data);
  exchange->user_data = data;
  exchange->destroy_user_data = destroy;
}

gpointer
heptad_http_exchange_get_user_data (HeptadHttpExchange *exchange)
{
  return exchange->user_data;
}

GBytes *
heptad_http_exchange_get_body (HeptadHttpExchange *exchange)
{
  if (exchange->body == NULL)
    exchange->body = g_bytes_new_static ("", 0);
  return exchange->body;
}

GInputStream *
heptad_http_exchange_get_body_stream (HeptadHttpExchange *exchange)
{
  GInputStream *stream;

  if (exchange->body_queue == NULL)
    return g_memory_input_stream_new_from_bytes (heptad_http_exchange_get_body (exchange));
  stream = heptad_http_body_stream_new (exchange->body_queue);
  /* The queue calls back into the exchange, so whoever reads keeps it alive. */
  g_object_set_data_full (G_OBJECT (stream), "heptad-http-exchange",
                          heptad_http_exchange_hold (exchange),
                          (GDestroyNotify) heptad_http_exchange_release);
  return stream;
}

GCancellable *
heptad_http_exchange_get_cancellable (HeptadHttpExchange *exchange)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&exchange->lock);

  if (exchange->cancellable == NULL)
    {
      exchange->cancellable = g_cancellable_new ();
      if (g_atomic_int_get (&exchange->gone))
        g_cancellable_cancel (exchange->cancellable);
    }
  return exchange->cancellable;
}
