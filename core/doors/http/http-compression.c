/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-compression.h"

#include <brotli/encode.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_LEVEL    5
#define GZIP_WINDOW   (15 + 16) /* zlib: the largest, with a gzip header */
#define BROTLI_LEVEL  4
#define BROTLI_WINDOW 18
#define ZSTD_LEVEL    3
#define STEP_BYTES    (16 * 1024)

/* Parses `;q=0.5` in thousandths; what cannot be parsed counts as 0, so it is not chosen. */
static int
quality_of (const char *parameters)
{
  const char *q = strchr (parameters, ';');
  char *end;
  double value;

  if (q == NULL)
    return 1000;
  q += 1 + strspn (q + 1, " \t");
  if ((*q != 'q' && *q != 'Q') || q[1] != '=')
    return 0;
  value = g_ascii_strtod (q + 2, &end);
  return value >= 0 && value <= 1 && *end == '\0' ? (int) (value * 1000) : 0;
}

HeptadHttpCoding
heptad_http_coding_choose (const char *accept_encoding)
{
  int qualities[] = { -1, -1, -1, -1 };
  int any = 0;
  HeptadHttpCoding best = HEPTAD_HTTP_CODING_IDENTITY;
  int best_quality = 0;
  g_auto (GStrv) items = NULL;

  if (accept_encoding == NULL || strlen (accept_encoding) > 256)
    return best;
  items = g_strsplit (accept_encoding, ",", 16);
  for (guint i = 0; items[i] != NULL; i++)
    {
      const char *item = g_strstrip (items[i]);
      gsize length = strcspn (item, "; \t");

      for (HeptadHttpCoding coding = HEPTAD_HTTP_CODING_GZIP; coding <= HEPTAD_HTTP_CODING_ZSTD;
           coding++)
        {
          const char *name = heptad_http_coding_get_name (coding);

          if (length == strlen (name) && g_ascii_strncasecmp (item, name, length) == 0)
            qualities[coding] = quality_of (item);
        }
      if (length == 1 && *item == '*')
        any = quality_of (item);
    }
  for (HeptadHttpCoding coding = HEPTAD_HTTP_CODING_GZIP; coding <= HEPTAD_HTTP_CODING_ZSTD;
       coding++)
    {
      int quality = qualities[coding] >= 0 ? qualities[coding] : any;

      if (quality > 0 && quality >= best_quality)
        {
          best = coding;
          best_quality = quality;
        }
    }
  return best;
}

const char *
heptad_http_coding_get_name (HeptadHttpCoding coding)
{
  static const char *const names[] = { "identity", "gzip", "br", "zstd" };

  return names[coding];
}

gboolean
heptad_http_is_compressible (const char *content_type)
{
  static const char *const types[] = {
    "application/json",         "application/javascript", "application/xml",
    "application/x-ndjson",     "application/yaml",       "application/graphql-response+json",
    "application/openapi+json", "image/svg+xml"
  };
  gsize length;

  if (content_type == NULL || g_str_has_prefix (content_type, "text/event-stream"))
    return FALSE;
  if (g_str_has_prefix (content_type, "text/"))
    return TRUE;
  length = strcspn (content_type, "; ");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (length == strlen (types[i]) && strncmp (content_type, types[i], length) == 0)
      return TRUE;
  return length > 5 && strncmp (content_type + length - 5, "+json", 5) == 0;
}

struct _HeptadHttpEncoder {
  HeptadHttpCoding coding;
  z_stream gzip;
  BrotliEncoderState *brotli;
  ZSTD_CCtx *zstd;
};

HeptadHttpEncoder *
heptad_http_encoder_new (HeptadHttpCoding coding)
{
  HeptadHttpEncoder *encoder = g_new0 (HeptadHttpEncoder, 1);

  encoder->coding = coding;
  if (coding == HEPTAD_HTTP_CODING_GZIP)
    deflateInit2 (&encoder->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);
  else if (coding == HEPTAD_HTTP_CODING_BROTLI)
    {
      encoder->brotli = BrotliEncoderCreateInstance (NULL, NULL, NULL);
      BrotliEncoderSetParameter (encoder->brotli, BROTLI_PARAM_QUALITY, BROTLI_LEVEL);
      BrotliEncoderSetParameter (encoder->brotli, BROTLI_PARAM_LGWIN, BROTLI_WINDOW);
    }
  else
    {
      encoder->zstd = ZSTD_createCCtx ();
      ZSTD_CCtx_setParameter (encoder->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    }
  return encoder;
}

void
heptad_http_encoder_free (HeptadHttpEncoder *encoder)
{
  if (encoder->coding == HEPTAD_HTTP_CODING_GZIP)
    deflateEnd (&encoder->gzip);
  g_clear_pointer (&encoder->brotli, BrotliEncoderDestroyInstance);
  ZSTD_freeCCtx (encoder->zstd);
  g_free (encoder);
}

static void
add_gzip (HeptadHttpEncoder *encoder,
          const void *data,
          gsize length,
          HeptadHttpEncodeMode mode,
          GByteArray *out)
{
  static const int flushes[] = { Z_NO_FLUSH, Z_SYNC_FLUSH, Z_FINISH };
  guint8 step[STEP_BYTES];

  encoder->gzip.next_in = (void *) data;
  encoder->gzip.avail_in = (guint) length;
  do
    {
      encoder->gzip.next_out = step;
      encoder->gzip.avail_out = sizeof step;
      deflate (&encoder->gzip, flushes[mode]);
      g_byte_array_append (out, step, (guint) (sizeof step - encoder->gzip.avail_out));
    }
  while (encoder->gzip.avail_out == 0);
}

static void
add_brotli (HeptadHttpEncoder *encoder,
            const void *data,
            gsize length,
            HeptadHttpEncodeMode mode,
            GByteArray *out)
{
  static const BrotliEncoderOperation operations[] = { BROTLI_OPERATION_PROCESS,
                                                       BROTLI_OPERATION_FLUSH,
                                                       BROTLI_OPERATION_FINISH };
  const guint8 *in = data;
  guint8 step[STEP_BYTES];

  do
    {
      guint8 *next = step;
      gsize room = sizeof step;

      BrotliEncoderCompressStream (encoder->brotli, operations[mode], &length, &in, &room, &next,
                                   NULL);
      g_byte_array_append (out, step, (guint) (sizeof step - room));
    }
  while (length > 0 || BrotliEncoderHasMoreOutput (encoder->brotli));
}

static void
add_zstd (HeptadHttpEncoder *encoder,
          const void *data,
          gsize length,
          HeptadHttpEncodeMode mode,
          GByteArray *out)
{
  static const ZSTD_EndDirective directives[] = { ZSTD_e_continue, ZSTD_e_flush, ZSTD_e_end };
  ZSTD_inBuffer in = { data, length, 0 };
  guint8 step[STEP_BYTES];
  gsize left;

  do
    {
      ZSTD_outBuffer produced = { step, sizeof step, 0 };

      left = ZSTD_compressStream2 (encoder->zstd, &produced, &in, directives[mode]);
      g_byte_array_append (out, step, (guint) produced.pos);
    }
  while (!ZSTD_isError (left)
         && (mode == HEPTAD_HTTP_ENCODE_CONTINUE ? in.pos < in.size : left > 0));
}

void
heptad_http_encoder_add (HeptadHttpEncoder *encoder,
                         const void *data,
                         gsize length,
                         HeptadHttpEncodeMode mode,
                         GByteArray *out)
{
  switch (encoder->coding)
    {
    case HEPTAD_HTTP_CODING_GZIP:
      add_gzip (encoder, data, length, mode, out);
      break;
    case HEPTAD_HTTP_CODING_BROTLI:
      add_brotli (encoder, data, length, mode, out);
      break;
    case HEPTAD_HTTP_CODING_ZSTD:
      add_zstd (encoder, data, length, mode, out);
      break;
    case HEPTAD_HTTP_CODING_IDENTITY:
      g_byte_array_append (out, data, (guint) length);
      break;
    }
}
