/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/json-schema-checks.h"

static guint64
count_characters (const char *text, gsize length)
{
  guint64 n = 0;

  for (gsize i = 0; i < length; i++)
    n += ((guchar) text[i] & 0xc0) != 0x80;
  return n;
}

static gboolean
check_length (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  gsize length;
  const char *text;
  guint64 n;

  if (heptad_value_get_value_type (visit->instance) != HEPTAD_VALUE_STRING)
    return TRUE;
  text = heptad_value_get_text (visit->instance, &length);
  n = count_characters (text, length);
  if (n < check->least)
    return heptad_schema_fail (visit, "minLength",
                               "must have at least %" G_GUINT64_FORMAT
                               " characters, found %" G_GUINT64_FORMAT,
                               check->least, n);
  if (n > check->most)
    return heptad_schema_fail (visit, "maxLength",
                               "must have at most %" G_GUINT64_FORMAT
                               " characters, found %" G_GUINT64_FORMAT,
                               check->most, n);
  return TRUE;
}

static gboolean
check_pattern (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  g_autofree char *found = NULL;

  if (heptad_value_get_value_type (visit->instance) != HEPTAD_VALUE_STRING
      || heptad_schema_pattern_matches (check->data, visit->instance, visit->context))
    return TRUE;
  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  found = heptad_schema_describe (visit->instance);
  return heptad_schema_fail (visit, check->keyword, "must match the pattern %s, found %s",
                             heptad_value_get_string (check->value), found);
}

static gboolean
check_format (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  HeptadSchemaFormatFunc is_valid = (HeptadSchemaFormatFunc) check->data;
  g_autofree char *found = NULL;
  gsize length;
  const char *text;

  if (heptad_value_get_value_type (visit->instance) != HEPTAD_VALUE_STRING)
    return TRUE;
  text = heptad_value_get_text (visit->instance, &length);
  if (is_valid (text, length))
    return TRUE;
  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  found = heptad_schema_describe (visit->instance);
  return heptad_schema_fail (visit, check->keyword, "must be in the format '%s', found %s",
                             heptad_value_get_string (check->value), found);
}

static gboolean
compile_length (HeptadSchemaNode *node, GError **error)
{
  guint64 least = 0, most = G_MAXUINT64;
  HeptadSchemaCheck *check;

  if (!heptad_schema_get_count (node, "minLength", &least, error)
      || !heptad_schema_get_count (node, "maxLength", &most, error))
    return FALSE;
  if (least == 0 && most == G_MAXUINT64)
    return TRUE;
  check = heptad_schema_add_check (node, "minLength", check_length);
  check->least = least;
  check->most = most;
  return TRUE;
}

static gboolean
compile_pattern (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node, GError **error)
{
  const HeptadValue *value = heptad_value_get_member (node->value, "pattern");
  const char *pattern = heptad_value_get_string (value);
  g_autoptr (GError) local = NULL;
  HeptadSchemaCheck *check;
  GRegex *regex;

  if (value == NULL)
    return TRUE;
  if (pattern == NULL)
    return heptad_schema_set_wrong (node, "pattern", "a string", error);
  regex = heptad_schema_get_pattern (compiler, pattern, &local);
  if (regex == NULL)
    return heptad_schema_set_wrong (node, "pattern", local->message, error);
  check = heptad_schema_add_check (node, "pattern", check_pattern);
  check->value = value;
  check->data = regex;
  return TRUE;
}

static void
compile_format (HeptadSchemaCompiler *compiler, HeptadSchemaNode *node)
{
  const HeptadValue *value = heptad_value_get_member (node->value, "format");
  const char *name = heptad_value_get_string (value);
  HeptadSchemaFormatFunc format = name == NULL ? NULL : heptad_schema_find_format (name);
  HeptadSchemaCheck *check;

  if (format == NULL || !heptad_schema_asserts_formats (compiler, node))
    return;
  check = heptad_schema_add_check (node, "format", check_format);
  check->value = value;
  check->data = (gpointer) format;
}

gboolean
heptad_schema_compile_strings (HeptadSchemaCompiler *compiler,
                               HeptadSchemaNode *node,
                               GError **error)
{
  compile_format (compiler, node);
  if (!node->resource->has_validation)
    return TRUE;
  return compile_length (node, error) && compile_pattern (compiler, node, error);
}
