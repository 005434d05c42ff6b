/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-scanner.h"
#include "value-utf8.h"

static char *
describe_found (const char *at, const char *end)
{
  guchar c;
  gsize n;

  if (at == end)
    return g_strdup ("the end of the text");
  c = (guchar) *at;
  if (c < 0x80)
    return c < 0x20 || c == 0x7f ? g_strdup_printf ("the byte 0x%02x", c)
                                 : g_strdup_printf ("'%c'", c);
  n = heptad_utf8_measure (at, (gsize) (end - at));
  return n == 0 ? g_strdup_printf ("the byte 0x%02x", c) : g_strdup_printf ("'%.*s'", (int) n, at);
}

void
heptad_json_set_error (GError **error,
                       HeptadError code,
                       const char *begin,
                       const char *at,
                       const char *end,
                       const char *expected,
                       const char *problem)
{
  g_autofree char *found = NULL;
  guint line = 1, column = 1;

  for (const char *c = begin; c < at; c++)
    if (*c == '\n')
      {
        line++;
        column = 1;
      }
    else if (!heptad_utf8_is_tail ((guchar) *c))
      column++;

  if (problem != NULL)
    {
      g_set_error (error, HEPTAD_ERROR, (int) code, "line %u, column %u: %s", line, column,
                   problem);
      return;
    }
  found = describe_found (at, end);
  g_set_error (error, HEPTAD_ERROR, (int) code, "line %u, column %u: expected %s, found %s", line,
               column, expected, found);
}
