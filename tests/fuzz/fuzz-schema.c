/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
validate (HeptadSchema *schema, const HeptadValue *instance)
{
  g_auto (HeptadSchemaReport) report = { 0 };
  gboolean is_valid = heptad_schema_validate (schema, instance, &report);

  g_assert_true (is_valid == (report.n_failures == 0));
  g_assert_true (heptad_schema_validate (schema, instance, NULL) == is_valid);
}

/* A schema, a line feed, and an instance. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *line = size == 0 ? NULL : memchr (data, '\n', size);
  g_autoptr (HeptadValue) text = NULL, instance = NULL;
  g_autoptr (HeptadSchema) schema = NULL;
  g_autoptr (GError) error = NULL;

  if (line == NULL)
    return 0;
  text = heptad_value_parse ((const char *) data, line - data, NULL);
  instance = heptad_value_parse ((const char *) line + 1, (gssize) size - (line + 1 - data), NULL);
  if (text == NULL)
    return 0;
  schema = heptad_schema_compile (text, NULL, HEPTAD_SCHEMA_ASSERT_FORMATS, NULL, NULL, &error);
  g_assert_true ((schema == NULL) == (error != NULL));
  if (schema != NULL)
    validate (schema, instance != NULL ? instance : text);
  return 0;
}
