/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-value-private.h"

static void
write_escape (GString *into, guchar c)
{
  switch (c)
    {
    case '"':
      g_string_append_len (into, "\\\"", 2);
      break;
    case '\\':
      g_string_append_len (into, "\\\\", 2);
      break;
    case '\n':
      g_string_append_len (into, "\\n", 2);
      break;
    case '\r':
      g_string_append_len (into, "\\r", 2);
      break;
    case '\t':
      g_string_append_len (into, "\\t", 2);
      break;
    default:
      g_string_append_printf (into, "\\u%04x", c);
      break;
    }
}

static void
write_string (GString *into, const char *text, gsize length)
{
  const char *end = text + length;
  const char *run = text;

  g_string_append_c (into, '"');
  for (const char *c = text; c < end; c++)
    if ((guchar) *c < 0x20 || *c == '"' || *c == '\\')
      {
        g_string_append_len (into, run, c - run);
        write_escape (into, (guchar) *c);
        run = c + 1;
      }
  g_string_append_len (into, run, end - run);
  g_string_append_c (into, '"');
}

static void
write_scalar (GString *into, const HeptadValue *value)
{
  const char *text = heptad_document_get_text (heptad_value_get_document (value)) + value->first;

  if (value->type == HEPTAD_VALUE_STRING)
    write_string (into, text, value->length);
  else if (value->type == HEPTAD_VALUE_NUMBER)
    g_string_append_len (into, text, value->length);
  else if (value->type == HEPTAD_VALUE_BOOLEAN && value->length != 0)
    g_string_append_len (into, "true", 4);
  else if (value->type == HEPTAD_VALUE_BOOLEAN)
    g_string_append_len (into, "false", 5);
  else
    g_string_append_len (into, "null", 4);
}

/* What stands before the child @index of @container. */
static void
write_separator (GString *into, const HeptadValue *container, guint32 index)
{
  if (container->type == HEPTAD_VALUE_OBJECT && index % 2 == 1)
    g_string_append_c (into, ':');
  else if (index > 0)
    g_string_append_c (into, ',');
}

void
heptad_value_print_to (const HeptadValue *value, GString *into)
{
  struct {
    const HeptadValue *container;
    guint32 next;
  } levels[HEPTAD_VALUE_MAX_DEPTH];
  guint depth = 0;

  g_return_if_fail (value != NULL && into != NULL);

  for (;;)
    {
      if (heptad_value_is_container (value))
        {
          g_string_append_c (into, value->type == HEPTAD_VALUE_ARRAY ? '[' : '{');
          levels[depth].container = value;
          levels[depth].next = 0;
          depth++;
        }
      else
        write_scalar (into, value);

      while (depth > 0
             && levels[depth - 1].next == heptad_value_count_children (levels[depth - 1].container))
        {
          depth--;
          g_string_append_c (into, levels[depth].container->type == HEPTAD_VALUE_ARRAY ? ']' : '}');
        }
      if (depth == 0)
        return;
      write_separator (into, levels[depth - 1].container, levels[depth - 1].next);
      value = heptad_value_get_child (levels[depth - 1].container, levels[depth - 1].next++);
    }
}

char *
heptad_value_print (const HeptadValue *value)
{
  GString *text;

  g_return_val_if_fail (value != NULL, NULL);

  text = g_string_sized_new (128);
  heptad_value_print_to (value, text);
  return g_string_free (text, FALSE);
}
