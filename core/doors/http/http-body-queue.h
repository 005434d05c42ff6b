/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bytes of a streamed request body between the connection's thread, which must not block, and
 * the reader's, which may. Reference counted. */
typedef struct _HeptadHttpBodyQueue HeptadHttpBodyQueue;

#define HEPTAD_HTTP_BODY_QUEUE_HIGH (256 * 1024)

/**
 * heptad_http_body_queue_new:
 * @wanted: called, on the reader's thread, when a full queue has drained to half
 */
HeptadHttpBodyQueue *
heptad_http_body_queue_new (void (*wanted) (gpointer data), gpointer data, GDestroyNotify destroy);
HeptadHttpBodyQueue *heptad_http_body_queue_ref (HeptadHttpBodyQueue *queue);
void heptad_http_body_queue_unref (HeptadHttpBodyQueue *queue);

/**
 * heptad_http_body_queue_push:
 *
 * Adds a copy of the bytes.
 *
 * Returns: %FALSE when the queue is now full: push no more until `wanted` was called
 */
gboolean heptad_http_body_queue_push (HeptadHttpBodyQueue *queue, const guint8 *data, gsize length);

/**
 * heptad_http_body_queue_finish:
 * @error: (transfer full) (nullable): why the body ends before its end
 *
 * Ends the queue; only the first call counts.
 */
void heptad_http_body_queue_finish (HeptadHttpBodyQueue *queue, GError *error);

/**
 * heptad_http_body_queue_pop:
 *
 * Waits for bytes. Returns 0 at the end of the body and -1 with @error set when it failed.
 */
gssize heptad_http_body_queue_pop (HeptadHttpBodyQueue *queue,
                                   void *buffer,
                                   gsize count,
                                   GCancellable *cancellable,
                                   GError **error);

/**
 * heptad_http_body_stream_new:
 *
 * Returns: (transfer full): a blocking stream that pops from @queue
 */
GInputStream *heptad_http_body_stream_new (HeptadHttpBodyQueue *queue);

G_END_DECLS
