/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/random.h>

#include "heptad-value-private.h"

#define ROTATE(x, n) (((x) << (n)) | ((x) >> (64 - (n))))

static const guint64 *
get_hash_key (void)
{
  static guint64 key[2];
  static gsize is_set = 0;

  if (g_once_init_enter (&is_set))
    {
      if (getrandom (key, sizeof key, GRND_NONBLOCK) != (gssize) sizeof key)
        key[0] = ((guint64) g_random_int () << 32) | g_random_int ();
      g_once_init_leave (&is_set, 1);
    }
  return key;
}

static inline void
sip_round (guint64 v[4])
{
  v[0] += v[1];
  v[1] = ROTATE (v[1], 13) ^ v[0];
  v[0] = ROTATE (v[0], 32);
  v[2] += v[3];
  v[3] = ROTATE (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = ROTATE (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = ROTATE (v[1], 17) ^ v[2];
  v[2] = ROTATE (v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), cut to 32 bits. */
guint32
heptad_value_hash_name (const char *name, gsize length)
{
  const guint64 *key = get_hash_key ();
  guint64 v[4] = { key[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
                   key[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
                   key[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
                   key[1] ^ G_GUINT64_CONSTANT (0x7465646279746573) };
  gsize at = 0;
  guint64 word;

  for (; length - at >= 8; at += 8)
    {
      memcpy (&word, name + at, 8);
      v[3] ^= word;
      sip_round (v);
      v[0] ^= word;
    }
  word = (guint64) length << 56;
  for (gsize i = 0; at + i < length; i++)
    word |= (guint64) (guchar) name[at + i] << (8 * i);
  v[3] ^= word;
  sip_round (v);
  v[0] ^= word;
  v[2] ^= 0xff;
  sip_round (v);
  sip_round (v);
  sip_round (v);
  return (guint32) (v[0] ^ v[1] ^ v[2] ^ v[3]);
}

static inline gboolean
name_is (const char *text, const HeptadValue *node, const char *name, gsize length)
{
  return node->length == length && memcmp (text + node->first, name, length) == 0;
}

static const HeptadValue *
find_in_table (const HeptadValue *object, const char *name, gsize length)
{
  const HeptadDocument *document = heptad_value_get_document (object);
  const char *text = heptad_document_get_text (document);
  const guint32 *table = (const guint32 *) (document->nodes + document->n_nodes) + object->length;
  guint32 mask = heptad_value_count_slots (object->second) - 1;
  guint32 hash = heptad_value_hash_name (name, length);

  for (guint32 slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask)
    {
      const HeptadValue *node = heptad_value_get_child (object, 2 * (table[slot] - 1));

      if (node->second == hash && name_is (text, node, name, length))
        return node + 1;
    }
  return NULL;
}

const HeptadValue *
heptad_value_find_member (const HeptadValue *object, const char *name, gsize length)
{
  const HeptadValue *node = heptad_value_get_child (object, 0);
  const char *text = heptad_document_get_text (heptad_value_get_document (object));

  if (object->has_table)
    return find_in_table (object, name, length);
  for (guint32 i = 0; i < object->second; i++, node += 2)
    if (name_is (text, node, name, length))
      return node + 1;
  return NULL;
}

/* An index as RFC 6901 writes it: digits, and no zero before others. */
static const HeptadValue *
find_item (const HeptadValue *array, const char *digits, gsize length)
{
  guint64 index = 0;

  if (length == 0 || length > 10 || (digits[0] == '0' && length > 1))
    return NULL;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (digits[i]))
        return NULL;
      index = index * 10 + (guint64) (digits[i] - '0');
    }
  return index < array->second ? heptad_value_get_child (array, (guint32) index) : NULL;
}

static const HeptadValue *
find_escaped_member (const HeptadValue *object, const char *token, gsize length)
{
  g_autofree char *name = g_malloc (length);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      name[n] = token[i];
      if (token[i] == '~')
        {
          i++;
          if (i == length || (token[i] != '0' && token[i] != '1'))
            return NULL;
          name[n] = token[i] == '0' ? '~' : '/';
        }
      n++;
    }
  return heptad_value_find_member (object, name, n);
}

const HeptadValue *
heptad_value_lookup_pointer (const HeptadValue *value, const char *pointer)
{
  g_return_val_if_fail (pointer != NULL, NULL);

  while (value != NULL && *pointer == '/')
    {
      const char *token = pointer + 1;
      gsize length = strcspn (token, "/");

      pointer = token + length;
      if (value->type == HEPTAD_VALUE_ARRAY)
        value = find_item (value, token, length);
      else if (value->type != HEPTAD_VALUE_OBJECT)
        return NULL;
      else if (memchr (token, '~', length) != NULL)
        value = find_escaped_member (value, token, length);
      else
        value = heptad_value_find_member (value, token, length);
    }
  return *pointer == '\0' ? value : NULL;
}
