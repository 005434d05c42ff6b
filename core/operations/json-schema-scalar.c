/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "core/operations/json-schema-checks.h"

/* Beside the bits of HeptadValueType. */
#define INTEGER_BIT (1u << 8)

static const struct {
  const char *name;
  guint bit;
} types[] = {
  { "null", 1u << HEPTAD_VALUE_NULL },
  { "boolean", 1u << HEPTAD_VALUE_BOOLEAN },
  { "number", 1u << HEPTAD_VALUE_NUMBER },
  { "string", 1u << HEPTAD_VALUE_STRING },
  { "array", 1u << HEPTAD_VALUE_ARRAY },
  { "object", 1u << HEPTAD_VALUE_OBJECT },
  { "integer", INTEGER_BIT },
};

static char *
name_types (guint bits)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if ((bits & types[i].bit) != 0)
      g_string_append_printf (names, "%s%s", names->len == 0 ? "" : " or ", types[i].name);
  return g_string_free (names, FALSE);
}

static gboolean
check_type (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  if ((heptad_schema_type_bit (visit->instance) & check->most) != 0)
    return TRUE;
  if ((check->most & INTEGER_BIT) != 0 && heptad_value_is_integer (visit->instance))
    return TRUE;
  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  expected = name_types ((guint) check->most);
  found = heptad_schema_describe (visit->instance);
  return heptad_schema_fail (visit, check->keyword, "must be of type %s, found %s", expected,
                             found);
}

static guint
find_type (const HeptadValue *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (heptad_value_get_string (name), types[i].name) == 0)
      return types[i].bit;
  return 0;
}

static gboolean
compile_type (HeptadSchemaNode *node, GError **error)
{
  const HeptadValue *type = heptad_value_get_member (node->value, "type");
  guint bits = find_type (type);
  guint n = heptad_value_get_size (type);

  if (type == NULL)
    return TRUE;
  if (heptad_value_get_value_type (type) == HEPTAD_VALUE_ARRAY)
    for (guint i = 0; i < n; i++)
      {
        guint bit = find_type (heptad_value_get_item (type, i));

        if (bit == 0)
          return heptad_schema_set_wrong (node, "type", "names of types only", error);
        bits |= bit;
      }
  if (bits == 0)
    return heptad_schema_set_wrong (
        node, "type", "null, boolean, number, integer, string, array or object", error);
  heptad_schema_add_check (node, "type", check_type)->most = bits;
  return TRUE;
}

static gboolean
check_const (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;

  if (heptad_value_equal (check->value, visit->instance))
    return TRUE;
  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  expected = heptad_schema_describe (check->value);
  found = heptad_schema_describe (visit->instance);
  return heptad_schema_fail (visit, check->keyword, "must be %s, found %s", expected, found);
}

static gboolean
check_enum (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  guint n = heptad_value_get_size (check->value);
  g_autoptr (GString) expected = NULL;
  g_autofree char *found = NULL;

  for (guint i = 0; i < n; i++)
    if (heptad_value_equal (heptad_value_get_item (check->value, i), visit->instance))
      return TRUE;
  if (!heptad_schema_is_reporting (visit))
    return FALSE;
  expected = g_string_new (NULL);
  for (guint i = 0; i < MIN (n, 10); i++)
    {
      g_autofree char *one = heptad_schema_describe (heptad_value_get_item (check->value, i));

      g_string_append_printf (expected, "%s%s", i == 0 ? "" : ", ", one);
    }
  found = heptad_schema_describe (visit->instance);
  return heptad_schema_fail (visit, check->keyword, "must be one of %s%s, found %s", expected->str,
                             n > 10 ? " …" : "", found);
}

/* The four bounds differ in which orders of the number and the bound they allow, as a mask: bit 0
 * for less, bit 1 for equal, bit 2 for greater. */
static gboolean
check_bound (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  static const char *const words[] = {
    [3] = "at most", [1] = "less than", [6] = "at least", [4] = "greater than"
  };
  int order;

  if (heptad_value_get_value_type (visit->instance) != HEPTAD_VALUE_NUMBER)
    return TRUE;
  order = heptad_value_compare_numbers (visit->instance, check->value);
  if ((check->most >> ((order > 0) - (order < 0) + 1) & 1) != 0)
    return TRUE;
  return heptad_schema_fail (visit, check->keyword, "must be %s %.40s, found %.40s",
                             words[check->most], heptad_value_get_text (check->value, NULL),
                             heptad_value_get_text (visit->instance, NULL));
}

/* Exact where both and their quotient fit a decimal. */
static gboolean
is_multiple (const HeptadValue *number, const HeptadValue *divisor)
{
  HeptadDecimal a, b, quotient, product;
  double rest;

  if (heptad_value_try_decimal (number, &a) && heptad_value_try_decimal (divisor, &b)
      && heptad_decimal_divide (a, b, 0, &quotient)
      && heptad_decimal_multiply (quotient, b, &product))
    return heptad_decimal_compare (product, a) == 0;
  rest = fmod (heptad_value_get_double (number), heptad_value_get_double (divisor));
  return rest == 0;
}

static gboolean
check_multiple (const HeptadSchemaCheck *check, const HeptadSchemaVisit *visit)
{
  if (heptad_value_get_value_type (visit->instance) != HEPTAD_VALUE_NUMBER
      || is_multiple (visit->instance, check->value))
    return TRUE;
  return heptad_schema_fail (visit, check->keyword, "must be a multiple of %.40s, found %.40s",
                             heptad_value_get_text (check->value, NULL),
                             heptad_value_get_text (visit->instance, NULL));
}

static gboolean
compile_numbers (HeptadSchemaNode *node, GError **error)
{
  static const struct {
    const char *keyword;
    HeptadSchemaCheckFunc check;
    guint orders;
  } bounds[] = {
    { "maximum", check_bound, 3 },       { "exclusiveMaximum", check_bound, 1 },
    { "minimum", check_bound, 6 },       { "exclusiveMinimum", check_bound, 4 },
    { "multipleOf", check_multiple, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      const HeptadValue *value = heptad_value_get_member (node->value, bounds[i].keyword);
      HeptadSchemaCheck *check;

      if (value == NULL)
        continue;
      if (heptad_value_get_value_type (value) != HEPTAD_VALUE_NUMBER)
        return heptad_schema_set_wrong (node, bounds[i].keyword, "a number", error);
      if (bounds[i].orders == 0 && !(heptad_value_get_double (value) > 0))
        return heptad_schema_set_wrong (node, bounds[i].keyword, "a number above zero", error);
      check = heptad_schema_add_check (node, bounds[i].keyword, bounds[i].check);
      check->value = value;
      check->most = bounds[i].orders;
    }
  return TRUE;
}

gboolean
heptad_schema_compile_scalars (HeptadSchemaCompiler *compiler,
                               HeptadSchemaNode *node,
                               GError **error)
{
  const HeptadValue *constant = heptad_value_get_member (node->value, "const");
  const HeptadValue *choices = heptad_value_get_member (node->value, "enum");

  if (!node->resource->has_validation)
    return TRUE;
  if (!compile_type (node, error))
    return FALSE;
  if (constant != NULL)
    heptad_schema_add_check (node, "const", check_const)->value = constant;
  if (choices != NULL)
    {
      if (heptad_value_get_value_type (choices) != HEPTAD_VALUE_ARRAY)
        return heptad_schema_set_wrong (node, "enum", "an array", error);
      heptad_schema_add_check (node, "enum", check_enum)->value = choices;
    }
  return compile_numbers (node, error);
}
