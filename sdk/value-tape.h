/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-value-private.h"

G_BEGIN_DECLS

#define HEPTAD_TAPE_SCRATCH_NODES 64
#define HEPTAD_TAPE_SCRATCH_TEXT  1024

/*
 * HeptadTape:
 *
 * A document being assembled, by the scanner or a builder. Values wait in `open` until the
 * container around them is complete; then they move, side by side, to their final place in
 * `document`. Small documents are assembled in the scratch space and allocated once, at their exact
 * size.
 *
 * Must not be moved or copied. One thread at a time.
 */
typedef struct {
  HeptadValue *open;
  guint32 n_open;
  guint32 open_capacity;

  HeptadDocument *document;
  guint32 n_closed;
  guint32 closed_capacity;

  guint32 *slots;
  guint32 n_slots;
  guint32 slots_capacity;

  char *text;
  gsize text_length;
  gsize text_capacity;

  HeptadValue open_scratch[HEPTAD_TAPE_SCRATCH_NODES];
  _Alignas(HeptadDocument) char closed_scratch[sizeof (HeptadDocument)
                                               + HEPTAD_TAPE_SCRATCH_NODES * sizeof (HeptadValue)];
  char text_scratch[HEPTAD_TAPE_SCRATCH_TEXT];
} HeptadTape;

/* What a tape held at some moment, to return to it. */
typedef struct {
  guint32 n_open;
  guint32 n_closed;
  guint32 n_slots;
  gsize text_length;
} HeptadTapeMark;

void heptad_tape_init (HeptadTape *tape);
void heptad_tape_clear (HeptadTape *tape);

void heptad_tape_grow_open (HeptadTape *tape);
void heptad_tape_grow_text (HeptadTape *tape, gsize extra);

/* Adds a value of @type, its other fields zero. Valid until the next. */
static inline HeptadValue *
heptad_tape_push (HeptadTape *tape, HeptadValueType type)
{
  HeptadValue *node;

  if (G_UNLIKELY (tape->n_open == tape->open_capacity))
    heptad_tape_grow_open (tape);
  node = &tape->open[tape->n_open++];
  *node = (HeptadValue){ .type = type };
  return node;
}

/* Makes room for @extra bytes of text. */
static inline void
heptad_tape_reserve_text (HeptadTape *tape, gsize extra)
{
  if (G_UNLIKELY (tape->text_capacity - tape->text_length < extra))
    heptad_tape_grow_text (tape, extra);
}

/* Adds a string or number and copies its bytes. */
void heptad_tape_push_text (HeptadTape *tape, HeptadValueType type, const char *text, gsize length);

void heptad_tape_push_int64 (HeptadTape *tape, gint64 number);

/* The node that is a copy of @value and everything in it. FALSE, and the tape as it was, when that
 * makes more than @depth levels or more than a document holds. */
gboolean heptad_tape_push_copy (HeptadTape *tape, const HeptadValue *value, guint depth);

/* The values from @start become the items of one array. */
void heptad_tape_close_array (HeptadTape *tape, guint32 start);

/* The names and values from @start become the members of one object. Returns -1, or the index in
 * `open` of a name that occurs twice; nothing has then changed. */
gint64 heptad_tape_close_object (HeptadTape *tape, guint32 start);

HeptadTapeMark heptad_tape_mark (const HeptadTape *tape);
void heptad_tape_rewind (HeptadTape *tape, HeptadTapeMark mark);

static inline guint32
heptad_tape_count_nodes (const HeptadTape *tape)
{
  return tape->n_open + tape->n_closed;
}

/* Makes the one value in `open` the root of a new document. The tape is then cleared. */
HeptadValue *heptad_tape_finish (HeptadTape *tape);

G_END_DECLS
