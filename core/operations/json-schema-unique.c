/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema-private.h"

typedef struct {
  guint64 hash;
  guint index;
} Entry;

static guint64
mix (guint64 hash)
{
  hash ^= hash >> 32;
  hash *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return hash ^ (hash >> 32);
}

static guint64
hash_bytes (const char *text, gsize length, guint64 seed)
{
  guint64 hash = seed;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar) text[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return mix (hash);
}

static guint64 hash_value (const HeptadValue *value, guint64 seed);

static guint64
hash_container (const HeptadValue *value, guint64 seed)
{
  guint n = heptad_value_get_size (value);
  guint64 hash = mix (seed + n);

  for (guint i = 0; i < n; i++)
    if (heptad_value_get_value_type (value) == HEPTAD_VALUE_ARRAY)
      hash = mix (hash * 31 + hash_value (heptad_value_get_item (value, i), seed));
    else
      /* A sum, since equal objects may have their members in any order. */
      hash += mix (hash_value (heptad_value_get_name_at (value, i), seed) * 31
                   + hash_value (heptad_value_get_member_at (value, i, NULL), seed));
  return mix (hash);
}

/* Equal values have equal hashes. Recursion is bounded by the depth of values. */
static guint64
hash_value (const HeptadValue *value, guint64 seed)
{
  HeptadValueType type = heptad_value_get_value_type (value);
  double number;
  guint64 bits;
  gsize length;
  const char *text;

  switch (type)
    {
    case HEPTAD_VALUE_STRING:
      text = heptad_value_get_text (value, &length);
      return hash_bytes (text, length, seed);
    case HEPTAD_VALUE_NUMBER:
      number = heptad_value_get_double (value) + 0.0; /* so that -0 is 0 */
      memcpy (&bits, &number, sizeof bits);
      return mix (bits + seed);
    case HEPTAD_VALUE_ARRAY:
    case HEPTAD_VALUE_OBJECT:
      return hash_container (value, seed + type);
    case HEPTAD_VALUE_NULL:
    case HEPTAD_VALUE_BOOLEAN:
    default:
      return mix (seed + type + 8 + (heptad_value_get_boolean (value) ? 8 : 0));
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer data)
{
  const Entry *left = a, *right = b;

  if (left->hash != right->hash)
    return left->hash < right->hash ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

static gboolean
few_are_unique (const HeptadValue *array, guint n, guint *first, guint *second)
{
  for (guint j = 1; j < n; j++)
    for (guint i = 0; i < j; i++)
      if (heptad_value_equal (heptad_value_get_item (array, i), heptad_value_get_item (array, j)))
        {
          *first = i;
          *second = j;
          return FALSE;
        }
  return TRUE;
}

/* Sorted by hash, so that only neighbours have to be compared. A run of equal hashes that are not
 * equal values needs a sender who guesses the seed, and is cut short as if it were equal. */
static gboolean
many_are_unique (const HeptadValue *array, guint n, guint *first, guint *second)
{
  g_autofree Entry *entries = g_new (Entry, n);
  guint64 seed = ((guint64) g_random_int () << 32) | g_random_int ();

  for (guint i = 0; i < n; i++)
    entries[i] = (Entry){ hash_value (heptad_value_get_item (array, i), seed), i };
  g_qsort_with_data (entries, (int) n, sizeof *entries, compare_entries, NULL);
  for (guint i = 1; i < n; i++)
    for (guint j = i; j > 0 && entries[j - 1].hash == entries[i].hash; j--)
      if (i - j >= 1000
          || heptad_value_equal (heptad_value_get_item (array, entries[j - 1].index),
                                 heptad_value_get_item (array, entries[i].index)))
        {
          *first = entries[j - 1].index;
          *second = entries[i].index;
          return FALSE;
        }
  return TRUE;
}

gboolean
heptad_schema_items_are_unique (const HeptadValue *array, guint *first, guint *second)
{
  guint n = heptad_value_get_size (array);

  return n <= 16 ? few_are_unique (array, n, first, second)
                 : many_are_unique (array, n, first, second);
}
