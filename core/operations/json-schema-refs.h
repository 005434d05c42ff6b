/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/json-schema-private.h"

G_BEGIN_DECLS

/*
 * HeptadSchemaIndex:
 *
 * Where everything is: which resources there are, which schemas belong to which, and what a
 * reference leads to. Lives while a schema is compiled; the resources go to the schema.
 */
typedef struct {
  GHashTable *by_uri; /* URI → HeptadSchemaResource */
  GHashTable *owners; /* HeptadValue of a schema → HeptadSchemaResource */
  GPtrArray *resources;
  GPtrArray *documents;
  HeptadSchemaResolver resolver;
  gpointer data;
} HeptadSchemaIndex;

void heptad_schema_index_init (HeptadSchemaIndex *self,
                               GPtrArray *resources,
                               GPtrArray *documents,
                               HeptadSchemaResolver resolver,
                               gpointer data);
void heptad_schema_index_clear (HeptadSchemaIndex *self);

/* Takes in a document, or only the schema at @start in it. */
HeptadSchemaResource *heptad_schema_index_add (HeptadSchemaIndex *self,
                                               const char *uri,
                                               const HeptadValue *document,
                                               const HeptadValue *start);

/* The resource of @schema; of @otherwise when its place is no place of schemas. */
HeptadSchemaResource *heptad_schema_index_get_owner (HeptadSchemaIndex *self,
                                                     const HeptadValue *schema,
                                                     HeptadSchemaResource *otherwise);

/* What @reference leads to from within @base. Fetches what is not there yet. */
const HeptadValue *heptad_schema_index_resolve (HeptadSchemaIndex *self,
                                                const HeptadSchemaResource *base,
                                                const char *reference,
                                                HeptadSchemaResource **resource,
                                                GError **error);

void heptad_schema_resource_free (HeptadSchemaResource *resource);

G_END_DECLS
