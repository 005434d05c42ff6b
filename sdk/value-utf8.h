/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline gboolean
heptad_utf8_is_tail (guchar byte)
{
  return (byte & 0xc0) == 0x80;
}

/*
 * heptad_utf8_measure:
 *
 * The bytes of the non-ASCII character at @text, or 0 when it is not well formed: too long for its
 * value, a surrogate, beyond U+10FFFF, or cut off. Unicode 15, table 3-7.
 */
static inline gsize
heptad_utf8_measure (const char *text, gsize length)
{
  const guchar *c = (const guchar *) text;

  if (c[0] >= 0xc2 && c[0] <= 0xdf)
    return length >= 2 && heptad_utf8_is_tail (c[1]) ? 2 : 0;
  if (c[0] >= 0xe0 && c[0] <= 0xef)
    {
      guchar low = c[0] == 0xe0 ? 0xa0 : 0x80;
      guchar high = c[0] == 0xed ? 0x9f : 0xbf;

      return length >= 3 && c[1] >= low && c[1] <= high && heptad_utf8_is_tail (c[2]) ? 3 : 0;
    }
  if (c[0] >= 0xf0 && c[0] <= 0xf4)
    {
      guchar low = c[0] == 0xf0 ? 0x90 : 0x80;
      guchar high = c[0] == 0xf4 ? 0x8f : 0xbf;

      return length >= 4 && c[1] >= low && c[1] <= high && heptad_utf8_is_tail (c[2])
                     && heptad_utf8_is_tail (c[3])
                 ? 4
                 : 0;
    }
  return 0;
}

/* As g_utf8_validate_len(), but NUL is a character like any other. */
static inline gboolean
heptad_utf8_validate (const char *text, gsize length)
{
  gsize at = 0;

  while (at < length)
    {
      gsize n = (guchar) text[at] < 0x80 ? 1 : heptad_utf8_measure (text + at, length - at);

      if (n == 0)
        return FALSE;
      at += n;
    }
  return TRUE;
}

G_END_DECLS
