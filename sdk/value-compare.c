/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "heptad-value-private.h"

int
heptad_value_compare_numbers (const HeptadValue *a, const HeptadValue *b)
{
  const char *a_text, *b_text;

  g_return_val_if_fail (a != NULL && a->type == HEPTAD_VALUE_NUMBER, 0);
  g_return_val_if_fail (b != NULL && b->type == HEPTAD_VALUE_NUMBER, 0);

  if (a->is_small_integer && b->is_small_integer)
    return ((gint32) a->second > (gint32) b->second) - ((gint32) a->second < (gint32) b->second);
  a_text = heptad_document_get_text (heptad_value_get_document (a)) + a->first;
  b_text = heptad_document_get_text (heptad_value_get_document (b)) + b->first;
  return heptad_number_compare (a_text, a->length, b_text, b->length);
}

static gboolean
strings_are_equal (const HeptadValue *a, const HeptadValue *b)
{
  const char *a_text = heptad_document_get_text (heptad_value_get_document (a)) + a->first;
  const char *b_text = heptad_document_get_text (heptad_value_get_document (b)) + b->first;

  return a->length == b->length && memcmp (a_text, b_text, a->length) == 0;
}

/* All of a scalar; of a container only that both are the same kind and size. */
static gboolean
heads_are_equal (const HeptadValue *a, const HeptadValue *b)
{
  if (a->type != b->type)
    return FALSE;
  switch ((HeptadValueType) a->type)
    {
    case HEPTAD_VALUE_NULL:
      return TRUE;
    case HEPTAD_VALUE_BOOLEAN:
      return a->length == b->length;
    case HEPTAD_VALUE_NUMBER:
      return heptad_value_compare_numbers (a, b) == 0;
    case HEPTAD_VALUE_STRING:
      return strings_are_equal (a, b);
    case HEPTAD_VALUE_ARRAY:
    case HEPTAD_VALUE_OBJECT:
    default:
      return a->second == b->second;
    }
}

/* What in @b stands where the @index-th item or member of @a does. */
static const HeptadValue *
find_counterpart (const HeptadValue *a, const HeptadValue *b, guint32 index)
{
  const HeptadValue *name;
  const char *text;

  if (a->type == HEPTAD_VALUE_ARRAY)
    return heptad_value_get_child (b, index);
  name = heptad_value_get_child (a, 2 * index);
  text = heptad_document_get_text (heptad_value_get_document (a)) + name->first;
  return heptad_value_find_member (b, text, name->length);
}

gboolean
heptad_value_equal (const HeptadValue *a, const HeptadValue *b)
{
  struct {
    const HeptadValue *a, *b;
    guint32 next;
  } levels[HEPTAD_VALUE_MAX_DEPTH];
  guint depth = 0;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  for (;;)
    {
      if (b == NULL || !heads_are_equal (a, b))
        return FALSE;
      if (heptad_value_is_container (a) && a->second > 0 && a != b)
        {
          levels[depth].a = a;
          levels[depth].b = b;
          levels[depth].next = 0;
          depth++;
        }
      while (depth > 0 && levels[depth - 1].next == levels[depth - 1].a->second)
        depth--;
      if (depth == 0)
        return TRUE;

      guint32 index = levels[depth - 1].next++;
      gboolean is_array = levels[depth - 1].a->type == HEPTAD_VALUE_ARRAY;

      b = find_counterpart (levels[depth - 1].a, levels[depth - 1].b, index);
      a = heptad_value_get_child (levels[depth - 1].a, is_array ? index : 2 * index + 1);
    }
}
