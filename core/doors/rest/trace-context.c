/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/trace-context.h"

#include <string.h>

/* Ids need to be distinct, not secret: a xorshift generator a thread, seeded once from the
 * system's. */
static guint64
random_id (void)
{
  static __thread guint64 state;

  while (state == 0)
    state = ((guint64) g_random_int () << 32) | g_random_int ();
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void
write_hex (char *into, guint64 number)
{
  for (int i = 15; i >= 0; i--, number >>= 4)
    into[i] = "0123456789abcdef"[number & 15];
  into[16] = '\0';
}

static gboolean
is_lower_hex (const char *text, gsize length)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
        return FALSE;
      any |= text[i] != '0';
    }
  return any;
}

/* 00-<32 hex>-<16 hex>-<2 hex>; later versions may go on behind. */
static gboolean
read_traceparent (HeptadTraceContext *context, const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-'
      || strncmp (text, "ff", 2) == 0 || !g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1])
      || (length > 55 && (strncmp (text, "00", 2) == 0 || text[55] != '-'))
      || !is_lower_hex (text + 3, 32) || !is_lower_hex (text + 36, 16)
      || !g_ascii_isxdigit (text[53]) || !g_ascii_isxdigit (text[54]))
    return FALSE;
  memcpy (context->trace_id, text + 3, 32);
  memcpy (context->parent_id, text + 36, 16);
  context->flags =
      (guint8) (g_ascii_xdigit_value (text[53]) * 16 + g_ascii_xdigit_value (text[54]));
  return TRUE;
}

void
heptad_trace_context_init (HeptadTraceContext *context, const char *traceparent)
{
  memset (context, 0, sizeof *context);
  if (!read_traceparent (context, traceparent))
    {
      write_hex (context->trace_id, random_id ());
      write_hex (context->trace_id + 16, random_id ());
    }
  write_hex (context->span_id, random_id ());
}
