/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Content codings of responses. Pure; any thread. */

typedef enum {
  HEPTAD_HTTP_CODING_IDENTITY,
  HEPTAD_HTTP_CODING_GZIP,
  HEPTAD_HTTP_CODING_BROTLI,
  HEPTAD_HTTP_CODING_ZSTD,
} HeptadHttpCoding;

/**
 * heptad_http_coding_choose:
 * @accept_encoding: (nullable): the request's header
 *
 * Returns: the coding with the highest quality value; of equals zstd, then brotli, then gzip
 */
HeptadHttpCoding heptad_http_coding_choose (const char *accept_encoding);

/**
 * heptad_http_coding_get_name:
 *
 * Returns: its `Content-Encoding`
 */
const char *heptad_http_coding_get_name (HeptadHttpCoding coding);

/**
 * heptad_http_is_compressible:
 * @content_type: (nullable)
 *
 * Returns: whether bodies of this type shrink, and may be held back to be compressed: never
 *   `text/event-stream`
 */
gboolean heptad_http_is_compressible (const char *content_type);

typedef struct _HeptadHttpEncoder HeptadHttpEncoder;

typedef enum {
  HEPTAD_HTTP_ENCODE_CONTINUE,
  HEPTAD_HTTP_ENCODE_FLUSH,
  HEPTAD_HTTP_ENCODE_END,
} HeptadHttpEncodeMode;

/**
 * heptad_http_encoder_new:
 * @coding: not %HEPTAD_HTTP_CODING_IDENTITY
 */
HeptadHttpEncoder *heptad_http_encoder_new (HeptadHttpCoding coding);
void heptad_http_encoder_free (HeptadHttpEncoder *encoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHttpEncoder, heptad_http_encoder_free)

/**
 * heptad_http_encoder_add:
 * @mode: whether all given so far must come out now, or the body ends
 * @out: appended to
 */
void heptad_http_encoder_add (HeptadHttpEncoder *encoder,
                              const void *data,
                              gsize length,
                              HeptadHttpEncodeMode mode,
                              GByteArray *out);

G_END_DECLS
