/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/operations/json-schema-checks.h"

/* A name that the schema mentions, and the schema that goes with it. */
typedef struct {
  const char *name;
  gsize length;
  HeptadSchemaNode *node;
} Property;

/* The keywords that share out the members of an object among them. */
typedef struct {
  Property *properties; /* in the order of compare_properties() */
  gsize n_properties;
  GRegex **patterns;
  HeptadSchemaNode **pattern_nodes; /* NULL-terminated */
  HeptadSchemaNode *additional;
} Members;

static inline gboolean
is_object (const HeptadSchemaVisit *visit)
{
  return heptad_value_get_value_type (visit->instance) == HEPTAD_VALUE_OBJECT;
}

static int
compare_properties (const void *a, const void *b)
{
  const Property *left = a, *right = b;

  if (left->length != right->length)
    return left->length < right->length ? -1 : 1;
  return memcmp (left->name, right->name, left->length);
}

/* Fails for the member @name, which is cut between characters where it is long. */
static gboolean
fail_for_name (const HeptadSchemaVisit *visit,
               const char *keyword,
               const char *name,
               const char *reason)
{
  g_autofree char *cut = NULL;

  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  cut = g_utf8_strlen (name, -1) <= 60 ? g_strdup (name) : g_utf8_substring (name, 0, 60);
  return heptad_schema_fail (visit, keyword, "has the member '%s', %s", cut, reason);
}

/* Whether what goes for member @index allows it. */
static gboolean
check_member (const Members *members, const HeptadSchemaVisit *visit, guint index)
{
  const HeptadValue *name = heptad_value_get_name_at (visit->instance, index);
  Property key = { 0 };
  const Property *property = NULL;
  gboolean is_valid = TRUE;
  gboolean is_known;

  key.name = heptad_value_get_text (name, &key.length);
  if (members->n_properties > 0)
    property =
        bsearch (&key, members->properties, members->n_properties, sizeof key, compare_properties);
  is_known = property != NULL;
  if (is_known)
    is_valid = heptad_schema_visit_member (property->node, visit, index);
  for (guint i = 0; members->pattern_nodes != NULL && members->pattern_nodes[i] != NULL; i++)
    if (heptad_schema_pattern_matches (members->patterns[i], name, visit->context))
      {
        is_known = TRUE;
        is_valid = heptad_schema_visit_member (members->pattern_nodes[i], visit, index) && is_valid;
      }
  if (is_known || members->additional == NULL)
    return is_valid;
  if (members->additional->is_false)
    return fail_for_name (visit, "additionalProperties", key.name,
                          "which is not one of those allowed");
  return heptad_schema_visit_member (members->additional, visit, index);
}

static gboolean
check_members (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_object (visit) ? heptad_value_get_size (visit->instance) : 0;
  gboolean is_valid = TRUE;

  for (guint i = 0; i < n; i++)
    if (!check_member (check->data, visit, i))
      {
        is_valid = FALSE;
        if (!heptad_schema_is_reporting (visit))
          break;
      }
  return is_valid;
}

static gboolean
check_names (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_object (visit) ? heptad_value_get_size (visit->instance) : 0;

  for (guint i = 0; i < n; i++)
    {
      HeptadSchemaVisit inner = *visit;

      inner.instance = heptad_value_get_name_at (visit->instance, i);
      inner.evaluated = NULL;
      if (!heptad_schema_try (check->node, &inner))
        return fail_for_name (visit, check->keyword, heptad_value_get_string (inner.instance),
                              "whose name is not allowed");
    }
  return TRUE;
}

static gboolean
check_required (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_object (visit) ? heptad_value_get_size (check->value) : 0;
  gboolean is_valid = TRUE;

  for (guint i = 0; i < n; i++)
    {
      const char *name = heptad_value_get_string (heptad_value_get_item (check->value, i));

      if (heptad_value_get_member (visit->instance, name) == NULL)
        is_valid = heptad_schema_fail (visit, check->keyword, "must have the member '%s'", name);
    }
  return is_valid;
}

static gboolean
check_size (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint64 n = heptad_value_get_size (visit->instance);

  if (!is_object (visit))
    return TRUE;
  if (n < check->least)
    return heptad_schema_fail (visit, "minProperties",
                               "must have at least %" G_GUINT64_FORMAT
                               " members, found %" G_GUINT64_FORMAT,
                               check->least, n);
  if (n > check->most)
    return heptad_schema_fail (visit, "maxProperties",
                               "must have at most %" G_GUINT64_FORMAT
                               " members, found %" G_GUINT64_FORMAT,
                               check->most, n);
  return TRUE;
}

static gboolean
check_dependent_required (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_object (visit) ? heptad_value_get_size (check->value) : 0;
  gboolean is_valid = TRUE;
  const char *trigger;

  for (guint i = 0; i < n; i++)
    {
      const HeptadValue *needed = heptad_value_get_member_at (check->value, i, &trigger);

      if (heptad_value_get_member (visit->instance, trigger) == NULL)
        continue;
      for (guint j = 0; j < heptad_value_get_size (needed); j++)
        {
          const char *name = heptad_value_get_string (heptad_value_get_item (needed, j));

          if (heptad_value_get_member (visit->instance, name) == NULL)
            is_valid =
                heptad_schema_fail (visit, check->keyword,
                                    "must have the member '%s', since it has '%s'", name, trigger);
        }
    }
  return is_valid;
}

static gboolean
check_dependent_schemas (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = is_object (visit) ? heptad_value_get_size (check->value) : 0;
  gboolean is_valid = TRUE;
  const char *trigger;

  for (guint i = 0; i < n; i++)
    {
      heptad_value_get_member_at (check->value, i, &trigger);
      if (heptad_value_get_member (visit->instance, trigger) != NULL)
        is_valid = heptad_schema_visit (check->nodes[i], visit) && is_valid;
    }
  return is_valid;
}

static void
collect_properties (HeptadSchemaCompiler *compiler,
                    const HeptadValue *object,
                    HeptadSchemaNode **nodes,
                    Members *members)
{
  guint n = heptad_value_get_size (object);

  members->n_properties = n;
  members->properties = heptad_schema_allocate (compiler, n * sizeof (Property));
  for (guint i = 0; i < n; i++)
    {
      Property *property = &members->properties[i];

      property->name =
          heptad_value_get_text (heptad_value_get_name_at (object, i), &property->length);
      property->node = nodes[i];
    }
  if (n > 0)
    qsort (members->properties, n, sizeof (Property), compare_properties);
}

static gboolean
collect_patterns (HeptadSchemaCompiler *compiler,
                  const HeptadSchemaNode *node,
                  Members *members,
                  GError **error)
{
  const HeptadValue *object = heptad_value_get_member (node->value, "patternProperties");
  guint n = heptad_value_get_size (object);

  members->patterns = heptad_schema_allocate (compiler, n * sizeof (GRegex *));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) local = NULL;
      const char *pattern;

      heptad_value_get_member_at (object, i, &pattern);
      members->patterns[i] = heptad_schema_get_pattern (compiler, pattern, &local);
      if (members->patterns[i] == NULL)
        return heptad_schema_set_wrong (node, "patternProperties", local->message, error);
    }
  return TRUE;
}

static gboolean
compile_members (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  HeptadSchemaNode **nodes;
  Members *members;

  if (heptad_value_get_member (node->value, "properties") == NULL
      && heptad_value_get_member (node->value, "patternProperties") == NULL
      && heptad_value_get_member (node->value, "additionalProperties") == NULL)
    return TRUE;
  members = heptad_schema_allocate (compiler, sizeof *members);
  if (!heptad_schema_get_subschemas (compiler, node, "properties", HEPTAD_VALUE_OBJECT, &nodes,
                                     error)
      || !heptad_schema_get_subschemas (compiler, node, "patternProperties", HEPTAD_VALUE_OBJECT,
                                        &members->pattern_nodes, error)
      || !heptad_schema_get_subschema (compiler, node, "additionalProperties", &members->additional,
                                       error))
    return FALSE;
  if (nodes != NULL)
    collect_properties (compiler, heptad_value_get_member (node->value, "properties"), nodes,
                        members);
  if (members->pattern_nodes != NULL && !collect_patterns (compiler, node, members, error))
    return FALSE;
  heptad_schema_add_check (node, "properties", check_members)->data = members;
  return TRUE;
}

static gboolean
is_list_of_names (const HeptadValue *value)
{
  if (heptad_value_get_value_type (value) != HEPTAD_VALUE_ARRAY)
    return FALSE;
  for (guint i = 0; i < heptad_value_get_size (value); i++)
    if (heptad_value_get_string (heptad_value_get_item (value, i)) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
compile_needs (HeptadSchemaNode *node, GError **error)
{
  const HeptadValue *required = heptad_value_get_member (node->value, "required");
  const HeptadValue *dependent = heptad_value_get_member (node->value, "dependentRequired");

  if (required != NULL)
    {
      if (!is_list_of_names (required))
        return heptad_schema_set_wrong (node, "required", "an array of names", error);
      heptad_schema_add_check (node, "required", check_required)->value = required;
    }
  if (dependent != NULL)
    {
      for (guint i = 0; i < heptad_value_get_size (dependent); i++)
        if (!is_list_of_names (heptad_value_get_member_at (dependent, i, NULL)))
          return heptad_schema_set_wrong (node, "dependentRequired", "an object of arrays of names",
                                          error);
      heptad_schema_add_check (node, "dependentRequired", check_dependent_required)->value =
          dependent;
    }
  return TRUE;
}

static gboolean
compile_names_and_dependents (HeptadSchemaCompiler *compiler,
                              HeptadSchemaNode *node,
                              GError **error)
{
  HeptadSchemaNode *names, **nodes;
  HeptadSchemaCheck *check;

  if (!heptad_schema_get_subschema (compiler, node, "propertyNames", &names, error)
      || !heptad_schema_get_subschemas (compiler, node, "dependentSchemas", HEPTAD_VALUE_OBJECT,
                                        &nodes, error))
    return FALSE;
  if (names != NULL)
    heptad_schema_add_check (node, "propertyNames", check_names)->node = names;
  if (nodes == NULL)
    return TRUE;
  check = heptad_schema_add_check (node, "dependentSchemas", check_dependent_schemas);
  check->nodes = nodes;
  check->value = heptad_value_get_member (node->value, "dependentSchemas");
  return TRUE;
}

gboolean
heptad_schema_compile_objects (HeptadSchemaCompiler *compiler,
                               HeptadSchemaNode *node,
                               GError **error)
{
  guint64 least = 0, most = G_MAXUINT64;
  HeptadSchemaCheck *check;

  if (node->resource->has_validation
      && (!heptad_schema_get_count (node, "minProperties", &least, error)
          || !heptad_schema_get_count (node, "maxProperties", &most, error)
          || !compile_needs (node, error)))
    return FALSE;
  if (least > 0 || most < G_MAXUINT64)
    {
      check = heptad_schema_add_check (node, "minProperties", check_size);
      check->least = least;
      check->most = most;
    }
  return compile_members (compiler, node, error)
         && compile_names_and_dependents (compiler, node, error);
}
