/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/json-schema-checks.h"
#include "core/operations/json-schema-refs.h"
#include "sdk/heptad-error.h"

#define DEFAULT_BASE_URI "heptad:///schema"
#define MAX_NODES        100000

struct _HeptadSchemaCompiler {
  HeptadSchema *schema;
  HeptadSchemaIndex index;
  GHashTable *nodes;    /* HeptadValue → HeptadSchemaNode */
  GHashTable *patterns; /* text → GRegex */
};

static void
node_free (HeptadSchemaNode *node)
{
  g_array_unref (node->checks);
  g_free (node);
}

gboolean
heptad_schema_set_wrong (const HeptadSchemaNode *node,
                         const char *keyword,
                         const char *expected,
                         GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, keyword);
  g_autofree char *found = value == NULL ? g_strdup ("nothing") : heptad_schema_describe (value);

  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "the schema is wrong: '%s' must be %s, found %s", keyword, expected, found);
  return FALSE;
}

HeptadSchemaCheck *
heptad_schema_add_check (HeptadSchemaNode *node,
                         const char *keyword,
                         HeptadSchemaCheckFunc function)
{
  HeptadSchemaCheck check = { .function = function, .keyword = keyword };

  g_array_append_val (node->checks, check);
  return &g_array_index (node->checks, HeptadSchemaCheck, node->checks->len - 1);
}

gpointer
heptad_schema_allocate (HeptadSchemaCompiler *compiler, gsize size)
{
  gpointer memory = g_malloc0 (MAX (size, 1));

  g_ptr_array_add (compiler->schema->allocations, memory);
  return memory;
}

gboolean
heptad_schema_asserts_formats (const HeptadSchemaCompiler *compiler, const HeptadSchemaNode *node)
{
  return (compiler->schema->flags & HEPTAD_SCHEMA_ASSERT_FORMATS) != 0
         || node->resource->asserts_formats;
}

GRegex *
heptad_schema_get_pattern (HeptadSchemaCompiler *compiler, const char *pattern, GError **error)
{
  GRegex *regex = g_hash_table_lookup (compiler->patterns, pattern);

  if (regex != NULL)
    return regex;
  regex = heptad_schema_pattern_new (pattern, error);
  if (regex == NULL)
    return NULL;
  g_ptr_array_add (compiler->schema->patterns, regex);
  g_hash_table_insert (compiler->patterns, (gpointer) pattern, regex);
  return regex;
}

gboolean
heptad_schema_get_count (const HeptadSchemaNode *node,
                         const char *keyword,
                         guint64 *out,
                         GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, keyword);
  gint64 count;

  if (value == NULL)
    return TRUE;
  if (!heptad_value_try_int64 (value, &count) || count < 0)
    return heptad_schema_set_wrong (node, keyword, "a whole number from 0", error);
  *out = (guint64) count;
  return TRUE;
}

/* The node is filled in later, so that schemas may refer to each other in circles and no recursion
 * follows long chains of them. */
static HeptadSchemaNode *
get_node (HeptadSchemaCompiler *compiler,
          const HeptadValue *value,
          HeptadSchemaResource *resource,
          GError **error)
{
  HeptadSchemaNode *node = g_hash_table_lookup (compiler->nodes, value);
  HeptadValueType type = heptad_value_get_value_type (value);

  if (node != NULL)
    return node;
  if ((type != HEPTAD_VALUE_OBJECT && type != HEPTAD_VALUE_BOOLEAN)
      || compiler->schema->nodes->len >= MAX_NODES)
    {
      g_autofree char *found = heptad_schema_describe (value);

      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   type == HEPTAD_VALUE_OBJECT
                       ? "the schema has more than 100,000 parts, at %s"
                       : "a schema must be an object, true or false, found %s",
                   found);
      return NULL;
    }
  node = g_new0 (HeptadSchemaNode, 1);
  node->value = value;
  node->resource = resource;
  node->checks = g_array_new (FALSE, FALSE, sizeof (HeptadSchemaCheck));
  node->is_false = type == HEPTAD_VALUE_BOOLEAN && !heptad_value_get_boolean (value);
  g_ptr_array_add (compiler->schema->nodes, node);
  g_hash_table_insert (compiler->nodes, (gpointer) value, node);
  return node;
}

HeptadSchemaNode *
heptad_schema_get_node (HeptadSchemaCompiler *compiler,
                        const HeptadSchemaNode *parent,
                        const HeptadValue *value,
                        GError **error)
{
  return get_node (compiler, value,
                   heptad_schema_index_get_owner (&compiler->index, value, parent->resource),
                   error);
}

HeptadSchemaNode *
heptad_schema_resolve (HeptadSchemaCompiler *compiler,
                       const HeptadSchemaNode *node,
                       const char *reference,
                       GError **error)
{
  HeptadSchemaResource *resource = NULL;
  const HeptadValue *value =
      heptad_schema_index_resolve (&compiler->index, node->resource, reference, &resource, error);

  return value == NULL ? NULL : get_node (compiler, value, resource, error);
}

gboolean
heptad_schema_get_subschema (HeptadSchemaCompiler *compiler,
                             const HeptadSchemaNode *node,
                             const char *keyword,
                             HeptadSchemaNode **out,
                             GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, keyword);

  *out = value == NULL ? NULL : heptad_schema_get_node (compiler, node, value, error);
  return value == NULL || *out != NULL;
}

gboolean
heptad_schema_get_subschemas (HeptadSchemaCompiler *compiler,
                              const HeptadSchemaNode *node,
                              const char *keyword,
                              HeptadValueType type,
                              HeptadSchemaNode ***out,
                              GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, keyword);
  guint n = heptad_value_get_size (value);
  HeptadSchemaNode **nodes;

  *out = NULL;
  if (value == NULL)
    return TRUE;
  if (heptad_value_get_value_type (value) != type)
    return heptad_schema_set_wrong (
        node, keyword, type == HEPTAD_VALUE_ARRAY ? "an array of schemas" : "an object of schemas",
        error);
  nodes = heptad_schema_allocate (compiler, (n + 1) * sizeof *nodes);
  for (guint i = 0; i < n; i++)
    {
      const HeptadValue *child = type == HEPTAD_VALUE_ARRAY
                                     ? heptad_value_get_item (value, i)
                                     : heptad_value_get_member_at (value, i, NULL);

      nodes[i] = heptad_schema_get_node (compiler, node, child, error);
      if (nodes[i] == NULL)
        return FALSE;
    }
  *out = nodes;
  return TRUE;
}

static gboolean
fill_in (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  static const HeptadSchemaCompileFunc functions[] = {
    heptad_schema_compile_scalars, heptad_schema_compile_strings, heptad_schema_compile_logic,
    heptad_schema_compile_arrays,  heptad_schema_compile_objects, heptad_schema_compile_unevaluated,
  };

  if (heptad_value_get_value_type (node->value) != HEPTAD_VALUE_OBJECT)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (!functions[i](compiler, node, error))
      return FALSE;
  return TRUE;
}

/* Dynamic references may lead to any of them. */
static gboolean
make_dynamic_nodes (HeptadSchemaCompiler *compiler, HeptadSchemaResource *resource, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, resource->dynamic_anchors);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      HeptadSchemaNode *node = get_node (compiler, value, resource, error);

      if (node == NULL)
        return FALSE;
      g_hash_table_insert (resource->dynamic_nodes, name, node);
    }
  return TRUE;
}

/* Nodes and resources grow while they are gone through. */
static gboolean
fill_in_all (HeptadSchemaCompiler *compiler, GError **error)
{
  HeptadSchema *schema = compiler->schema;
  guint n_filled = 0;

  while (n_filled < schema->nodes->len)
    {
      while (n_filled < schema->nodes->len)
        if (!fill_in (compiler, g_ptr_array_index (schema->nodes, n_filled++), error))
          return FALSE;
      for (guint i = 0; i < schema->resources->len; i++)
        if (!make_dynamic_nodes (compiler, g_ptr_array_index (schema->resources, i), error))
          return FALSE;
    }
  return TRUE;
}

static HeptadSchema *
schema_new (HeptadSchemaFlags flags)
{
  HeptadSchema *schema = g_new0 (HeptadSchema, 1);

  schema->refs = 1;
  schema->flags = flags;
  schema->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_value_unref);
  schema->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_schema_resource_free);
  schema->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  schema->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  schema->allocations = g_ptr_array_new_with_free_func (g_free);
  return schema;
}

static HeptadSchema *
compile (const HeptadValue *document,
         const HeptadValue *start,
         const char *base_uri,
         HeptadSchemaFlags flags,
         HeptadSchemaResolver resolver,
         gpointer data,
         GError **error)
{
  g_autoptr (HeptadSchema) schema = schema_new (flags);
  HeptadSchemaCompiler compiler = { .schema = schema };
  HeptadSchemaResource *resource;
  gboolean is_compiled;

  compiler.nodes = g_hash_table_new (NULL, NULL);
  compiler.patterns = g_hash_table_new (g_str_hash, g_str_equal);
  heptad_schema_index_init (&compiler.index, schema->resources, schema->documents, resolver, data);
  resource = heptad_schema_index_add (&compiler.index, base_uri, document, start);
  schema->value = start;
  schema->root = get_node (&compiler, start,
                           heptad_schema_index_get_owner (&compiler.index, start, resource), error);
  is_compiled = schema->root != NULL && fill_in_all (&compiler, error);
  heptad_schema_index_clear (&compiler.index);
  g_hash_table_unref (compiler.nodes);
  g_hash_table_unref (compiler.patterns);
  return is_compiled ? g_steal_pointer (&schema) : NULL;
}

HeptadSchema *
heptad_schema_compile (const HeptadValue *schema,
                       const char *base_uri,
                       HeptadSchemaFlags flags,
                       HeptadSchemaResolver resolver,
                       gpointer data,
                       GError **error)
{
  g_return_val_if_fail (schema != NULL, NULL);

  return compile (schema, schema, base_uri != NULL ? base_uri : DEFAULT_BASE_URI, flags, resolver,
                  data, error);
}

HeptadSchema *
heptad_schema_compile_at (const HeptadValue *document, const char *pointer, GError **error)
{
  const HeptadValue *start;
  HeptadSchema *schema;

  g_return_val_if_fail (document != NULL && pointer != NULL, NULL);

  start = heptad_value_lookup_pointer (document, pointer);
  if (start == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "there is no schema at '%s'",
                   pointer);
      return NULL;
    }
  schema = compile (document, start, DEFAULT_BASE_URI,
                    HEPTAD_SCHEMA_ASSERT_FORMATS | HEPTAD_SCHEMA_REFUSE_NUL, NULL, NULL, error);
  if (schema == NULL)
    g_prefix_error (error, "at '%s': ", pointer);
  return schema;
}

HeptadSchema *
heptad_schema_ref (HeptadSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);

  g_atomic_int_inc (&schema->refs);
  return schema;
}

void
heptad_schema_unref (HeptadSchema *schema)
{
  g_return_if_fail (schema != NULL);

  if (!g_atomic_int_dec_and_test (&schema->refs))
    return;
  g_ptr_array_unref (schema->nodes);
  g_ptr_array_unref (schema->allocations);
  g_ptr_array_unref (schema->patterns);
  g_ptr_array_unref (schema->resources);
  g_ptr_array_unref (schema->documents);
  g_free (schema);
}

const HeptadValue *
heptad_schema_get_default (HeptadSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);

  return heptad_value_get_member (schema->value, "default");
}
