/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/manifest-schema.h"

#include "core/plugins/plugin-resources.h"

#define SCHEMA_PATH "/org/heptad/plugins/plugin-manifest.schema.json"

static HeptadSchema *
compile_schema (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (heptad_plugins_get_resource (), SCHEMA_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_autoptr (HeptadValue) document = NULL;
  HeptadSchema *schema = NULL;
  gsize length = 0;

  if (bytes != NULL)
    {
      const char *text = g_bytes_get_data (bytes, &length);

      document = heptad_value_parse (text, (gssize) length, &error);
    }
  if (document != NULL)
    schema = heptad_schema_compile_at (document, "", &error);
  if (schema == NULL)
    g_error ("The schema of plugin manifests that was built into this program is not valid: %s",
             error->message);
  return schema;
}

HeptadSchema *
heptad_manifest_get_schema (void)
{
  static HeptadSchema *schema;

  if (g_once_init_enter (&schema))
    g_once_init_leave (&schema, compile_schema ());
  return schema;
}
