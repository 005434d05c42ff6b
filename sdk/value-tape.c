/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "value-tape.h"

#include <string.h>

void
heptad_tape_init (HeptadTape *tape)
{
  tape->open = tape->open_scratch;
  tape->n_open = 0;
  tape->open_capacity = HEPTAD_TAPE_SCRATCH_NODES;
  tape->document = (HeptadDocument *) tape->closed_scratch;
  tape->n_closed = 0;
  tape->closed_capacity = HEPTAD_TAPE_SCRATCH_NODES;
  tape->slots = NULL;
  tape->n_slots = 0;
  tape->slots_capacity = 0;
  tape->text = tape->text_scratch;
  tape->text_length = 0;
  tape->text_capacity = HEPTAD_TAPE_SCRATCH_TEXT;
}

static gboolean
is_in_scratch (const HeptadTape *tape)
{
  return (const char *) tape->document == tape->closed_scratch;
}

void
heptad_tape_clear (HeptadTape *tape)
{
  if (tape->open != tape->open_scratch)
    g_free (tape->open);
  if (!is_in_scratch (tape))
    g_free (tape->document);
  if (tape->text != tape->text_scratch)
    g_free (tape->text);
  g_free (tape->slots);
  heptad_tape_init (tape);
}

void
heptad_tape_grow_open (HeptadTape *tape)
{
  guint32 capacity = 2 * tape->open_capacity;

  if (tape->open == tape->open_scratch)
    {
      tape->open = g_new (HeptadValue, capacity);
      memcpy (tape->open, tape->open_scratch, sizeof tape->open_scratch);
    }
  else
    tape->open = g_renew (HeptadValue, tape->open, capacity);
  tape->open_capacity = capacity;
}

void
heptad_tape_grow_text (HeptadTape *tape, gsize extra)
{
  gsize capacity = MAX (2 * tape->text_capacity, tape->text_length + extra);

  if (tape->text == tape->text_scratch)
    {
      tape->text = g_malloc (capacity);
      memcpy (tape->text, tape->text_scratch, tape->text_length);
    }
  else
    tape->text = g_realloc (tape->text, capacity);
  tape->text_capacity = capacity;
}

static gsize
size_of_document (guint32 n_nodes)
{
  return sizeof (HeptadDocument) + (gsize) n_nodes * sizeof (HeptadValue);
}

static void
grow_closed (HeptadTape *tape, guint32 extra)
{
  guint32 capacity = MAX (2 * tape->closed_capacity, tape->n_closed + extra);

  if (is_in_scratch (tape))
    {
      tape->document = g_malloc (size_of_document (capacity));
      memcpy (tape->document, tape->closed_scratch, size_of_document (tape->n_closed));
    }
  else
    tape->document = g_realloc (tape->document, size_of_document (capacity));
  tape->closed_capacity = capacity;
}

void
heptad_tape_push_text (HeptadTape *tape, HeptadValueType type, const char *text, gsize length)
{
  HeptadValue *node = heptad_tape_push (tape, type);

  heptad_tape_reserve_text (tape, length + 1);
  node->first = (guint32) tape->text_length;
  node->length = (guint32) length;
  memcpy (tape->text + tape->text_length, text, length);
  tape->text[tape->text_length + length] = '\0';
  tape->text_length += length + 1;
}

void
heptad_tape_push_int64 (HeptadTape *tape, gint64 number)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 left = number < 0 ? 0 - (guint64) number : (guint64) number;
  HeptadValue *node;

  do
    *--at = (char) ('0' + left % 10);
  while ((left /= 10) != 0);
  if (number < 0)
    *--at = '-';
  heptad_tape_push_text (tape, HEPTAD_VALUE_NUMBER, at, (gsize) (digits + sizeof digits - at));
  node = &tape->open[tape->n_open - 1];
  node->is_small_integer = number >= G_MININT32 && number <= G_MAXINT32;
  node->second = (guint32) number;
}

/* Moves the values from @start to their final place and puts their container in their stead. */
static HeptadValue *
close_container (HeptadTape *tape, HeptadValueType type, guint32 start)
{
  guint32 n = tape->n_open - start;
  guint32 first = tape->n_closed;
  HeptadValue *place;

  if (G_UNLIKELY (tape->closed_capacity - first < n))
    grow_closed (tape, n);
  place = tape->document->nodes + first;
  for (guint32 i = 0; i < n; i++)
    {
      place[i] = tape->open[start + i];
      place[i].self = first + i;
    }
  tape->n_closed += n;
  tape->n_open = start;

  place = heptad_tape_push (tape, type);
  place->first = first;
  place->second = n;
  return place;
}

void
heptad_tape_close_array (HeptadTape *tape, guint32 start)
{
  close_container (tape, HEPTAD_VALUE_ARRAY, start);
}

static gboolean
names_are_equal (const HeptadTape *tape, const HeptadValue *a, const HeptadValue *b)
{
  return a->length == b->length
         && memcmp (tape->text + a->first, tape->text + b->first, a->length) == 0;
}

/* A few bits of each name in one word say of most names at once that they are new. */
static gint64
find_duplicate_among_few (const HeptadTape *tape, guint32 start)
{
  guint64 seen = 0;

  for (guint32 i = start; i < tape->n_open; i += 2)
    {
      const HeptadValue *name = &tape->open[i];
      const guchar *text = (const guchar *) tape->text + name->first;
      guint32 length = name->length;
      guint32 mix = length == 0 ? 0 : text[0] + 7u * text[length - 1] + 31u * text[length / 2];
      guint64 bit = G_GUINT64_CONSTANT (1) << ((mix + 13u * length) & 63);

      if ((seen & bit) != 0)
        for (guint32 j = start; j < i; j += 2)
          if (names_are_equal (tape, name, &tape->open[j]))
            return i;
      seen |= bit;
    }
  return -1;
}

static guint32 *
add_slots (HeptadTape *tape, guint32 n_slots)
{
  guint32 *table;

  if (tape->slots_capacity - tape->n_slots < n_slots)
    {
      tape->slots_capacity = MAX (2 * tape->slots_capacity, tape->n_slots + n_slots);
      tape->slots = g_renew (guint32, tape->slots, tape->slots_capacity);
    }
  table = tape->slots + tape->n_slots;
  memset (table, 0, n_slots * sizeof *table);
  tape->n_slots += n_slots;
  return table;
}

/* Fills the table with member numbers counted from 1. */
static gint64
index_members (HeptadTape *tape, guint32 start, guint32 *table, guint32 n_slots)
{
  for (guint32 i = start; i < tape->n_open; i += 2)
    {
      HeptadValue *name = &tape->open[i];
      guint32 hash = heptad_value_hash_name (tape->text + name->first, name->length);
      guint32 slot = hash & (n_slots - 1);

      for (; table[slot] != 0; slot = (slot + 1) & (n_slots - 1))
        {
          const HeptadValue *other = &tape->open[start + 2 * (table[slot] - 1)];

          if (other->second == hash && names_are_equal (tape, name, other))
            return i;
        }
      name->second = hash;
      table[slot] = (i - start) / 2 + 1;
    }
  return -1;
}

gint64
heptad_tape_close_object (HeptadTape *tape, guint32 start)
{
  guint32 n_members = (tape->n_open - start) / 2;
  guint32 table_start = tape->n_slots;
  gboolean has_table = n_members > HEPTAD_VALUE_LINEAR_MEMBERS;
  HeptadValue *object;
  gint64 duplicate;

  if (has_table)
    {
      guint32 n_slots = heptad_value_count_slots (n_members);

      duplicate = index_members (tape, start, add_slots (tape, n_slots), n_slots);
    }
  else
    duplicate = find_duplicate_among_few (tape, start);
  if (duplicate >= 0)
    {
      tape->n_slots = table_start;
      return duplicate;
    }

  object = close_container (tape, HEPTAD_VALUE_OBJECT, start);
  object->second = n_members;
  object->has_table = has_table;
  object->length = has_table ? table_start : 0;
  return -1;
}

HeptadTapeMark
heptad_tape_mark (const HeptadTape *tape)
{
  return (HeptadTapeMark){ tape->n_open, tape->n_closed, tape->n_slots, tape->text_length };
}

void
heptad_tape_rewind (HeptadTape *tape, HeptadTapeMark mark)
{
  tape->n_open = mark.n_open;
  tape->n_closed = mark.n_closed;
  tape->n_slots = mark.n_slots;
  tape->text_length = mark.text_length;
}

static void
push_scalar_copy (HeptadTape *tape, const HeptadValue *value)
{
  if (value->type == HEPTAD_VALUE_STRING || value->type == HEPTAD_VALUE_NUMBER)
    {
      const char *text = heptad_document_get_text (heptad_value_get_document (value));

      heptad_tape_push_text (tape, value->type, text + value->first, value->length);
      tape->open[tape->n_open - 1].is_small_integer = value->is_small_integer;
      tape->open[tape->n_open - 1].second = value->second;
    }
  else
    heptad_tape_push (tape, value->type)->length = value->length;
}

static void
close_copy (HeptadTape *tape, const HeptadValue *value, guint32 start)
{
  if (value->type == HEPTAD_VALUE_ARRAY)
    heptad_tape_close_array (tape, start);
  else
    heptad_tape_close_object (tape, start);
}

static gboolean
push_copy (HeptadTape *tape, const HeptadValue *value, guint depth)
{
  struct {
    const HeptadValue *container;
    guint32 next;
    guint32 start;
  } levels[HEPTAD_VALUE_MAX_DEPTH];
  guint n_levels = 0;

  for (;;)
    {
      if (heptad_tape_count_nodes (tape) >= HEPTAD_VALUE_MAX_NODES
          || tape->text_length > HEPTAD_VALUE_MAX_TEXT)
        return FALSE;
      if (heptad_value_is_container (value))
        {
          if (n_levels == depth)
            return FALSE;
          levels[n_levels].container = value;
          levels[n_levels].next = 0;
          levels[n_levels].start = tape->n_open;
          n_levels++;
        }
      else
        push_scalar_copy (tape, value);

      while (n_levels > 0
             && levels[n_levels - 1].next
                    == heptad_value_count_children (levels[n_levels - 1].container))
        {
          n_levels--;
          close_copy (tape, levels[n_levels].container, levels[n_levels].start);
        }
      if (n_levels == 0)
        return TRUE;
      value = heptad_value_get_child (levels[n_levels - 1].container, levels[n_levels - 1].next++);
    }
}

gboolean
heptad_tape_push_copy (HeptadTape *tape, const HeptadValue *value, guint depth)
{
  HeptadTapeMark mark = heptad_tape_mark (tape);

  if (push_copy (tape, value, depth))
    return TRUE;
  heptad_tape_rewind (tape, mark);
  return FALSE;
}

HeptadValue *
heptad_tape_finish (HeptadTape *tape)
{
  gboolean in_scratch = is_in_scratch (tape);
  guint32 n_nodes = tape->n_closed + 1;
  gsize nodes_size = size_of_document (n_nodes);
  gsize slots_size = tape->n_slots * sizeof (guint32);
  gsize size = nodes_size + slots_size + tape->text_length;
  HeptadDocument *document;
  HeptadValue *root;

  g_assert (tape->n_open == 1);

  document = in_scratch ? g_malloc (size) : g_realloc (tape->document, size);
  if (in_scratch)
    memcpy (document, tape->document, size_of_document (tape->n_closed));
  tape->document = (HeptadDocument *) tape->closed_scratch;
  document->refs = 1;
  document->n_nodes = n_nodes;
  document->n_slots = tape->n_slots;
  document->text_offset = (guint32) (nodes_size + slots_size);
  root = &document->nodes[tape->n_closed];
  *root = tape->open[0];
  root->self = tape->n_closed;
  if (slots_size > 0)
    memcpy ((char *) document + nodes_size, tape->slots, slots_size);
  memcpy ((char *) document + document->text_offset, tape->text, tape->text_length);
  heptad_tape_clear (tape);
  return root;
}
