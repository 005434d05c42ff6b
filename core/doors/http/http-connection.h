/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-exchange-private.h"
#include "core/doors/http/http-listener.h"

G_BEGIN_DECLS

/* One accepted connection. libsoup sits on top of the stream of http-guard-stream.h, which passes
 * everything on to here; what libsoup reads is not what the client sent, but one small head that
 * the guard writes afresh for each request it has understood. Bodies never pass through libsoup.
 * All of it belongs to the connection's thread. */

/**
 * HeptadHttpPhase:
 * @HEPTAD_HTTP_PHASE_HANDSHAKE: TLS is being agreed on
 * @HEPTAD_HTTP_PHASE_IDLE: between requests
 * @HEPTAD_HTTP_PHASE_HEAD: a part of a head has come
 * @HEPTAD_HTTP_PHASE_BODY: a buffered body is coming
 * @HEPTAD_HTTP_PHASE_WORKING: libsoup has the request: a handler works, or the response is written
 * @HEPTAD_HTTP_PHASE_TUNNEL: a WebSocket
 * @HEPTAD_HTTP_PHASE_CLOSING: nothing more is read; libsoup will be told that the stream ended
 * @HEPTAD_HTTP_PHASE_LINGERING: libsoup is done; what is written still has to arrive
 * @HEPTAD_HTTP_PHASE_CLOSED: over
 */
typedef enum {
  HEPTAD_HTTP_PHASE_HANDSHAKE,
  HEPTAD_HTTP_PHASE_IDLE,
  HEPTAD_HTTP_PHASE_HEAD,
  HEPTAD_HTTP_PHASE_BODY,
  HEPTAD_HTTP_PHASE_WORKING,
  HEPTAD_HTTP_PHASE_TUNNEL,
  HEPTAD_HTTP_PHASE_CLOSING,
  HEPTAD_HTTP_PHASE_LINGERING,
  HEPTAD_HTTP_PHASE_CLOSED,
} HeptadHttpPhase;

struct _HeptadHttpConnection {
  int refs;
  HeptadHttpWorker *worker;
  GList link; /* in the worker's connections */
  HeptadHttpPeer *peer;
  HeptadHttpPhase phase;
  gint64 deadline_us; /* of the phase; 0: none */

  /* Closing any of these closes the descriptor, so all live as long as the connection. */
  GSocketConnection *tcp;
  GIOStream *base; /* TLS, or tcp itself */
  GPollableInputStream *in;
  GPollableOutputStream *out;
  int fd;
  GCancellable *handshake; /* (nullable): while TLS is being agreed on */

  /* Coming in */
  HeptadHttpFraming framing;
  GByteArray *pending; /* (nullable): received and not yet looked at */
  GByteArray *body;    /* (nullable): of a buffered request, so far */
  guint64 body_bytes;
  guint64 window_bytes; /* of body since window_start_us */
  gint64 window_start_us;
  gboolean body_complete;
  gboolean body_paused; /* a streamed body's queue is full */
  gboolean unread;      /* the client may still be sending what nobody will read */
  GString *delivery;    /* what libsoup reads next */
  GSource *read_source; /* (nullable): where libsoup waits */
  GSource *pump;        /* (nullable): reads a streamed body while libsoup is busy */
  GSource *watch;       /* (nullable): notices a hang-up while a handler works */

  /* Going out */
  GByteArray *queued;
  gsize queued_offset;
  gboolean is_dirty;
  gboolean cut;               /* nothing more is written */
  gboolean muted;             /* what libsoup writes is not to be heard */
  gboolean said_good_bye;     /* libsoup was told that the connection is over */
  gboolean closes;            /* the response in flight said so */
  gsize stream_unsent;        /* bytes of a streamed body that wait in queued */
  gint64 write_blocked_us;    /* since when the socket takes nothing; 0: it does */
  gint64 tunnel_unseen_bytes; /* given to libsoup's WebSocket and not yet written by it */
  GSource *flush_source;

  HeptadHttpExchange *exchange; /* (nullable) */
  SoupServerMessage *message;   /* (nullable): libsoup's side of it; borrowed */
  gboolean in_handler;
};

/**
 * heptad_http_connection_accept:
 * @fd: owned from now on
 */
void heptad_http_connection_accept (HeptadHttpWorker *worker,
                                    const HeptadHttpListener *listener,
                                    int fd);
HeptadHttpConnection *heptad_http_connection_ref (HeptadHttpConnection *connection);
void heptad_http_connection_unref (HeptadHttpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHttpConnection, heptad_http_connection_unref)

/**
 * heptad_http_connection_cut:
 *
 * Gives up on the peer: nothing more is read or written, libsoup and the handler are told.
 */
void heptad_http_connection_cut (HeptadHttpConnection *connection);

/**
 * heptad_http_connection_close_soon:
 *
 * Lets libsoup find the end of the stream as soon as it is idle.
 */
void heptad_http_connection_close_soon (HeptadHttpConnection *connection);

/**
 * heptad_http_connection_drain:
 *
 * Closes the connection if it is idle, or after the request in flight.
 */
void heptad_http_connection_drain (HeptadHttpConnection *connection);

/**
 * heptad_http_connection_set_phase:
 * @timeout_ms: of the phase; 0: none
 */
void heptad_http_connection_set_phase (HeptadHttpConnection *connection,
                                       HeptadHttpPhase phase,
                                       guint timeout_ms);

/**
 * heptad_http_connection_refuse:
 *
 * Answers with an error of the transport's own, without libsoup, and closes.
 */
void
heptad_http_connection_refuse (HeptadHttpConnection *connection, guint status, const char *detail);

/**
 * heptad_http_connection_tick:
 *
 * Looks whether a deadline has passed.
 */
void heptad_http_connection_tick (HeptadHttpConnection *connection, gint64 now_us);

/**
 * heptad_http_connection_upgrade:
 *
 * From now on bytes pass both ways as they are; the exchange is over.
 */
void heptad_http_connection_upgrade (HeptadHttpConnection *connection);

/* Coming in: http-inbound.c */

gssize heptad_http_connection_read (HeptadHttpConnection *connection,
                                    void *buffer,
                                    gsize count,
                                    GError **error);
GSource *heptad_http_connection_create_read_source (HeptadHttpConnection *connection,
                                                    GInputStream *stream,
                                                    GCancellable *cancellable);

/**
 * heptad_http_connection_start_pump:
 *
 * Goes on reading a streamed body, or watching for a hang-up, while a handler works.
 */
void heptad_http_connection_start_pump (HeptadHttpConnection *connection);
void heptad_http_connection_stop_pump (HeptadHttpConnection *connection);

/**
 * heptad_http_connection_body_timed_out:
 *
 * Returns: whether the body in flight has come too slowly since the last look
 */
gboolean heptad_http_connection_body_timed_out (HeptadHttpConnection *connection, gint64 now_us);
void heptad_http_connection_fail_body (HeptadHttpConnection *connection,
                                       HeptadError code,
                                       const char *message);

/* Going out: http-outbound.c */

gssize heptad_http_connection_write (HeptadHttpConnection *connection,
                                     const void *buffer,
                                     gsize count,
                                     GError **error);

/**
 * heptad_http_connection_queue:
 *
 * Adds bytes to what is to be written, whatever their number.
 */
void
heptad_http_connection_queue (HeptadHttpConnection *connection, const void *data, gsize length);

/**
 * heptad_http_connection_flush:
 *
 * Writes what the socket takes.
 */
void heptad_http_connection_flush (HeptadHttpConnection *connection);
gsize heptad_http_connection_get_queued_bytes (HeptadHttpConnection *connection);

/**
 * heptad_http_connection_soup_closed:
 *
 * libsoup closed its stream.
 */
void heptad_http_connection_soup_closed (HeptadHttpConnection *connection);

/* libsoup's side: http-soup-engine.c */

extern const HeptadHttpEngine heptad_http_soup_engine;

SoupServer *heptad_http_soup_engine_new_server (HeptadHttpWorker *worker, GError **error);
void heptad_http_soup_engine_accept (HeptadHttpConnection *connection);

/**
 * heptad_http_soup_engine_request:
 *
 * Writes the head libsoup is to see for the connection's exchange.
 */
void heptad_http_soup_engine_request (HeptadHttpConnection *connection);

/**
 * heptad_http_soup_engine_let_finish:
 *
 * Makes libsoup finish a message whose bytes go nowhere.
 */
void heptad_http_soup_engine_let_finish (HeptadHttpConnection *connection);

/* Streamed responses: http-stream-engine.c */

void heptad_http_stream_engine_begin (HeptadHttpConnection *connection);
void heptad_http_stream_engine_send (HeptadHttpConnection *connection, GBytes *bytes);
void heptad_http_stream_engine_end (HeptadHttpConnection *connection);

G_END_DECLS
