/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* DRAFT: may change before it joins the SDK. */

#include "../heptad-tenant.h"

G_BEGIN_DECLS

#define HEPTAD_BLOBS_INTERFACE "heptad.draft.blobs"

/**
 * HeptadBlobs:
 *
 * Content-addressed files of one plugin for one tenant: uploads, reports. A blob is named by the
 * SHA-256 of its bytes, in lower-case hexadecimal, so that the same file is known again. Calls
 * block: pool or job thread.
 */
#define HEPTAD_TYPE_BLOBS (heptad_blobs_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadBlobs, heptad_blobs, HEPTAD, BLOBS, GObject)

/**
 * heptad_blobs_put:
 * @source: read to its end
 * @size: (out) (optional): bytes read
 * @error: that of @source, or %HEPTAD_ERROR_STORAGE_FULL
 *
 * Stores all of @source, on disk when this returns. Nothing is kept on failure.
 *
 * Returns: (transfer full): the digest
 */
HEPTAD_API
char *heptad_blobs_put (HeptadBlobs *blobs,
                        GInputStream *source,
                        gint64 *size,
                        GCancellable *cancellable,
                        GError **error);

/**
 * heptad_blobs_open:
 *
 * Returns: (transfer full): the bytes; %HEPTAD_ERROR_NOT_FOUND when there is no such blob
 */
HEPTAD_API
GInputStream *heptad_blobs_open (HeptadBlobs *blobs, const char *digest, GError **error);
HEPTAD_API
gboolean heptad_blobs_remove (HeptadBlobs *blobs, const char *digest, GError **error);

G_END_DECLS
