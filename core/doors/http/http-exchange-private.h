/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-body-queue.h"
#include "core/doors/http/http-exchange.h"
#include "core/doors/http/http-worker.h"

G_BEGIN_DECLS

/* What carries an exchange: libsoup for HTTP/1 now, nghttp2 for HTTP/2 later. All are called on the
 * connection's thread, and never after heptad_http_exchange_detach(). */
typedef struct {
  void (*answer) (HeptadHttpExchange *exchange);
  void (*send) (HeptadHttpExchange *exchange, GBytes *bytes);
  void (*end) (HeptadHttpExchange *exchange);
  void (*abort) (HeptadHttpExchange *exchange);
  void (*resume_body) (HeptadHttpExchange *exchange);
} HeptadHttpEngine;

typedef struct {
  char *name;
  char *value;
} HeptadHttpResponseHeader;

/* Who is at the other end; shared by all exchanges of a connection. */
typedef struct {
  int refs; /* atomic */
  char *address;
  gboolean secure;
  gboolean has_user;
  guint user_id;
  int process_id;
} HeptadHttpPeer;

HeptadHttpPeer *heptad_http_peer_ref (HeptadHttpPeer *peer);
void heptad_http_peer_unref (HeptadHttpPeer *peer);

struct _HeptadHttpExchange {
  int refs;     /* atomic: of everybody */
  int handlers; /* atomic: of those who may still answer; never more than refs */
  int answered; /* atomic */
  int gone;     /* atomic: over, or the client went away */
  const HeptadHttpEngine *engine;
  gpointer connection; /* the connection's thread only; NULL once detached */
  HeptadHttpWorker *worker;
  HeptadHttpPeer *peer;
  HeptadHttpHead *head;

  HeptadHttpBodyMode body_mode;
  guint64 body_limit;
  GBytes *body;
  HeptadHttpBodyQueue *body_queue;

  gpointer user_data;
  GDestroyNotify destroy_user_data;

  guint status;
  char *content_type;
  GBytes *response;
  GArray *headers; /* of HeptadHttpResponseHeader */
  gboolean streamed;

  GMutex lock; /* of the three below */
  GCond sent;
  gsize queued;
  GCancellable *cancellable;
};

HeptadHttpExchange *heptad_http_exchange_new (HeptadHttpWorker *worker,
                                              const HeptadHttpEngine *engine,
                                              gpointer connection,
                                              HeptadHttpPeer *peer,
                                              HeptadHttpHead *head);

/* The engine's own references, which do not keep a request waiting for an answer. */
HeptadHttpExchange *heptad_http_exchange_hold (HeptadHttpExchange *exchange);
void heptad_http_exchange_release (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_detach:
 * @cancelled: the client went away
 *
 * Ends the connection's part in the exchange and drops its reference.
 */
void heptad_http_exchange_detach (HeptadHttpExchange *exchange, gboolean cancelled);

/**
 * heptad_http_exchange_cancel:
 *
 * Tells the handler that nobody waits for the answer any more.
 */
void heptad_http_exchange_cancel (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_note_sent:
 *
 * Notes that the engine took @length bytes of a streamed body off the queue.
 */
void heptad_http_exchange_note_sent (HeptadHttpExchange *exchange, gsize length);

/**
 * heptad_http_exchange_claim:
 *
 * Returns: whether the caller is the one who may answer
 */
gboolean heptad_http_exchange_claim (HeptadHttpExchange *exchange);

/**
 * heptad_http_exchange_get_response_header:
 *
 * Returns: (nullable): a header of the response so far
 */
const char *heptad_http_exchange_get_response_header (HeptadHttpExchange *exchange,
                                                      const char *name);

/**
 * heptad_http_exchange_write:
 *
 * Queues a piece of a streamed body, waiting while too much is queued. Any thread but the
 * connection's.
 */
gboolean heptad_http_exchange_write (HeptadHttpExchange *exchange,
                                     GBytes *bytes,
                                     GCancellable *cancellable,
                                     GError **error);

/**
 * heptad_http_problem:
 *
 * Returns: (transfer full): the body of an error of the transport's own
 */
GBytes *heptad_http_problem (const HeptadHttpShared *shared,
                             guint status,
                             const char *detail,
                             const char *instance,
                             const char **content_type);

G_END_DECLS
