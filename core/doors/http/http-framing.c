/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-framing.h"

#include "core/doors/http/http-grammar.h"

#include <string.h>

#define MAX_CHUNK_SIZE_DIGITS 12 /* 256 TiB; the body's own limit comes long before */
#define MAX_CHUNK_OVERHEAD    (16 * 1024)

static const HeptadHttpRefusal long_head = {
  431, "long-head", "The request's head is larger than this server takes."
};
static const HeptadHttpRefusal many_headers = {
  431, "many-headers", "The request has more headers than this server takes."
};
static const HeptadHttpRefusal bare_line_end = {
  400, "bare-line-end", "Every line of a head must end in CR LF, and neither may stand alone."
};
static const HeptadHttpRefusal control_byte = { 400, "control-byte",
                                                "A head must not hold control bytes." };
static const HeptadHttpRefusal not_http = { 400, "not-http",
                                            "The first bytes are not an HTTP/1 request." };
static const HeptadHttpRefusal bad_chunk = {
  400, "bad-chunk", "A chunk must be a hexadecimal size, CR LF, as many bytes, and CR LF."
};
static const HeptadHttpRefusal long_chunk_extension = {
  400, "long-chunk-extension",
  "The chunk extensions and trailers are larger than this server takes."
};

void
heptad_http_framing_init (HeptadHttpFraming *framing, const HeptadHttpFramingLimits *limits)
{
  memset (framing, 0, sizeof *framing);
  framing->limits = limits;
}

void
heptad_http_framing_clear (HeptadHttpFraming *framing)
{
  g_clear_pointer (&framing->head, heptad_http_head_free);
}

HeptadHttpHead *
heptad_http_framing_steal_head (HeptadHttpFraming *framing)
{
  return g_steal_pointer (&framing->head);
}

gboolean
heptad_http_framing_is_between_requests (const HeptadHttpFraming *framing)
{
  return framing->state == HEPTAD_HTTP_STATE_END
         || (framing->state == HEPTAD_HTTP_STATE_HEAD && framing->head == NULL);
}

static HeptadHttpFramingEvent
refuse (HeptadHttpFraming *framing, const HeptadHttpRefusal *refusal)
{
  framing->refusal = refusal;
  framing->state = HEPTAD_HTTP_STATE_REFUSED;
  return HEPTAD_HTTP_FRAMING_REFUSED;
}

/* Looks at bytes of a head before anything else does. Returns how many belong to the current line,
 * its LF included. */
static gsize
scan_line (HeptadHttpFraming *framing,
           const guint8 *data,
           gsize length,
           const HeptadHttpRefusal **refusal)
{
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = data[i];

      if (G_UNLIKELY ((byte == '\n') != framing->after_cr))
        {
          *refusal = &bare_line_end;
          return i;
        }
      framing->after_cr = byte == '\r';
      if (byte == '\n')
        return i + 1;
      if (G_UNLIKELY ((byte < 0x20 && byte != '\r' && byte != '\t') || byte == 0x7f))
        {
          *refusal = &control_byte;
          return i;
        }
    }
  return length;
}

static void
forget_head (HeptadHttpFraming *framing)
{
  framing->n_lines = 0;
  framing->line_start = 0;
  framing->after_cr = FALSE;
  framing->overhead = 0;
}

/* The line from line_start to the end of the head's text is complete. */
static HeptadHttpFramingEvent
take_line (HeptadHttpFraming *framing)
{
  HeptadHttpHead *head = framing->head;
  gsize start = framing->line_start;
  gsize length = head->length - start - 2;
  const HeptadHttpRefusal *refusal = NULL;

  framing->line_start = head->length;
  if (length == 0 && framing->n_lines == 0)
    {
      /* RFC 9112, 2.2: one empty line before a request is forgiven. */
      if (start > 0)
        return refuse (framing, &not_http);
      return HEPTAD_HTTP_FRAMING_MORE;
    }
  if (length == 0)
    {
      refusal = heptad_http_grammar_framing (head);
      if (refusal != NULL)
        return refuse (framing, refusal);
      framing->chunked = head->chunked;
      framing->content_length = head->content_length;
      framing->state = HEPTAD_HTTP_STATE_BODY_START;
      return HEPTAD_HTTP_FRAMING_HEAD;
    }

  if (framing->n_lines++ == 0)
    refusal = heptad_http_grammar_request_line (head, start, length, framing->limits->target_bytes);
  else if (head->n_headers >= framing->limits->headers)
    refusal = &many_headers;
  else
    refusal = heptad_http_grammar_header (head, start, length);
  return refusal == NULL ? HEPTAD_HTTP_FRAMING_MORE : refuse (framing, refusal);
}

static HeptadHttpFramingEvent
take_head (HeptadHttpFraming *framing, const guint8 **data, gsize *length)
{
  while (*length > 0)
    {
      const HeptadHttpRefusal *refusal = NULL;
      gsize taken;
      HeptadHttpFramingEvent event;

      if (framing->head == NULL)
        framing->head = heptad_http_head_new ();
      if (framing->n_lines == 0 && framing->head->length == framing->line_start
          && !heptad_http_grammar_is_token_byte (**data) && **data != '\r')
        return refuse (framing, &not_http);

      taken = scan_line (framing, *data, *length, &refusal);
      if (refusal != NULL)
        return refuse (framing, refusal);
      if (!heptad_http_head_append (framing->head, *data, taken, framing->limits->head_bytes))
        return refuse (framing, &long_head);
      *data += taken;
      *length -= taken;
      if (framing->head->text[framing->head->length - 1] != '\n')
        continue;

      event = take_line (framing);
      if (event != HEPTAD_HTTP_FRAMING_MORE)
        return event;
    }
  return HEPTAD_HTTP_FRAMING_MORE;
}

static void
start_body (HeptadHttpFraming *framing)
{
  forget_head (framing);
  framing->remaining = 0;
  framing->size_digits = 0;
  if (framing->chunked)
    framing->state = HEPTAD_HTTP_STATE_CHUNK_SIZE;
  else if (framing->content_length > 0)
    {
      framing->remaining = (guint64) framing->content_length;
      framing->state = HEPTAD_HTTP_STATE_SIZED_BODY;
    }
  else
    framing->state = HEPTAD_HTTP_STATE_END;
}

static gsize
take_body (HeptadHttpFraming *framing, const guint8 **data, gsize *length)
{
  gsize taken = (gsize) MIN ((guint64) *length, framing->remaining);

  *data += taken;
  *length -= taken;
  framing->remaining -= taken;
  if (framing->remaining == 0)
    framing->state = framing->state == HEPTAD_HTTP_STATE_SIZED_BODY
                         ? HEPTAD_HTTP_STATE_END
                         : HEPTAD_HTTP_STATE_CHUNK_DATA_CR;
  return taken;
}

static const HeptadHttpRefusal *
take_size_byte (HeptadHttpFraming *framing, guint8 byte)
{
  if (g_ascii_isxdigit (byte))
    {
      framing->remaining = framing->remaining * 16 + (guint64) g_ascii_xdigit_value (byte);
      return ++framing->size_digits > MAX_CHUNK_SIZE_DIGITS ? &bad_chunk : NULL;
    }
  if (framing->size_digits == 0 || (byte != ';' && byte != '\r'))
    return &bad_chunk;
  framing->state =
      byte == ';' ? HEPTAD_HTTP_STATE_CHUNK_EXTENSION : HEPTAD_HTTP_STATE_CHUNK_SIZE_LF;
  return NULL;
}

static const HeptadHttpRefusal *
take_extension_byte (HeptadHttpFraming *framing, guint8 byte)
{
  if (byte == '\r')
    framing->state = HEPTAD_HTTP_STATE_CHUNK_SIZE_LF;
  else if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
    return &bad_chunk;
  return ++framing->overhead > MAX_CHUNK_OVERHEAD ? &long_chunk_extension : NULL;
}

/* Trailers are checked like headers as far as framing goes, and dropped: nothing may act on a field
 * that came after the judging of the head. */
static const HeptadHttpRefusal *
take_trailer_byte (HeptadHttpFraming *framing, guint8 byte)
{
  if ((byte == '\n') != framing->after_cr)
    return &bare_line_end;
  framing->after_cr = byte == '\r';
  if (++framing->overhead > MAX_CHUNK_OVERHEAD)
    return &long_chunk_extension;
  if (byte == '\n')
    {
      if (framing->trailer_line == 0)
        framing->state = HEPTAD_HTTP_STATE_END;
      framing->trailer_line = 0;
      return NULL;
    }
  if (byte == '\r')
    return NULL;
  if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
    return &control_byte;
  if (framing->trailer_line++ == 0 && !heptad_http_grammar_is_token_byte (byte))
    return &bad_chunk;
  return NULL;
}

static const HeptadHttpRefusal *
take_chunk_byte (HeptadHttpFraming *framing, guint8 byte)
{
  switch (framing->state)
    {
    case HEPTAD_HTTP_STATE_CHUNK_SIZE:
      return take_size_byte (framing, byte);
    case HEPTAD_HTTP_STATE_CHUNK_EXTENSION:
      return take_extension_byte (framing, byte);
    case HEPTAD_HTTP_STATE_CHUNK_SIZE_LF:
      framing->state =
          framing->remaining > 0 ? HEPTAD_HTTP_STATE_CHUNK_DATA : HEPTAD_HTTP_STATE_TRAILERS;
      framing->size_digits = 0;
      framing->trailer_line = 0;
      return byte == '\n' ? NULL : &bad_chunk;
    case HEPTAD_HTTP_STATE_CHUNK_DATA_CR:
      framing->state = HEPTAD_HTTP_STATE_CHUNK_DATA_LF;
      return byte == '\r' ? NULL : &bad_chunk;
    case HEPTAD_HTTP_STATE_CHUNK_DATA_LF:
      framing->state = HEPTAD_HTTP_STATE_CHUNK_SIZE;
      return byte == '\n' ? NULL : &bad_chunk;
    case HEPTAD_HTTP_STATE_TRAILERS:
      return take_trailer_byte (framing, byte);
    default:
      g_assert_not_reached ();
    }
}

HeptadHttpFramingEvent
heptad_http_framing_next (HeptadHttpFraming *framing,
                          const guint8 **data,
                          gsize *length,
                          const guint8 **body,
                          gsize *body_length)
{
  if (framing->state == HEPTAD_HTTP_STATE_HEAD)
    return take_head (framing, data, length);
  if (framing->state == HEPTAD_HTTP_STATE_BODY_START)
    start_body (framing);

  for (;;)
    {
      const HeptadHttpRefusal *refusal;

      if (framing->state == HEPTAD_HTTP_STATE_END)
        {
          forget_head (framing);
          framing->state = HEPTAD_HTTP_STATE_HEAD;
          return HEPTAD_HTTP_FRAMING_END;
        }
      if (framing->state == HEPTAD_HTTP_STATE_REFUSED)
        return HEPTAD_HTTP_FRAMING_REFUSED;
      if (*length == 0)
        return HEPTAD_HTTP_FRAMING_MORE;
      if (framing->state == HEPTAD_HTTP_STATE_SIZED_BODY
          || framing->state == HEPTAD_HTTP_STATE_CHUNK_DATA)
        {
          *body = *data;
          *body_length = take_body (framing, data, length);
          return HEPTAD_HTTP_FRAMING_BODY;
        }
      refusal = take_chunk_byte (framing, **data);
      if (refusal != NULL)
        return refuse (framing, refusal);
      (*data)++;
      (*length)--;
    }
}
