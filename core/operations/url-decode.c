/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/url-decode.h"

const char *
heptad_url_decode (const char *text, gsize length, gboolean plus_is_space, GString *into)
{
  gsize start = into->len;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '%')
        {
          int high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
          int low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;

          if (high < 0 || low < 0)
            return "'%' must be followed by two hexadecimal digits";
          c = (char) (high * 16 + low);
          if (c == '\0')
            return "a NUL byte is not allowed";
          i += 2;
        }
      else if (c == '+' && plus_is_space)
        {
          c = ' ';
        }
      g_string_append_c (into, c);
    }
  if (!g_utf8_validate_len (into->str + start, into->len - start, NULL))
    return "this is not UTF-8";
  return NULL;
}
