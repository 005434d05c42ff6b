/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema-private.h"

/* References that lead in a circle end here, and so does a schema made to take forever. */
#define MAX_DEPTH 512
#define MAX_STEPS 10000000

static void
append_token (GString *pointer, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == '~')
      g_string_append (pointer, "~0");
    else if (text[i] == '/')
      g_string_append (pointer, "~1");
    else if (text[i] == '\0')
      g_string_append (pointer, "\\u0000");
    else
      g_string_append_c (pointer, text[i]);
}

static void
append_place (GString *pointer, const HeptadSchemaPlace *place)
{
  gsize length;
  const char *text;

  if (place == NULL)
    return;
  append_place (pointer, place->outer);
  g_string_append_c (pointer, '/');
  if (place->name == NULL)
    {
      g_string_append_printf (pointer, "%u", place->index);
      return;
    }
  text = heptad_value_get_text (place->name, &length);
  append_token (pointer, text, length);
}

gboolean
heptad_schema_is_reporting (const HeptadSchemaVisit *visit)
{
  const HeptadSchemaReport *report = visit->context->report;

  return report != NULL && visit->context->n_quiet == 0
         && report->n_failures < HEPTAD_SCHEMA_MAX_FAILURES;
}

gboolean
heptad_schema_fail (const HeptadSchemaVisit *visit, const char *keyword, const char *format, ...)
{
  HeptadSchemaReport *report = visit->context->report;
  GString *pointer;
  va_list arguments;

  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  pointer = g_string_new (NULL);
  append_place (pointer, visit->place);
  va_start (arguments, format);
  report->failures[report->n_failures++] =
      (HeptadSchemaFailure){ g_string_free (pointer, FALSE), keyword,
                             g_strdup_vprintf (format, arguments) };
  va_end (arguments);
  return FALSE;
}

void
heptad_schema_report_clear (HeptadSchemaReport *report)
{
  for (guint i = 0; i < report->n_failures; i++)
    {
      g_free (report->failures[i].pointer);
      g_free (report->failures[i].detail);
    }
  *report = (HeptadSchemaReport){ 0 };
}

char *
heptad_schema_describe (const HeptadValue *value)
{
  const char *text = heptad_value_get_text (value, NULL);

  switch (heptad_value_get_value_type (value))
    {
    case HEPTAD_VALUE_BOOLEAN:
      return g_strdup (heptad_value_get_boolean (value) ? "true" : "false");
    case HEPTAD_VALUE_NUMBER:
      return g_strdup_printf ("the number %.40s", text);
    case HEPTAD_VALUE_STRING:
      if (g_utf8_strlen (text, -1) <= 40)
        return g_strdup_printf ("\"%s\"", text);
      return g_strdup ("a long string");
    case HEPTAD_VALUE_ARRAY:
      return g_strdup_printf ("an array of %u", heptad_value_get_size (value));
    case HEPTAD_VALUE_OBJECT:
      return g_strdup ("an object");
    case HEPTAD_VALUE_NULL:
    default:
      return g_strdup ("null");
    }
}

guint
heptad_schema_type_bit (const HeptadValue *value)
{
  return 1u << heptad_value_get_value_type (value);
}

static gboolean
run_checks (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit)
{
  gboolean is_valid = TRUE;

  for (guint i = 0; i < node->checks->len; i++)
    {
      const HeptadSchemaCheck *check = &g_array_index (node->checks, HeptadSchemaCheck, i);

      if (check->function (check, visit))
        continue;
      is_valid = FALSE;
      if (visit->context->exhausted != NULL || !heptad_schema_is_reporting (visit))
        break;
    }
  return is_valid;
}

/* For a schema that asks what its own keywords have looked at. */
static gboolean
run_and_remember (const HeptadSchemaNode *node, HeptadSchemaVisit *visit)
{
  HeptadSchemaEvaluated *outer = visit->evaluated;
  HeptadSchemaEvaluated own;
  gboolean is_valid;

  heptad_schema_evaluated_init (&own, visit->instance);
  visit->evaluated = &own;
  is_valid = run_checks (node, visit);
  if (is_valid && outer != NULL)
    heptad_schema_evaluated_merge (outer, &own);
  heptad_schema_evaluated_clear (&own);
  visit->evaluated = outer;
  return is_valid;
}

gboolean
heptad_schema_visit (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit)
{
  HeptadSchemaContext *context = visit->context;
  HeptadSchemaVisit inner = *visit;
  HeptadSchemaScope scope = { visit->scope, node->resource };
  gboolean is_valid;

  if (node->is_false)
    return heptad_schema_fail (visit, "false", "is not allowed here");
  if (context->depth == MAX_DEPTH)
    context->exhausted = "is nested, or its schema refers to itself, more than 512 levels deep";
  else if (context->steps_left == 0)
    context->exhausted = "takes too long to hold against its schema";
  if (context->exhausted != NULL)
    return FALSE;

  context->depth++;
  context->steps_left--;
  if (visit->scope == NULL || visit->scope->resource != node->resource)
    inner.scope = &scope;
  is_valid = node->has_unevaluated ? run_and_remember (node, &inner) : run_checks (node, &inner);
  context->depth--;
  return is_valid && context->exhausted == NULL;
}

gboolean
heptad_schema_visit_member (const HeptadSchemaNode *node,
                            const HeptadSchemaVisit *visit,
                            guint index)
{
  HeptadSchemaPlace place = { visit->place, heptad_value_get_name_at (visit->instance, index),
                              index };
  HeptadSchemaVisit inner = *visit;

  inner.instance = heptad_value_get_member_at (visit->instance, index, NULL);
  inner.place = &place;
  inner.evaluated = NULL;
  if (!heptad_schema_visit (node, &inner))
    return FALSE;
  if (visit->evaluated != NULL)
    heptad_schema_evaluated_add (visit->evaluated, index);
  return TRUE;
}

gboolean
heptad_schema_visit_item (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit, guint index)
{
  HeptadSchemaPlace place = { visit->place, NULL, index };
  HeptadSchemaVisit inner = *visit;

  inner.instance = heptad_value_get_item (visit->instance, index);
  inner.place = &place;
  inner.evaluated = NULL;
  if (!heptad_schema_visit (node, &inner))
    return FALSE;
  if (visit->evaluated != NULL)
    heptad_schema_evaluated_add (visit->evaluated, index);
  return TRUE;
}

gboolean
heptad_schema_try (const HeptadSchemaNode *node, const HeptadSchemaVisit *visit)
{
  HeptadSchemaVisit inner = *visit;
  HeptadSchemaEvaluated own;
  gboolean is_valid;

  visit->context->n_quiet++;
  if (visit->evaluated != NULL)
    {
      heptad_schema_evaluated_init (&own, visit->instance);
      inner.evaluated = &own;
    }
  is_valid = heptad_schema_visit (node, &inner);
  if (visit->evaluated != NULL)
    {
      if (is_valid)
        heptad_schema_evaluated_merge (visit->evaluated, &own);
      heptad_schema_evaluated_clear (&own);
    }
  visit->context->n_quiet--;
  return is_valid;
}

static gboolean
refuse_nul (const HeptadSchemaVisit *visit)
{
  const HeptadValue *instance = visit->instance;
  gboolean is_object = heptad_value_get_value_type (instance) == HEPTAD_VALUE_OBJECT;
  gboolean is_valid = TRUE;
  gsize length;
  const char *text = heptad_value_get_text (instance, &length);

  if (text != NULL && memchr (text, '\0', length) != NULL)
    return heptad_schema_fail (visit, "pattern", "holds a NUL character, which is not allowed");
  for (guint i = 0; i < heptad_value_get_size (instance) && is_valid; i++)
    {
      const HeptadValue *name = heptad_value_get_name_at (instance, i);
      HeptadSchemaPlace place = { visit->place, name, i };
      HeptadSchemaVisit inner = *visit;

      inner.place = &place;
      inner.instance = name;
      is_valid = !is_object || refuse_nul (&inner);
      inner.instance = is_object ? heptad_value_get_member_at (instance, i, NULL)
                                 : heptad_value_get_item (instance, i);
      is_valid = is_valid && refuse_nul (&inner);
    }
  return is_valid;
}

gboolean
heptad_schema_validate (HeptadSchema *schema,
                        const HeptadValue *instance,
                        HeptadSchemaReport *report)
{
  HeptadSchemaContext context = { .report = report, .steps_left = MAX_STEPS };
  HeptadSchemaVisit visit = { .context = &context, .instance = instance };
  gboolean is_valid;

  g_return_val_if_fail (schema != NULL && instance != NULL, FALSE);

  if ((schema->flags & HEPTAD_SCHEMA_REFUSE_NUL) != 0 && !refuse_nul (&visit))
    return FALSE;
  is_valid = heptad_schema_visit (schema->root, &visit);
  if (context.exhausted != NULL)
    {
      context.n_quiet = 0;
      heptad_schema_fail (&visit, "$ref", "%s", context.exhausted);
    }
  return is_valid;
}
