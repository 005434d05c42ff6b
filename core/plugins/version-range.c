/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/version-range.h"

#include <string.h>

#include "sdk/heptad-error.h"

/* Longest first, since the first that fits is taken. */
static const char *const comparisons[] = { ">=", "<=", ">", "<", "=" };

static const char *
compare_numbers (const char *a, const char **b, int *order)
{
  char *end_a = NULL, *end_b = NULL;
  guint64 number_a = g_ascii_strtoull (a, &end_a, 10);
  guint64 number_b = g_ascii_strtoull (*b, &end_b, 10);

  *order = (number_a > number_b) - (number_a < number_b);
  *b = end_b + (*end_b == '.');
  return end_a + (*end_a == '.');
}

int
heptad_version_compare (const char *a, const char *b)
{
  for (guint i = 0; i < 3; i++)
    {
      int order = 0;

      a = compare_numbers (a, &b, &order);
      if (order != 0)
        return order;
    }

  /* A version with a suffix comes before the one without. */
  if (*a == '\0' || *b == '\0')
    return (*a == '\0') - (*b == '\0');
  return strcmp (a, b);
}

static const char *
find_comparison (const char *condition)
{
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (g_str_has_prefix (condition, comparisons[i]))
      return comparisons[i];
  return NULL;
}

static char **
split_range (const char *range)
{
  g_autofree char *stripped = g_strstrip (g_strdup (range));

  return g_regex_split_simple ("\\s+", stripped, 0, 0);
}

gboolean
heptad_version_range_check (const char *range, GError **error)
{
  g_auto (GStrv) conditions = split_range (range);
  gboolean valid = conditions[0] != NULL;

  for (guint i = 0; conditions[i] != NULL; i++)
    valid =
        valid
        && g_regex_match_simple ("^(>=|<=|>|<|=)[0-9]{1,9}(\\.[0-9]{1,9}){0,2}(-[0-9A-Za-z.-]+)?$",
                                 conditions[i], G_REGEX_DOLLAR_ENDONLY, 0);
  if (valid)
    return TRUE;

  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "\"%s\" is no version range; write conditions with spaces between, such as "
               "\">=1.2 <2\"",
               range);
  return FALSE;
}

static gboolean
fulfils (const char *condition, const char *version)
{
  const char *comparison = find_comparison (condition);
  int order;

  g_return_val_if_fail (comparison != NULL, FALSE);

  order = heptad_version_compare (version, condition + strlen (comparison));
  if (order == 0)
    return strchr (comparison, '=') != NULL;
  return comparison[0] == (order > 0 ? '>' : '<');
}

gboolean
heptad_version_range_contains (const char *range, const char *version)
{
  g_auto (GStrv) conditions = split_range (range);

  for (guint i = 0; conditions[i] != NULL; i++)
    if (!fulfils (conditions[i], version))
      return FALSE;
  return TRUE;
}
