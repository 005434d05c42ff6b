/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../backend/heptad-blobs-backend.h"

struct _HeptadBlobs {
  GObject parent_instance;
  const HeptadBlobsBackend *backend;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (HeptadBlobs, heptad_blobs, G_TYPE_OBJECT)

static void
heptad_blobs_finalize (GObject *object)
{
  HeptadBlobs *self = HEPTAD_BLOBS (object);

  self->backend->free (self->data);
  G_OBJECT_CLASS (heptad_blobs_parent_class)->finalize (object);
}

static void
heptad_blobs_class_init (HeptadBlobsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = heptad_blobs_finalize;
}

static void
heptad_blobs_init (HeptadBlobs *self)
{
}

HeptadBlobs *
heptad_blobs_new (const HeptadBlobsBackend *backend, gpointer data)
{
  HeptadBlobs *blobs = g_object_new (HEPTAD_TYPE_BLOBS, NULL);

  blobs->backend = backend;
  blobs->data = data;
  return blobs;
}

char *
heptad_blobs_put (HeptadBlobs *blobs,
                  GInputStream *source,
                  gint64 *size,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_BLOBS (blobs) && G_IS_INPUT_STREAM (source), NULL);
  return blobs->backend->put (blobs->data, source, size, cancellable, error);
}

GInputStream *
heptad_blobs_open (HeptadBlobs *blobs, const char *digest, GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_BLOBS (blobs) && digest != NULL, NULL);
  return blobs->backend->open (blobs->data, digest, error);
}

gboolean
heptad_blobs_remove (HeptadBlobs *blobs, const char *digest, GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_BLOBS (blobs) && digest != NULL, FALSE);
  return blobs->backend->remove (blobs->data, digest, error);
}
