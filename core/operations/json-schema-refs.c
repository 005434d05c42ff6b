/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/json-schema-refs.h"

#include <string.h>

#include "sdk/heptad-error.h"

#define VOCABULARY          "https://json-schema.org/draft/2020-12/vocab/"
#define DEFAULT_META_SCHEMA "https://json-schema.org/draft/2020-12/schema"

static HeptadSchemaResource *fetch (HeptadSchemaIndex *self, const char *uri);

void
heptad_schema_resource_free (HeptadSchemaResource *resource)
{
  g_free (resource->uri);
  g_hash_table_unref (resource->anchors);
  g_hash_table_unref (resource->dynamic_anchors);
  g_hash_table_unref (resource->dynamic_nodes);
  g_free (resource);
}

void
heptad_schema_index_init (HeptadSchemaIndex *self,
                          GPtrArray *resources,
                          GPtrArray *documents,
                          HeptadSchemaResolver resolver,
                          gpointer data)
{
  self->by_uri = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->owners = g_hash_table_new (NULL, NULL);
  self->resources = resources;
  self->documents = documents;
  self->resolver = resolver;
  self->data = data;
}

void
heptad_schema_index_clear (HeptadSchemaIndex *self)
{
  g_hash_table_unref (self->by_uri);
  g_hash_table_unref (self->owners);
}

static char *
without_fragment (const char *uri)
{
  return g_strndup (uri, strcspn (uri, "#"));
}

/* What GUri parses and then will not write: a path that would read as a host. */
static gboolean
is_writable (GUri *uri)
{
  const char *path = g_uri_get_path (uri);

  if (g_uri_get_host (uri) == NULL)
    return path[0] != '/' || path[1] != '/';
  return path[0] == '\0' || path[0] == '/';
}

/* @reference as an absolute URI without fragment; NULL when it is no URI. */
static char *
resolve_uri (const char *base, const char *reference)
{
  g_autofree char *target = without_fragment (reference);
  g_autoptr (GUri) from = NULL;
  g_autoptr (GUri) uri = NULL;

  if (*target == '\0')
    return g_strdup (base);
  from = g_uri_parse (base, G_URI_FLAGS_ENCODED, NULL);
  uri = g_uri_parse_relative (from, target, G_URI_FLAGS_ENCODED, NULL);
  return uri != NULL && is_writable (uri) ? g_uri_to_string (uri) : NULL;
}

/* What a meta-schema of one's own switches on and off. */
static void
read_vocabularies (HeptadSchemaIndex *self, HeptadSchemaResource *resource)
{
  const char *name = heptad_value_get_member_string (resource->root, "$schema");
  g_autofree char *uri = name == NULL ? NULL : without_fragment (name);
  const HeptadValue *vocabularies;
  HeptadSchemaResource *meta;

  resource->has_validation = TRUE;
  if (uri == NULL || strcmp (uri, DEFAULT_META_SCHEMA) == 0 || strcmp (uri, resource->uri) == 0)
    return;
  meta = fetch (self, uri);
  vocabularies = meta == NULL ? NULL : heptad_value_get_member (meta->root, "$vocabulary");
  if (vocabularies == NULL)
    return;
  resource->has_validation =
      heptad_value_get_member (vocabularies, VOCABULARY "validation") != NULL;
  resource->asserts_formats =
      heptad_value_get_member (vocabularies, VOCABULARY "format-assertion") != NULL;
}

static HeptadSchemaResource *
add_resource (HeptadSchemaIndex *self, const char *uri, const HeptadValue *root)
{
  HeptadSchemaResource *resource = g_new0 (HeptadSchemaResource, 1);

  resource->uri = g_strdup (uri);
  resource->root = root;
  resource->anchors = g_hash_table_new (g_str_hash, g_str_equal);
  resource->dynamic_anchors = g_hash_table_new (g_str_hash, g_str_equal);
  resource->dynamic_nodes = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->resources, resource);
  g_hash_table_replace (self->by_uri, g_strdup (uri), resource);
  read_vocabularies (self, resource);
  return resource;
}

static void
take_in (HeptadSchemaIndex *self, HeptadSchemaResource *owner, const HeptadValue *schema);

static void
take_in_children (HeptadSchemaIndex *self,
                  HeptadSchemaResource *owner,
                  const HeptadValue *container)
{
  gboolean is_object = heptad_value_get_value_type (container) == HEPTAD_VALUE_OBJECT;

  for (guint i = 0; i < heptad_value_get_size (container); i++)
    take_in (self, owner,
             is_object ? heptad_value_get_member_at (container, i, NULL)
                       : heptad_value_get_item (container, i));
}

/* Only what stands where schemas stand: an `$id` in an `enum` is no identifier. */
static void
take_in_subschemas (HeptadSchemaIndex *self, HeptadSchemaResource *owner, const HeptadValue *schema)
{
  static const char *const single[] = {
    "items", "contains", "additionalProperties", "propertyNames",         "not",          "if",
    "then",  "else",     "unevaluatedItems",     "unevaluatedProperties", "contentSchema"
  };
  static const char *const several[] = { "allOf",           "anyOf",
                                         "oneOf",           "prefixItems",
                                         "$defs",           "definitions",
                                         "properties",      "patternProperties",
                                         "dependentSchemas" };
  const HeptadValue *value;

  for (gsize i = 0; i < G_N_ELEMENTS (single); i++)
    if ((value = heptad_value_get_member (schema, single[i])) != NULL)
      take_in (self, owner, value);
  for (gsize i = 0; i < G_N_ELEMENTS (several); i++)
    if ((value = heptad_value_get_member (schema, several[i])) != NULL)
      take_in_children (self, owner, value);
}

/* Recursion is bounded by the depth of values. */
static void
take_in (HeptadSchemaIndex *self, HeptadSchemaResource *owner, const HeptadValue *schema)
{
  const char *id = heptad_value_get_member_string (schema, "$id");
  const char *anchor = heptad_value_get_member_string (schema, "$anchor");
  const char *dynamic = heptad_value_get_member_string (schema, "$dynamicAnchor");

  if (heptad_value_get_value_type (schema) != HEPTAD_VALUE_OBJECT
      || g_hash_table_contains (self->owners, schema))
    return;
  if (id != NULL)
    {
      g_autofree char *uri = resolve_uri (owner->uri, id);

      if (uri != NULL && strcmp (uri, owner->uri) != 0)
        owner = add_resource (self, uri, schema);
    }
  g_hash_table_insert (self->owners, (gpointer) schema, owner);
  if (anchor != NULL)
    g_hash_table_insert (owner->anchors, (gpointer) anchor, (gpointer) schema);
  if (dynamic != NULL)
    {
      g_hash_table_insert (owner->anchors, (gpointer) dynamic, (gpointer) schema);
      g_hash_table_insert (owner->dynamic_anchors, (gpointer) dynamic, (gpointer) schema);
    }
  take_in_subschemas (self, owner, schema);
}

HeptadSchemaResource *
heptad_schema_index_add (HeptadSchemaIndex *self,
                         const char *uri,
                         const HeptadValue *document,
                         const HeptadValue *start)
{
  HeptadSchemaResource *resource;

  g_ptr_array_add (self->documents, heptad_value_ref (document));
  resource = add_resource (self, uri, document);
  take_in (self, resource, start);
  return resource;
}

HeptadSchemaResource *
heptad_schema_index_get_owner (HeptadSchemaIndex *self,
                               const HeptadValue *schema,
                               HeptadSchemaResource *otherwise)
{
  HeptadSchemaResource *owner = g_hash_table_lookup (self->owners, schema);

  if (owner != NULL)
    return owner;
  take_in (self, otherwise, schema);
  owner = g_hash_table_lookup (self->owners, schema);
  return owner != NULL ? owner : otherwise;
}

/* (nullable): the resource of that URI, asked for where it is not known yet */
static HeptadSchemaResource *
fetch (HeptadSchemaIndex *self, const char *uri)
{
  HeptadSchemaResource *resource = g_hash_table_lookup (self->by_uri, uri);
  g_autoptr (HeptadValue) document = NULL;

  if (resource != NULL)
    return resource;
  document = heptad_schema_find_meta_schema (uri);
  if (document == NULL && self->resolver != NULL)
    document = self->resolver (uri, self->data);
  if (document == NULL)
    return NULL;
  return heptad_schema_index_add (self, uri, document, document);
}

static const HeptadValue *
find_in_resource (const HeptadSchemaResource *resource, const char *fragment)
{
  g_autofree char *decoded = g_uri_unescape_string (fragment, NULL);

  if (decoded == NULL)
    return NULL;
  if (*decoded == '\0' || *decoded == '/')
    return heptad_value_lookup_pointer (resource->root, decoded);
  return g_hash_table_lookup (resource->anchors, decoded);
}

const HeptadValue *
heptad_schema_index_resolve (HeptadSchemaIndex *self,
                             const HeptadSchemaResource *base,
                             const char *reference,
                             HeptadSchemaResource **resource,
                             GError **error)
{
  g_autofree char *uri = resolve_uri (base->uri, reference);
  const char *fragment = strchr (reference, '#');
  HeptadSchemaResource *found = uri == NULL ? NULL : fetch (self, uri);
  const HeptadValue *schema;

  if (found == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "the schema refers to '%s', and no document of that name is known", reference);
      return NULL;
    }
  schema = find_in_resource (found, fragment == NULL ? "" : fragment + 1);
  if (schema == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "the schema refers to '%s', and there is nothing at that place", reference);
      return NULL;
    }
  *resource = heptad_schema_index_get_owner (self, schema, found);
  return schema;
}
