/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/json-schema.h"

G_BEGIN_DECLS

typedef struct _HeptadSchemaNode HeptadSchemaNode;
typedef struct _HeptadSchemaCheck HeptadSchemaCheck;
typedef struct _HeptadSchemaVisit HeptadSchemaVisit;

/* A schema with an identity of its own: a document, or a part of one that has an `$id`. */
typedef struct {
  char *uri; /* absolute, without fragment */
  const HeptadValue *root;
  GHashTable *anchors;         /* name → HeptadValue; `$dynamicAnchor` as well */
  GHashTable *dynamic_anchors; /* name → HeptadValue */
  GHashTable *dynamic_nodes;   /* name → HeptadSchemaNode, for the same names */
  gboolean has_validation;     /* its vocabulary has the validation keywords */
  gboolean asserts_formats;
} HeptadSchemaResource;

typedef gboolean (*HeptadSchemaCheckFunc) (const HeptadSchemaCheck *check,
                                           const HeptadSchemaVisit *visit);

/* One condition; which members it uses is up to its function. */
struct _HeptadSchemaCheck {
  HeptadSchemaCheckFunc function;
  const char *keyword;
  const HeptadValue *value;
  HeptadSchemaNode *node;
  HeptadSchemaNode **nodes;
  gpointer data;
  guint64 least;
  guint64 most;
};

struct _HeptadSchemaNode {
  const HeptadValue *value;
  HeptadSchemaResource *resource;
  GArray *checks;           /* of HeptadSchemaCheck, in the order they are made */
  gboolean is_false;        /* the schema `false` */
  gboolean has_unevaluated; /* it asks what its other keywords have looked at */
};

struct _HeptadSchema {
  gint refs;
  HeptadSchemaFlags flags;
  const HeptadValue *value;
  HeptadSchemaNode *root;
  GPtrArray *documents; /* of HeptadValue: what nodes borrow from */
  GPtrArray *resources;
  GPtrArray *nodes;
  GPtrArray *patterns;    /* of GRegex */
  GPtrArray *allocations; /* what checks point at */
};

/* Which members or items of one instance some keyword has looked at. */
typedef struct {
  guint n;
  guint64 few[4];
  guint64 *bits;
} HeptadSchemaEvaluated;

typedef struct _HeptadSchemaPlace HeptadSchemaPlace;
struct _HeptadSchemaPlace {
  const HeptadSchemaPlace *outer;
  const HeptadValue *name; /* of a member; NULL for an item */
  guint index;
};

/* The resources that led here, innermost first, which `$dynamicRef` looks through. */
typedef struct _HeptadSchemaScope HeptadSchemaScope;
struct _HeptadSchemaScope {
  const HeptadSchemaScope *outer;
  const HeptadSchemaResource *resource;
};

typedef struct {
  HeptadSchemaReport *report; /* (nullable) */
  guint n_quiet;              /* inside so many keywords that may fail without harm */
  guint depth;
  guint steps_left;
  gint64 patterns_until_us; /* when matching patterns must be done; 0 before the first */
  const char *exhausted;    /* which bound was met */
} HeptadSchemaContext;

/* One schema meeting one instance. */
struct _HeptadSchemaVisit {
  HeptadSchemaContext *context;
  const HeptadValue *instance;
  const HeptadSchemaPlace *place;
  const HeptadSchemaScope *scope;
  HeptadSchemaEvaluated *evaluated; /* (nullable) when nobody asks */
};

/* json-schema-validate.c */
gboolean heptad_schema_visit (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit);
gboolean heptad_schema_visit_member (const HeptadSchemaNode *node,
                                     const HeptadSchemaVisit *visit,
                                     guint index);
gboolean heptad_schema_visit_item (const HeptadSchemaNode *node,
                                   const HeptadSchemaVisit *visit,
                                   guint index);
/* Without a report, and with what was looked at counted only if it is valid. */
gboolean heptad_schema_try (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit);
gboolean heptad_schema_is_reporting (const HeptadSchemaVisit *visit);
gboolean
heptad_schema_fail (const HeptadSchemaVisit *visit, const char *keyword, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* A short description for a sentence. (transfer full) */
char *heptad_schema_describe (const HeptadValue *value);
guint heptad_schema_type_bit (const HeptadValue *value);

/* json-schema-evaluated.c */
void heptad_schema_evaluated_init (HeptadSchemaEvaluated *self, const HeptadValue *instance);
void heptad_schema_evaluated_clear (HeptadSchemaEvaluated *self);
void heptad_schema_evaluated_add (HeptadSchemaEvaluated *self, guint index);
gboolean heptad_schema_evaluated_has (const HeptadSchemaEvaluated *self, guint index);
void heptad_schema_evaluated_merge (HeptadSchemaEvaluated *self, const HeptadSchemaEvaluated *more);

/* json-schema-unique.c */
gboolean heptad_schema_items_are_unique (const HeptadValue *array, guint *first, guint *second);

/* json-schema-pattern.c. A match is bounded in steps, and all of an instance's in time; beyond them
 * @context is exhausted. */
GRegex *heptad_schema_pattern_new (const char *pattern, GError **error);
gboolean heptad_schema_pattern_matches (const GRegex *pattern,
                                        const HeptadValue *string,
                                        HeptadSchemaContext *context);

/* json-schema-format.c */
typedef gboolean (*HeptadSchemaFormatFunc) (const char *text, gsize length);
HeptadSchemaFormatFunc heptad_schema_find_format (const char *name);

/* json-schema-meta.c: (transfer full) (nullable) */
HeptadValue *heptad_schema_find_meta_schema (const char *uri);

G_END_DECLS
