/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-head.h"

G_BEGIN_DECLS

/* The HTTP/1 framing guard: a pure incremental state machine over the bytes of one connection. It
 * does no I/O, holds no body, and behaves the same wherever the bytes happen to be split. */

/**
 * HeptadHttpRefusal:
 * @status: the HTTP status to refuse with
 * @reason: one word for metrics, such as `bad-chunk`
 * @detail: a sentence for the person who wrote the client
 *
 * Why the guard refuses a request. After one, nothing more can be read from the connection, since
 * where the next request would begin is unknown.
 */
typedef struct {
  guint status;
  const char *reason;
  const char *detail;
} HeptadHttpRefusal;

/**
 * HeptadHttpFramingLimits:
 * @head_bytes: the most bytes of request line and headers together, line ends included
 * @target_bytes: the most bytes of the request's target
 * @headers: the most header lines
 */
typedef struct {
  gsize head_bytes;
  gsize target_bytes;
  guint headers;
} HeptadHttpFramingLimits;

/**
 * HeptadHttpFramingEvent:
 * @HEPTAD_HTTP_FRAMING_MORE: all bytes are taken; give more
 * @HEPTAD_HTTP_FRAMING_HEAD: the head is complete: see heptad_http_framing_get_head()
 * @HEPTAD_HTTP_FRAMING_BODY: bytes of the body, without their chunk framing
 * @HEPTAD_HTTP_FRAMING_END: the request is complete; the next bytes begin another
 * @HEPTAD_HTTP_FRAMING_REFUSED: the bytes are not HTTP: see heptad_http_framing_get_refusal()
 */
typedef enum {
  HEPTAD_HTTP_FRAMING_MORE,
  HEPTAD_HTTP_FRAMING_HEAD,
  HEPTAD_HTTP_FRAMING_BODY,
  HEPTAD_HTTP_FRAMING_END,
  HEPTAD_HTTP_FRAMING_REFUSED,
} HeptadHttpFramingEvent;

typedef enum {
  HEPTAD_HTTP_STATE_HEAD,
  HEPTAD_HTTP_STATE_BODY_START,
  HEPTAD_HTTP_STATE_SIZED_BODY,
  HEPTAD_HTTP_STATE_CHUNK_SIZE,
  HEPTAD_HTTP_STATE_CHUNK_EXTENSION,
  HEPTAD_HTTP_STATE_CHUNK_SIZE_LF,
  HEPTAD_HTTP_STATE_CHUNK_DATA,
  HEPTAD_HTTP_STATE_CHUNK_DATA_CR,
  HEPTAD_HTTP_STATE_CHUNK_DATA_LF,
  HEPTAD_HTTP_STATE_TRAILERS,
  HEPTAD_HTTP_STATE_END,
  HEPTAD_HTTP_STATE_REFUSED,
} HeptadHttpFramingState;

typedef struct {
  const HeptadHttpFramingLimits *limits;
  const HeptadHttpRefusal *refusal;
  HeptadHttpHead *head; /* being read, or read and not yet stolen */
  HeptadHttpFramingState state;
  gboolean after_cr; /* the last byte of the head was a CR */
  gsize line_start;
  guint n_lines;
  guint64 remaining; /* of the sized body, or of the chunk */
  guint size_digits;
  gsize overhead; /* bytes of chunk extensions and trailers so far */
  guint trailer_line;
  gboolean chunked;
  gint64 content_length;
} HeptadHttpFraming;

/**
 * heptad_http_framing_init:
 * @limits: (transfer none): must outlive @framing
 */
void heptad_http_framing_init (HeptadHttpFraming *framing, const HeptadHttpFramingLimits *limits);
void heptad_http_framing_clear (HeptadHttpFraming *framing);

/**
 * heptad_http_framing_next:
 * @data: (inout): the bytes received and not yet taken; moved past what is taken
 * @length: (inout): how many
 * @body: (out): with %HEPTAD_HTTP_FRAMING_BODY, where in the given bytes the body's begin
 * @body_length: (out): and how many they are
 *
 * Takes bytes up to the next event. %HEPTAD_HTTP_FRAMING_END, and
 * %HEPTAD_HTTP_FRAMING_REFUSED after the first time, come without bytes too.
 */
HeptadHttpFramingEvent heptad_http_framing_next (HeptadHttpFraming *framing,
                                                 const guint8 **data,
                                                 gsize *length,
                                                 const guint8 **body,
                                                 gsize *body_length);

/**
 * heptad_http_framing_steal_head:
 *
 * Returns: (transfer full): the complete head, once after %HEPTAD_HTTP_FRAMING_HEAD
 */
HeptadHttpHead *heptad_http_framing_steal_head (HeptadHttpFraming *framing);

/**
 * heptad_http_framing_is_between_requests:
 *
 * Returns: whether no byte of a further request has been taken
 */
gboolean heptad_http_framing_is_between_requests (const HeptadHttpFraming *framing);

G_END_DECLS
