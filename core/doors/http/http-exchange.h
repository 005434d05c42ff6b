/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HeptadHttpExchange:
 *
 * One request and its response, whichever engine carries them. Reference counted; the connection
 * holds one reference of its own until the exchange is over, and a handler that answers later takes
 * another. When a handler drops its last reference without an answer, a 500 is sent for it. All
 * strings returned live as long as the exchange. Unless said otherwise a function may be called
 * from any thread, but by one thread at a time.
 */
typedef struct _HeptadHttpExchange HeptadHttpExchange;

HeptadHttpExchange *heptad_http_exchange_ref (HeptadHttpExchange *exchange);
void heptad_http_exchange_unref (HeptadHttpExchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHttpExchange, heptad_http_exchange_unref)

/**
 * HeptadHttpBodyMode:
 * @HEPTAD_HTTP_BODY_NONE: a request with a body is refused with 413 (as is one with a longer body
 *   than its limit in the other modes)
 * @HEPTAD_HTTP_BODY_BUFFERED: `handle` is called when the whole body is there
 * @HEPTAD_HTTP_BODY_STREAMED: `handle` is called at once, the body is read as it comes
 */
typedef enum {
  HEPTAD_HTTP_BODY_NONE,
  HEPTAD_HTTP_BODY_BUFFERED,
  HEPTAD_HTTP_BODY_STREAMED,
} HeptadHttpBodyMode;

/* The request */

/**
 * heptad_http_exchange_get_path:
 *
 * Returns: the path of the target as it was sent, percent-escapes and all; `*` for `OPTIONS *`
 */
const char *heptad_http_exchange_get_path (HeptadHttpExchange *exchange);
const char *heptad_http_exchange_get_method (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_query:
 *
 * Returns: (nullable): what follows the first `?` of the target, as it was sent
 */
const char *heptad_http_exchange_get_query (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_header:
 * @name: a header's name in any case
 *
 * Looks a header up, without allocating. Host, Content-Length, Transfer-Encoding, Expect,
 * Authorization and Content-Type come at most once; for others this is the first of the name.
 *
 * Returns: (nullable): its value, without surrounding space; may hold bytes above 127
 */
const char *heptad_http_exchange_get_header (HeptadHttpExchange *exchange, const char *name);

/**
 * heptad_http_exchange_get_nth_header:
 *
 * Returns: %FALSE when there are no more than @index headers
 */
gboolean heptad_http_exchange_get_nth_header (HeptadHttpExchange *exchange,
                                              guint index,
                                              const char **name,
                                              const char **value);

/**
 * heptad_http_exchange_get_content_length:
 *
 * Returns: the body's length as the client states it, or -1 when it does not
 */
gint64 heptad_http_exchange_get_content_length (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_has_body:
 *
 * Returns: whether the client sends a body
 */
gboolean heptad_http_exchange_has_body (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_peer:
 *
 * Returns: the client's numeric address, without port; `unix` on a Unix socket
 */
const char *heptad_http_exchange_get_peer (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_peer_user:
 * @user_id: (out): the client process's user
 * @process_id: (out): its process, 0 when unknown
 *
 * Returns: whether the kernel vouches for who the client is, as on a Unix socket
 */
gboolean
heptad_http_exchange_get_peer_user (HeptadHttpExchange *exchange, guint *user_id, int *process_id);

/**
 * heptad_http_exchange_is_secure:
 *
 * Returns: whether the request came over TLS
 */
gboolean heptad_http_exchange_is_secure (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_is_websocket:
 *
 * Returns: whether the client asks to upgrade to WebSocket
 */
gboolean heptad_http_exchange_is_websocket (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_set_body_mode:
 * @limit: the most bytes of body taken; ignored for %HEPTAD_HTTP_BODY_NONE
 *
 * Says what to do with the body. In `judge` only; without a call no body is taken.
 */
void heptad_http_exchange_set_body_mode (HeptadHttpExchange *exchange,
                                         HeptadHttpBodyMode mode,
                                         guint64 limit);

void heptad_http_exchange_set_user_data (HeptadHttpExchange *exchange,
                                         gpointer data,
                                         GDestroyNotify destroy);
gpointer heptad_http_exchange_get_user_data (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_body:
 *
 * Returns: (transfer none): the whole body in `handle` of a buffered exchange; empty otherwise
 */
GBytes *heptad_http_exchange_get_body (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_body_stream:
 *
 * Gives a blocking stream over the body of a streamed exchange, for a thread of a pool; never read
 * it on the connection's thread. Not more than about 256 KiB wait in memory: beyond that the
 * socket is not read. Reading fails with %HEPTAD_ERROR_CANCELLED when the client went away or
 * stalled before the body's end, and %HEPTAD_ERROR_TOO_LARGE when a chunked body passes its limit.
 *
 * Returns: (transfer full): the stream
 */
GInputStream *heptad_http_exchange_get_body_stream (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_cancellable:
 *
 * Returns: (transfer none): cancelled when the client goes away before its answer is sent
 */
GCancellable *heptad_http_exchange_get_cancellable (HeptadHttpExchange *exchange);

/* The response */

/**
 * heptad_http_exchange_set_header:
 *
 * Sets a header of the response to come, replacing an earlier one of the name. A name or value
 * that would break the framing is not sent, with a warning. Before the answer.
 */
void
heptad_http_exchange_set_header (HeptadHttpExchange *exchange, const char *name, const char *value);

/**
 * heptad_http_exchange_add_header:
 *
 * As heptad_http_exchange_set_header(), beside earlier ones of the name (`Set-Cookie`).
 */
void
heptad_http_exchange_add_header (HeptadHttpExchange *exchange, const char *name, const char *value);

/**
 * heptad_http_exchange_respond:
 * @content_type: (nullable): none for an empty body
 * @body: (nullable) (transfer none): the body; for HEAD give the one GET would have
 *
 * Answers. In `judge` this refuses the request before its body is taken. On the connection's thread
 * the answer goes out at once; from any other it is queued there. A second answer is ignored.
 *
 * Returns: whether this call was the one that answered
 */
gboolean heptad_http_exchange_respond (HeptadHttpExchange *exchange,
                                       guint status,
                                       const char *content_type,
                                       GBytes *body);

/**
 * heptad_http_exchange_respond_problem:
 *
 * Answers with a problem document made by the handler's `problem`.
 */
gboolean heptad_http_exchange_respond_problem (HeptadHttpExchange *exchange,
                                               guint status,
                                               const char *detail);

/**
 * heptad_http_exchange_is_answered:
 *
 * Returns: whether an answer was given
 */
gboolean heptad_http_exchange_is_answered (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_begin_stream:
 *
 * Answers with a body that comes in pieces. Writing blocks while more than the server's limit waits
 * to be sent, so never write on the connection's thread: there use heptad_http_exchange_send(). The
 * body ends when the stream is closed; one dropped without being closed, or after
 * heptad_http_exchange_abort(), ends so that the client can tell it is incomplete.
 *
 * Returns: (transfer full) (nullable): the stream; %NULL when the exchange was already answered
 */
GOutputStream *heptad_http_exchange_begin_stream (HeptadHttpExchange *exchange,
                                                  guint status,
                                                  const char *content_type);

/**
 * heptad_http_exchange_begin:
 *
 * As heptad_http_exchange_begin_stream(), for pieces given to heptad_http_exchange_send().
 *
 * Returns: whether this call was the one that answered
 */
gboolean
heptad_http_exchange_begin (HeptadHttpExchange *exchange, guint status, const char *content_type);

/**
 * heptad_http_exchange_send:
 * @bytes: (transfer none): the next piece
 *
 * Queues a piece of the body and never blocks. The caller bounds the queue by looking at
 * heptad_http_exchange_get_queued_bytes().
 *
 * Returns: %FALSE when the client is gone
 */
gboolean heptad_http_exchange_send (HeptadHttpExchange *exchange, GBytes *bytes);

/**
 * heptad_http_exchange_end:
 *
 * Ends a body begun with heptad_http_exchange_begin().
 */
void heptad_http_exchange_end (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_queued_bytes:
 *
 * Returns: the bytes of a streamed body that were given and not yet taken by the socket
 */
gsize heptad_http_exchange_get_queued_bytes (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_abort:
 *
 * Cuts the connection without finishing the response.
 */
void heptad_http_exchange_abort (HeptadHttpExchange *exchange);

G_END_DECLS
