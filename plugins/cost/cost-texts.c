/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-texts.h"

#include <string.h>

__extension__ typedef unsigned __int128 Product;

enum {
  FIRST_N_SLOTS = 1024,
  CHUNK_SIZE = 64 * 1024,
};

typedef struct {
  CostText text;
  guint32 hash;
} Entry;

struct _CostTexts {
  GArray *entries; /* Entry by number; the first stands for the absent text */
  guint32 *slots;  /* numbers, by hash with linear probing; 0 is free */
  guint32 n_slots; /* a power of two, at least twice as many as entries */
  GStringChunk *chunk;
  gsize size;
  guint64 seed; /* so that nobody can write a bill whose texts all fall together */
};

CostTexts *
cost_texts_new (void)
{
  CostTexts *texts = g_new0 (CostTexts, 1);

  texts->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_size (texts->entries, 1);
  texts->n_slots = FIRST_N_SLOTS;
  texts->slots = g_new0 (guint32, texts->n_slots);
  texts->chunk = g_string_chunk_new (CHUNK_SIZE);
  texts->seed = ((guint64) g_random_int () << 32) | g_random_int ();
  return texts;
}

void
cost_texts_free (CostTexts *texts)
{
  if (texts == NULL)
    return;
  g_array_unref (texts->entries);
  g_free (texts->slots);
  g_string_chunk_free (texts->chunk);
  g_free (texts);
}

void
cost_texts_clear (CostTexts *texts)
{
  g_array_set_size (texts->entries, 1);
  memset (texts->slots, 0, texts->n_slots * sizeof *texts->slots);
  g_string_chunk_clear (texts->chunk);
  texts->size = 0;
}

static inline guint64
mix (guint64 a, guint64 b)
{
  Product product = (Product) a * b;

  return (guint64) product ^ (guint64) (product >> 64);
}

/* Eight bytes a step, each folded in by a 128-bit product (Wang Yi's wyhash does so). */
static guint32
hash_text (CostText text, guint64 seed)
{
  guint64 hash = seed ^ text.length, word = 0;
  guint32 i = 0;

  for (; i + 8 <= text.length; i += 8)
    {
      memcpy (&word, text.data + i, sizeof word);
      hash = mix (hash ^ word, G_GUINT64_CONSTANT (0xa0761d6478bd642f));
    }
  word = 0;
  memcpy (&word, text.data + i, text.length - i);
  hash = mix (hash ^ word, G_GUINT64_CONSTANT (0xe7037ed1a0b428db));
  return (guint32) (hash ^ (hash >> 32));
}

static void
insert_into_slots (CostTexts *texts, guint32 number)
{
  guint32 slot = g_array_index (texts->entries, Entry, number).hash;

  while (texts->slots[slot & (texts->n_slots - 1)] != 0)
    slot++;
  texts->slots[slot & (texts->n_slots - 1)] = number;
}

static void
grow (CostTexts *texts)
{
  texts->n_slots *= 2;
  g_free (texts->slots);
  texts->slots = g_new0 (guint32, texts->n_slots);
  for (guint32 number = 1; number < texts->entries->len; number++)
    insert_into_slots (texts, number);
}

static guint32
add (CostTexts *texts, CostText text, guint32 hash)
{
  guint32 number = texts->entries->len;
  Entry entry = { .text = text, .hash = hash };

  entry.text.data = g_string_chunk_insert_len (texts->chunk, text.data, text.length);
  g_array_append_val (texts->entries, entry);
  texts->size += text.length + 1 + sizeof entry;
  if (texts->entries->len > texts->n_slots / 2)
    grow (texts);
  else
    insert_into_slots (texts, number);
  return number;
}

guint32
cost_texts_intern (CostTexts *texts, CostText text)
{
  guint32 hash, slot, number;

  if (text.data == NULL)
    return COST_TEXT_ABSENT;
  hash = hash_text (text, texts->seed);
  for (slot = hash; (number = texts->slots[slot & (texts->n_slots - 1)]) != 0; slot++)
    {
      const Entry *entry = &g_array_index (texts->entries, Entry, number);

      if (entry->hash == hash && entry->text.length == text.length
          && memcmp (entry->text.data, text.data, text.length) == 0)
        return number;
    }
  return add (texts, text, hash);
}

CostText
cost_texts_get (CostTexts *texts, guint32 number)
{
  return g_array_index (texts->entries, Entry, number).text;
}

gsize
cost_texts_get_size (CostTexts *texts)
{
  return texts->size;
}
