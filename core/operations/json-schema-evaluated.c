/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/json-schema-checks.h"

static guint
count_words (guint n)
{
  return (n + 63) / 64;
}

void
heptad_schema_evaluated_init (HeptadSchemaEvaluated *self, const HeptadValue *instance)
{
  self->n = heptad_value_get_size (instance);
  for (guint i = 0; i < G_N_ELEMENTS (self->few); i++)
    self->few[i] = 0;
  self->bits = self->few;
  if (count_words (self->n) > G_N_ELEMENTS (self->few))
    self->bits = g_new0 (guint64, count_words (self->n));
}

void
heptad_schema_evaluated_clear (HeptadSchemaEvaluated *self)
{
  if (self->bits != self->few)
    g_free (self->bits);
}

void
heptad_schema_evaluated_add (HeptadSchemaEvaluated *self, guint index)
{
  self->bits[index / 64] |= G_GUINT64_CONSTANT (1) << (index % 64);
}

gboolean
heptad_schema_evaluated_has (const HeptadSchemaEvaluated *self, guint index)
{
  return ((self->bits[index / 64] >> (index % 64)) & 1) != 0;
}

void
heptad_schema_evaluated_merge (HeptadSchemaEvaluated *self, const HeptadSchemaEvaluated *more)
{
  for (guint i = 0; i < count_words (self->n); i++)
    self->bits[i] |= more->bits[i];
}

static gboolean
check_unevaluated_members (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  gboolean is_object = heptad_value_get_value_type (visit->instance) == HEPTAD_VALUE_OBJECT;
  guint n = is_object ? heptad_value_get_size (visit->instance) : 0;
  gboolean is_valid = TRUE;

  for (guint i = 0; i < n; i++)
    if (!heptad_schema_evaluated_has (visit->evaluated, i)
        && !heptad_schema_visit_member (check->node, visit, i))
      {
        is_valid = FALSE;
        if (!heptad_schema_is_reporting (visit))
          break;
      }
  return is_valid;
}

static gboolean
check_unevaluated_items (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  gboolean is_array = heptad_value_get_value_type (visit->instance) == HEPTAD_VALUE_ARRAY;
  guint n = is_array ? heptad_value_get_size (visit->instance) : 0;
  gboolean is_valid = TRUE;

  for (guint i = 0; i < n; i++)
    if (!heptad_schema_evaluated_has (visit->evaluated, i)
        && !heptad_schema_visit_item (check->node, visit, i))
      {
        is_valid = FALSE;
        if (!heptad_schema_is_reporting (visit))
          break;
      }
  return is_valid;
}

gboolean
heptad_schema_compile_unevaluated (HeptadSchemaCompiler *compiler,
                                   HeptadSchemaNode *node,
                                   GError **error)
{
  HeptadSchemaNode *members, *items;

  if (!heptad_schema_get_subschema (compiler, node, "unevaluatedProperties", &members, error)
      || !heptad_schema_get_subschema (compiler, node, "unevaluatedItems", &items, error))
    return FALSE;
  if (members != NULL)
    heptad_schema_add_check (node, "unevaluatedProperties", check_unevaluated_members)->node =
        members;
  if (items != NULL)
    heptad_schema_add_check (node, "unevaluatedItems", check_unevaluated_items)->node = items;
  node->has_unevaluated = members != NULL || items != NULL;
  return TRUE;
}
