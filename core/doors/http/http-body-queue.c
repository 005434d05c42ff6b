/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-body-queue.h"

#include <string.h>

struct _HeptadHttpBodyQueue {
  int refs; /* atomic */
  void (*wanted) (gpointer data);
  gpointer data;
  GDestroyNotify destroy;

  GMutex lock; /* of all below */
  GCond changed;
  GByteArray *bytes; /* one array, not pieces: chunks of one byte must not cost more than a byte */
  gsize offset;      /* of the first byte not yet popped */
  gboolean full;
  gboolean finished;
  GError *error;
};

HeptadHttpBodyQueue *
heptad_http_body_queue_new (void (*wanted) (gpointer data), gpointer data, GDestroyNotify destroy)
{
  HeptadHttpBodyQueue *queue = g_new0 (HeptadHttpBodyQueue, 1);

  queue->refs = 1;
  queue->wanted = wanted;
  queue->data = data;
  queue->destroy = destroy;
  g_mutex_init (&queue->lock);
  g_cond_init (&queue->changed);
  queue->bytes = g_byte_array_new ();
  return queue;
}

HeptadHttpBodyQueue *
heptad_http_body_queue_ref (HeptadHttpBodyQueue *queue)
{
  g_atomic_int_inc (&queue->refs);
  return queue;
}

void
heptad_http_body_queue_unref (HeptadHttpBodyQueue *queue)
{
  if (!g_atomic_int_dec_and_test (&queue->refs))
    return;

  g_byte_array_unref (queue->bytes);
  g_clear_error (&queue->error);
  g_mutex_clear (&queue->lock);
  g_cond_clear (&queue->changed);
  if (queue->destroy != NULL)
    queue->destroy (queue->data);
  g_free (queue);
}

static gsize
waiting (HeptadHttpBodyQueue *queue)
{
  return queue->bytes->len - queue->offset;
}

gboolean
heptad_http_body_queue_push (HeptadHttpBodyQueue *queue, const guint8 *data, gsize length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->lock);

  if (queue->finished)
    return TRUE;
  g_byte_array_append (queue->bytes, data, (guint) length);
  queue->full = waiting (queue) >= HEPTAD_HTTP_BODY_QUEUE_HIGH;
  g_cond_signal (&queue->changed);
  return !queue->full;
}

void
heptad_http_body_queue_finish (HeptadHttpBodyQueue *queue, GError *error)
{
  g_autoptr (GError) owned = error;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->lock);

  if (queue->finished)
    return;
  queue->finished = TRUE;
  queue->error = g_steal_pointer (&owned);
  g_cond_broadcast (&queue->changed);
}

static gsize
take (HeptadHttpBodyQueue *queue, void *buffer, gsize count)
{
  gsize taken = MIN (count, waiting (queue));

  memcpy (buffer, queue->bytes->data + queue->offset, taken);
  queue->offset += taken;
  if (queue->offset > queue->bytes->len / 2)
    {
      g_byte_array_remove_range (queue->bytes, 0, (guint) queue->offset);
      queue->offset = 0;
    }
  return taken;
}

static void
on_cancelled (GCancellable *cancellable, HeptadHttpBodyQueue *queue)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->lock);

  g_cond_broadcast (&queue->changed);
}

static gssize
pop_locked (HeptadHttpBodyQueue *queue,
            void *buffer,
            gsize count,
            GCancellable *cancellable,
            gboolean *drained,
            GError **error)
{
  gsize taken;

  while (waiting (queue) == 0 && !queue->finished && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&queue->changed, &queue->lock);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (waiting (queue) == 0)
    {
      if (queue->error == NULL)
        return 0;
      g_propagate_error (error, g_error_copy (queue->error));
      return -1;
    }

  taken = take (queue, buffer, count);
  *drained = queue->full && waiting (queue) <= HEPTAD_HTTP_BODY_QUEUE_HIGH / 2;
  if (*drained)
    queue->full = FALSE;
  return (gssize) taken;
}

gssize
heptad_http_body_queue_pop (HeptadHttpBodyQueue *queue,
                            void *buffer,
                            gsize count,
                            GCancellable *cancellable,
                            GError **error)
{
  gboolean drained = FALSE;
  gulong connected = 0;
  gssize taken;

  if (count == 0)
    return 0;
  if (cancellable != NULL)
    connected = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), queue, NULL);

  g_mutex_lock (&queue->lock);
  taken = pop_locked (queue, buffer, count, cancellable, &drained, error);
  g_mutex_unlock (&queue->lock);

  if (connected != 0)
    g_cancellable_disconnect (cancellable, connected);
  if (drained)
    queue->wanted (queue->data);
  return taken;
}

/* The stream */

#define HEPTAD_TYPE_HTTP_BODY_STREAM (heptad_http_body_stream_get_type ())
G_DECLARE_FINAL_TYPE (
    HeptadHttpBodyStream, heptad_http_body_stream, HEPTAD, HTTP_BODY_STREAM, GInputStream)

struct _HeptadHttpBodyStream {
  GInputStream parent_instance;
  HeptadHttpBodyQueue *queue;
};

G_DEFINE_FINAL_TYPE (HeptadHttpBodyStream, heptad_http_body_stream, G_TYPE_INPUT_STREAM)

static gssize
body_stream_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return heptad_http_body_queue_pop (HEPTAD_HTTP_BODY_STREAM (stream)->queue, buffer, count,
                                     cancellable, error);
}

static void
heptad_http_body_stream_finalize (GObject *object)
{
  heptad_http_body_queue_unref (HEPTAD_HTTP_BODY_STREAM (object)->queue);
  G_OBJECT_CLASS (heptad_http_body_stream_parent_class)->finalize (object);
}

static void
heptad_http_body_stream_class_init (HeptadHttpBodyStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_http_body_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = body_stream_read;
}

static void
heptad_http_body_stream_init (HeptadHttpBodyStream *stream)
{
}

GInputStream *
heptad_http_body_stream_new (HeptadHttpBodyQueue *queue)
{
  HeptadHttpBodyStream *stream = g_object_new (HEPTAD_TYPE_HTTP_BODY_STREAM, NULL);

  stream->queue = heptad_http_body_queue_ref (queue);
  return G_INPUT_STREAM (stream);
}
