/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/yaml.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What is accepted is a value like any other: its JSON reads back as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (HeptadYamlLines) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_yaml_parse_with_lines ((const char *) data, (gssize) size,
                                                                "fuzz.yaml", &lines, &error);
  g_autoptr (HeptadValue) again = NULL;
  g_autofree char *json = NULL;

  g_assert_true ((value == NULL) == (error != NULL));
  if (value == NULL)
    return 0;
  g_assert_cmpuint (heptad_yaml_lines_find (lines, ""), >=, 1);
  json = heptad_value_print (value);
  again = heptad_value_parse (json, -1, NULL);
  g_assert_nonnull (again);
  g_assert_true (heptad_value_equal (value, again));
  return 0;
}
