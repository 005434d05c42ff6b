/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema-checks.h"

static gboolean
check_reference (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  return heptad_schema_visit (check->node, visit);
}

/* The outermost resource on the way here that has the anchor decides. */
static gboolean
check_dynamic_reference (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  const HeptadSchemaNode *node = check->node;

  for (const HeptadSchemaScope *scope = visit->scope; scope != NULL; scope = scope->outer)
    {
      const HeptadSchemaNode *other =
          g_hash_table_lookup (scope->resource->dynamic_nodes, check->data);

      if (other != NULL)
        node = other;
    }
  return heptad_schema_visit (node, visit);
}

static gboolean
check_all (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  gboolean is_valid = TRUE;

  for (HeptadSchemaNode **node = check->nodes; *node != NULL; node++)
    if (!heptad_schema_visit (*node, visit))
      {
        is_valid = FALSE;
        if (!heptad_schema_is_reporting (visit))
          break;
      }
  return is_valid;
}

static gboolean
check_any (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  gboolean is_valid = FALSE;

  for (HeptadSchemaNode **node = check->nodes; *node != NULL; node++)
    {
      is_valid = heptad_schema_try (*node, visit) || is_valid;
      if (is_valid && visit->evaluated == NULL)
        return TRUE;
    }
  if (is_valid)
    return TRUE;
  return heptad_schema_fail (visit, check->keyword, "matches none of the allowed alternatives");
}

static gboolean
check_one (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n_valid = 0;

  for (HeptadSchemaNode **node = check->nodes; *node != NULL && n_valid < 2; node++)
    n_valid += heptad_schema_try (*node, visit) ? 1 : 0;
  if (n_valid == 1)
    return TRUE;
  return heptad_schema_fail (visit, check->keyword,
                             n_valid == 0 ? "matches none of the allowed alternatives"
                                          : "matches more than one of the alternatives, of which "
                                            "just one is allowed");
}

static gboolean
check_not (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  HeptadSchemaVisit inner = *visit;

  inner.evaluated = NULL;
  if (!heptad_schema_try (check->node, &inner))
    return TRUE;
  return heptad_schema_fail (visit, check->keyword, "matches what the schema rules out");
}

/* The nodes are those of `then` and `else`, either of which may be NULL. */
static gboolean
check_if (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  const HeptadSchemaNode *next = check->nodes[heptad_schema_try (check->node, visit) ? 0 : 1];

  return next == NULL || heptad_schema_visit (next, visit);
}

static gboolean
compile_reference (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, "$ref");
  const char *reference = heptad_value_get_string (value);
  HeptadSchemaNode *target;

  if (value == NULL)
    return TRUE;
  if (reference == NULL)
    return heptad_schema_set_wrong (node, "$ref", "a string", error);
  target = heptad_schema_resolve (compiler, node, reference, error);
  if (target == NULL)
    return FALSE;
  heptad_schema_add_check (node, "$ref", check_reference)->node = target;
  return TRUE;
}

static gboolean
compile_dynamic_reference (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, "$dynamicRef");
  const char *reference = heptad_value_get_string (value);
  const char *anchor = reference == NULL ? NULL : strchr (reference, '#');
  HeptadSchemaCheck *check;
  HeptadSchemaNode *target;

  if (value == NULL)
    return TRUE;
  if (reference == NULL)
    return heptad_schema_set_wrong (node, "$dynamicRef", "a string", error);
  target = heptad_schema_resolve (compiler, node, reference, error);
  if (target == NULL)
    return FALSE;
  if (anchor != NULL
      && g_strcmp0 (heptad_value_get_member_string (target->value, "$dynamicAnchor"), anchor + 1)
             == 0)
    {
      check = heptad_schema_add_check (node, "$dynamicRef", check_dynamic_reference);
      check->data = (gpointer) (anchor + 1);
    }
  else
    check = heptad_schema_add_check (node, "$dynamicRef", check_reference);
  check->node = target;
  return TRUE;
}

static gboolean
compile_condition (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  HeptadSchemaNode *condition, **next = heptad_schema_allocate (compiler, 2 * sizeof *next);
  HeptadSchemaCheck *check;

  if (!heptad_schema_get_subschema (compiler, node, "if", &condition, error)
      || !heptad_schema_get_subschema (compiler, node, "then", &next[0], error)
      || !heptad_schema_get_subschema (compiler, node, "else", &next[1], error))
    return FALSE;
  if (condition == NULL)
    return TRUE;
  check = heptad_schema_add_check (node, "if", check_if);
  check->node = condition;
  check->nodes = next;
  return TRUE;
}

gboolean
heptad_schema_compile_logic (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  static const struct {
    const char *keyword;
    HeptadSchemaCheckFunc check;
  } lists[] = { { "allOf", check_all }, { "anyOf", check_any }, { "oneOf", check_one } };
  HeptadSchemaNode **nodes, *negated;

  if (!compile_reference (compiler, node, error)
      || !compile_dynamic_reference (compiler, node, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      if (!heptad_schema_get_subschemas (compiler, node, lists[i].keyword, HEPTAD_VALUE_ARRAY,
                                         &nodes, error))
        return FALSE;
      if (nodes != NULL)
        heptad_schema_add_check (node, lists[i].keyword, lists[i].check)->nodes = nodes;
    }
  if (!heptad_schema_get_subschema (compiler, node, "not", &negated, error))
    return FALSE;
  if (negated != NULL)
    heptad_schema_add_check (node, "not", check_not)->node = negated;
  if (heptad_value_get_member (node->value, "if") == NULL)
    return TRUE;
  return compile_condition (compiler, node, error);
}
