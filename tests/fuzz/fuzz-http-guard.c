/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first byte says where to split the rest; what comes of it must not depend on that. */
#include "core/doors/http/http-framing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const HeptadHttpFramingLimits limits = { 4096, 1024, 20 };

static void
note_head (GString *seen, HeptadHttpFraming *framing)
{
  g_autoptr (HeptadHttpHead) head = heptad_http_framing_steal_head (framing);

  g_string_append_printf (seen, "%s %s %u %d;", heptad_http_head_string (head, head->method),
                          heptad_http_head_string (head, head->path), head->n_headers,
                          head->keep_alive);
  if (head->content_length >= 0 && head->chunked)
    abort ();
  if (head->minor_version == 1 && heptad_http_head_get (head, "host") == NULL)
    abort ();
  for (guint i = 0; i < head->n_headers; i++)
    if (strpbrk (heptad_http_head_string (head, head->headers[i].value), "\r\n") != NULL)
      abort ();
}

static gboolean
feed (HeptadHttpFraming *framing, GString *seen, const uint8_t *data, size_t size)
{
  const guint8 *body;
  gsize body_length;

  for (;;)
    switch (heptad_http_framing_next (framing, &data, &size, &body, &body_length))
      {
      case HEPTAD_HTTP_FRAMING_MORE:
        if (size != 0)
          abort ();
        return TRUE;
      case HEPTAD_HTTP_FRAMING_HEAD:
        note_head (seen, framing);
        break;
      case HEPTAD_HTTP_FRAMING_BODY:
        g_string_append_len (seen, (const char *) body, (gssize) body_length);
        break;
      case HEPTAD_HTTP_FRAMING_END:
        g_string_append_c (seen, '\n');
        break;
      case HEPTAD_HTTP_FRAMING_REFUSED:
        g_string_append (seen, framing->refusal->reason);
        return FALSE;
      }
}

static GString *
run (const uint8_t *data, size_t size, size_t step)
{
  GString *seen = g_string_new (NULL);
  HeptadHttpFraming framing;

  heptad_http_framing_init (&framing, &limits);
  for (size_t offset = 0; offset < size; offset += step)
    if (!feed (&framing, seen, data + offset, MIN (step, size - offset)))
      break;
  heptad_http_framing_clear (&framing);
  return seen;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GString *whole;
  GString *split;

  if (size < 2 || size > 16384)
    return 0;
  whole = run (data + 1, size - 1, size - 1);
  split = run (data + 1, size - 1, 1 + data[0] % 16);
  if (!g_string_equal (whole, split))
    abort ();
  g_string_free (whole, TRUE);
  g_string_free (split, TRUE);
  return 0;
}
