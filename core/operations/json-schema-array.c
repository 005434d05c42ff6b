/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/json-schema-checks.h"

static inline gboolean
is_array (const HeptadSchemaVisit *visit)
{
  return heptad_value_get_value_type (visit->instance) == HEPTAD_VALUE_ARRAY;
}

/* `prefixItems` in nodes, `most` of them, and `items` in node. */
static gboolean
check_items (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_array (visit) ? heptad_value_get_size (visit->instance) : 0;
  gboolean is_valid = TRUE;

  for (guint i = 0; i < n; i++)
    {
      const HeptadSchemaNode *node = i < check->most ? check->nodes[i] : check->node;

      if (node == NULL)
        break;
      if (heptad_schema_visit_item (node, visit, i))
        continue;
      is_valid = FALSE;
      if (!heptad_schema_is_reporting (visit))
        break;
    }
  return is_valid;
}

static gboolean
check_contains (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = heptad_value_get_size (visit->instance);
  guint64 n_found = 0;

  if (!is_array (visit))
    return TRUE;
  visit->context->n_quiet++;
  for (guint i = 0; i < n; i++)
    {
      n_found += heptad_schema_visit_item (check->node, visit, i) ? 1 : 0;
      if (visit->evaluated == NULL && check->most == G_MAXUINT64 && n_found >= check->least)
        break;
    }
  visit->context->n_quiet--;
  if (n_found < check->least)
    return heptad_schema_fail (visit, "contains",
                               "must contain at least %" G_GUINT64_FORMAT
                               " items of the kind asked for, found %" G_GUINT64_FORMAT,
                               check->least, n_found);
  if (n_found > check->most)
    return heptad_schema_fail (visit, "maxContains",
                               "must contain at most %" G_GUINT64_FORMAT
                               " items of the kind asked for, found %" G_GUINT64_FORMAT,
                               check->most, n_found);
  return TRUE;
}

static gboolean
check_size (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint64 n = heptad_value_get_size (visit->instance);

  if (!is_array (visit))
    return TRUE;
  if (n < check->least)
    return heptad_schema_fail (visit, "minItems",
                               "must have at least %" G_GUINT64_FORMAT
                               " items, found %" G_GUINT64_FORMAT,
                               check->least, n);
  if (n > check->most)
    return heptad_schema_fail (
        visit, "maxItems",
        "must have at most %" G_GUINT64_FORMAT " items, found %" G_GUINT64_FORMAT, check->most, n);
  return TRUE;
}

static gboolean
check_unique (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint first, second;

  if (!is_array (visit) || heptad_schema_items_are_unique (visit->instance, &first, &second))
    return TRUE;
  return heptad_schema_fail (visit, check->keyword,
                             "must not hold an item twice, but %u and %u are equal", first, second);
}

static gboolean
compile_items (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  HeptadSchemaNode **prefix, *rest;
  HeptadSchemaCheck *check;

  if (!heptad_schema_get_subschemas (compiler, node, "prefixItems", HEPTAD_VALUE_ARRAY, &prefix,
                                     error)
      || !heptad_schema_get_subschema (compiler, node, "items", &rest, error))
    return FALSE;
  if (prefix == NULL && rest == NULL)
    return TRUE;
  check = heptad_schema_add_check (node, "items", check_items);
  check->node = rest;
  check->nodes = prefix;
  check->most = heptad_value_get_size (heptad_value_get_member (node->value, "prefixItems"));
  return TRUE;
}

static gboolean
compile_contains (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  guint64 least = 1, most = G_MAXUINT64;
  HeptadSchemaNode *contained;
  HeptadSchemaCheck *check;

  if (!heptad_schema_get_subschema (compiler, node, "contains", &contained, error))
    return FALSE;
  if (contained == NULL)
    return TRUE;
  if (node->resource->has_validation
      && (!heptad_schema_get_count (node, "minContains", &least, error)
          || !heptad_schema_get_count (node, "maxContains", &most, error)))
    return FALSE;
  check = heptad_schema_add_check (node, "contains", check_contains);
  check->node = contained;
  check->least = least;
  check->most = most;
  return TRUE;
}

gboolean
heptad_schema_compile_arrays (HeptadSchemaCompiler *compiler,
                              HeptadSchemaNode *node,
                              GError **error)
{
  guint64 least = 0, most = G_MAXUINT64;
  HeptadSchemaCheck *check;

  if (!compile_items (compiler, node, error) || !compile_contains (compiler, node, error))
    return FALSE;
  if (!node->resource->has_validation)
    return TRUE;
  if (!heptad_schema_get_count (node, "minItems", &least, error)
      || !heptad_schema_get_count (node, "maxItems", &most, error))
    return FALSE;
  if (least > 0 || most < G_MAXUINT64)
    {
      check = heptad_schema_add_check (node, "minItems", check_size);
      check->least = least;
      check->most = most;
    }
  if (heptad_value_get_member_boolean (node->value, "uniqueItems"))
    heptad_schema_add_check (node, "uniqueItems", check_unique);
  return TRUE;
}
