/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-text.h"

#include <string.h>

#define WRAP_COLUMNS 80

/* Controls and the marks that turn the direction of writing, which can make a line lie. */
static gboolean
is_unsafe (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
ctl_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!is_unsafe (c))
        g_string_append_unichar (clean, c);
      else if (c == '\n')
        g_string_append (clean, "\\n");
      else
        g_string_append_printf (clean, "\\u%04x", c);
    }
  return g_string_free (clean, FALSE);
}

gsize
ctl_text_get_width (const char *text)
{
  gsize width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

char *
ctl_text_to_kebab (const char *name)
{
  GString *kebab = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    {
      gboolean upper = g_ascii_isupper (*at);
      gboolean starts_word =
          upper && at > name
          && (!g_ascii_isupper (at[-1]) || (at[1] != '\0' && g_ascii_islower (at[1])));
      gboolean ended = kebab->len > 0 && kebab->str[kebab->len - 1] == '-';

      if (!g_ascii_isalnum (*at))
        {
          if (kebab->len > 0 && !ended)
            g_string_append_c (kebab, '-');
          continue;
        }
      if (starts_word && !ended && kebab->len > 0)
        g_string_append_c (kebab, '-');
      g_string_append_c (kebab, g_ascii_tolower (*at));
    }
  if (kebab->len > 0 && kebab->str[kebab->len - 1] == '-')
    g_string_truncate (kebab, kebab->len - 1);
  return g_string_free (kebab, FALSE);
}

void
ctl_text_append_spaces (GString *into, gsize n_spaces)
{
  for (gsize i = 0; i < n_spaces; i++)
    g_string_append_c (into, ' ');
}

void
ctl_text_wrap (GString *into, const char *text, guint indent)
{
  g_autofree char *clean = ctl_text_clean (text);
  g_auto (GStrv) words = g_strsplit (clean, " ", -1);
  gsize column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize width = ctl_text_get_width (words[i]);

      if (column == 0 || column + 1 + width > WRAP_COLUMNS)
        {
          if (column > 0)
            g_string_append_c (into, '\n');
          ctl_text_append_spaces (into, indent);
          column = indent;
        }
      else
        {
          g_string_append_c (into, ' ');
          column++;
        }
      g_string_append (into, words[i]);
      column += width;
    }
  g_string_append_c (into, '\n');
}
