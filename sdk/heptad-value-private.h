/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-value.h"

G_BEGIN_DECLS

/*
 * A document is one allocation: a header, its nodes, the look-up tables of its large objects, and
 * its text.
 *
 *     HeptadDocument | nodes[n_nodes] | guint32 tables[n_slots] | text
 *
 * The children of a container stand beside each other, so the nth is found by its index; the
 * members of an object are pairs of a name and a value. A node knows its own index, and so its
 * document.
 */

#define HEPTAD_VALUE_MAX_DEPTH 128
#define HEPTAD_VALUE_MAX_TEXT  (64u * 1024 * 1024)
#define HEPTAD_VALUE_MAX_NODES (8u * 1024 * 1024)

/* Objects with more members than this have a hash table. */
#define HEPTAD_VALUE_LINEAR_MEMBERS 16

struct _HeptadValue {
  guint32 type : 3;
  guint32 is_small_integer : 1; /* number: `second` is its value */
  guint32 has_table : 1;        /* object: `length` is where its table begins */
  guint32 length : 27;          /* string, number: bytes of text; boolean: whether it is true */
  guint32 self;                 /* the node's own index */
  guint32 first;                /* string, number: offset of its text; container: first child */
  guint32 second;               /* container: size; name in an object with a table: hash */
};

typedef struct {
  gint refs;
  guint32 n_nodes;
  guint32 n_slots;
  guint32 text_offset;
  HeptadValue nodes[];
} HeptadDocument;

static inline HeptadDocument *
heptad_value_get_document (const HeptadValue *value)
{
  const char *nodes = (const char *) (value - value->self);

  return (HeptadDocument *) (nodes - offsetof (HeptadDocument, nodes));
}

static inline const char *
heptad_document_get_text (const HeptadDocument *document)
{
  return (const char *) document + document->text_offset;
}

static inline const HeptadValue *
heptad_value_get_child (const HeptadValue *value, guint32 index)
{
  return value - value->self + value->first + index;
}

static inline gboolean
heptad_value_is_container (const HeptadValue *value)
{
  return value->type == HEPTAD_VALUE_ARRAY || value->type == HEPTAD_VALUE_OBJECT;
}

/* Nodes that are children of @value: two for each member of an object. */
static inline guint32
heptad_value_count_children (const HeptadValue *value)
{
  return value->type == HEPTAD_VALUE_OBJECT ? 2 * value->second : value->second;
}

static inline guint32
heptad_value_count_slots (guint32 n_members)
{
  guint32 n_slots = 64;

  while (n_slots < 2 * n_members)
    n_slots *= 2;
  return n_slots;
}

/* Keyed, so that a sender cannot choose names that collide. Any thread. */
guint32 heptad_value_hash_name (const char *name, gsize length);

const HeptadValue *
heptad_value_find_member (const HeptadValue *object, const char *name, gsize length);

/* By exact value, whatever the exponents. Any thread. */
int heptad_number_compare (const char *a, gsize a_length, const char *b, gsize b_length);
gboolean heptad_number_is_integer (const char *text, gsize length);
gboolean heptad_number_to_int64 (const char *text, gsize length, gint64 *out);

/* The length of the JSON number that @text begins with, or 0. */
gsize heptad_number_measure (const char *text, gsize length);

G_END_DECLS
