/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../draft/heptad-blobs.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: what stands behind a HeptadBlobs. */

typedef struct {
  char *(*put) (
      gpointer data, GInputStream *source, gint64 *size, GCancellable *cancellable, GError **error);
  GInputStream *(*open) (gpointer data, const char *digest, GError **error);
  gboolean (*remove) (gpointer data, const char *digest, GError **error);
  void (*free) (gpointer data);
} HeptadBlobsBackend;

/* (transfer full): over @backend, which owns @data */
HEPTAD_API
HeptadBlobs *heptad_blobs_new (const HeptadBlobsBackend *backend, gpointer data);

G_END_DECLS
