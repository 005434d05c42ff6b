/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/openapi-merge.h"

#include <string.h>

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"An RFC 9457 problem\","
    "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\",\"source\"],\"properties\":{"
    "\"type\":{\"type\":\"string\",\"format\":\"uri\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},"
    "\"source\":{\"enum\":[\"caller\",\"plugin\",\"core\",\"upstream\"]},"
    "\"requestId\":{\"type\":\"string\"},\"retryAfterMs\":{\"type\":\"integer\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
    "\"in\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
    "\"pointer\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}}";

/* "#/components/schemas/Bill" becomes "#/components/schemas/cost.Bill". */
static char *
rename_reference (const char *reference, const char *plugin_id)
{
  const char *slash = strrchr (reference, '/');

  if (!g_str_has_prefix (reference, "#/components/") || slash == NULL)
    return g_strdup (reference);
  return g_strdup_printf ("%.*s/%s.%s", (int) (slash - reference), reference, plugin_id, slash + 1);
}

static void
copy_value (HeptadBuilder *into, const char *name, const HeptadValue *value, const char *plugin_id);

static void
copy_members (HeptadBuilder *into, const HeptadValue *object, const char *plugin_id)
{
  for (guint i = 0; i < heptad_value_get_size (object); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (object, i, &name);
      const char *text = heptad_value_get_string (value);

      if (strcmp (name, "$ref") == 0 && text != NULL)
        {
          g_autofree char *renamed = rename_reference (text, plugin_id);

          heptad_builder_set_string (into, name, renamed);
        }
      else
        {
          copy_value (into, name, value, plugin_id);
        }
    }
}

/* Copies a value with its references renamed; the depth is that of a document which the scanner
 * bounded. */
static void
copy_value (HeptadBuilder *into, const char *name, const HeptadValue *value, const char *plugin_id)
{
  switch (heptad_value_get_value_type (value))
    {
    case HEPTAD_VALUE_OBJECT:
      name != NULL ? heptad_builder_set_object (into, name) : heptad_builder_add_object (into);
      copy_members (into, value, plugin_id);
      heptad_builder_close (into);
      break;
    case HEPTAD_VALUE_ARRAY:
      name != NULL ? heptad_builder_set_array (into, name) : heptad_builder_add_array (into);
      for (guint i = 0; i < heptad_value_get_size (value); i++)
        copy_value (into, NULL, heptad_value_get_item (value, i), plugin_id);
      heptad_builder_close (into);
      break;
    default:
      name != NULL ? heptad_builder_set_value (into, name, value)
                   : heptad_builder_add_value (into, value);
    }
}

static void
add_problem_response (HeptadBuilder *into)
{
  heptad_builder_set_object (into, "default");
  heptad_builder_set_string (into, "$ref", "#/components/responses/Problem");
  heptad_builder_close (into);
}

static void
copy_responses (HeptadBuilder *into, const HeptadValue *responses, const char *plugin_id)
{
  heptad_builder_set_object (into, "responses");
  copy_members (into, responses, plugin_id);
  if (heptad_value_get_member (responses, "default") == NULL)
    add_problem_response (into);
  heptad_builder_close (into);
}

static void
add_security (HeptadBuilder *into, const HeptadValue *operation)
{
  heptad_builder_set_array (into, "security");
  if (!heptad_value_get_member_boolean (heptad_value_get_member (operation, "x-heptad"),
                                        "anonymous"))
    {
      static const char *const schemes[] = { "apiKey", "session" };

      for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
        {
          heptad_builder_add_object (into);
          heptad_builder_set_array (into, schemes[i]);
          heptad_builder_close (into);
          heptad_builder_close (into);
        }
    }
  heptad_builder_close (into);
}

static void
copy_operation (HeptadBuilder *into,
                const char *method,
                const HeptadValue *operation,
                const char *plugin_id)
{
  heptad_builder_set_object (into, method);
  heptad_builder_set_array (into, "tags");
  heptad_builder_add_string (into, plugin_id);
  heptad_builder_close (into);
  for (guint i = 0; i < heptad_value_get_size (operation); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (operation, i, &name);

      if (strcmp (name, "operationId") == 0)
        {
          g_autofree char *id =
              g_strdup_printf ("%s.%s", plugin_id, heptad_value_get_string (value));

          heptad_builder_set_string (into, name, id);
        }
      else if (strcmp (name, "responses") == 0)
        copy_responses (into, value, plugin_id);
      else if (strcmp (name, "tags") != 0 && strcmp (name, "security") != 0)
        copy_value (into, name, value, plugin_id);
    }
  add_security (into, operation);
  heptad_builder_close (into);
}

static void
copy_path_item (HeptadBuilder *into, const HeptadValue *item, const char *plugin_id)
{
  static const char *const methods[] = { "get", "put", "post", "delete", "patch", NULL };

  for (guint i = 0; i < heptad_value_get_size (item); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (item, i, &name);

      if (g_strv_contains (methods, name))
        copy_operation (into, name, value, plugin_id);
      else
        copy_value (into, name, value, plugin_id);
    }
}

static void
copy_paths (HeptadBuilder *into, HeptadOperationSet *set)
{
  const char *plugin_id = heptad_operation_set_get_plugin_id (set);
  const HeptadValue *paths =
      heptad_value_get_member (heptad_operation_set_get_document (set), "paths");

  for (guint i = 0; i < heptad_value_get_size (paths); i++)
    {
      const char *path = NULL;
      const HeptadValue *item = heptad_value_get_member_at (paths, i, &path);
      g_autofree char *whole = g_strdup_printf ("/api/v1/%s%s", plugin_id, path);

      heptad_builder_set_object (into, whole);
      copy_path_item (into, item, plugin_id);
      heptad_builder_close (into);
    }
}

/* One kind of component, of all plugins. */
static void
copy_components (HeptadBuilder *into, HeptadOperationSnapshot *snapshot, const char *kind)
{
  for (guint i = 0; i < snapshot->sets->len; i++)
    {
      HeptadOperationSet *set = snapshot->sets->pdata[i];
      const char *plugin_id = heptad_operation_set_get_plugin_id (set);
      const HeptadValue *members = heptad_value_get_member (
          heptad_value_get_member (heptad_operation_set_get_document (set), "components"), kind);

      for (guint j = 0; j < heptad_value_get_size (members); j++)
        {
          const char *name = NULL;
          const HeptadValue *value = heptad_value_get_member_at (members, j, &name);
          g_autofree char *renamed = g_strdup_printf ("%s.%s", plugin_id, name);

          copy_value (into, renamed, value, plugin_id);
        }
    }
}

static void
add_security_schemes (HeptadBuilder *into)
{
  heptad_builder_set_object (into, "securitySchemes");
  heptad_builder_set_object (into, "apiKey");
  heptad_builder_set_string (into, "type", "http");
  heptad_builder_set_string (into, "scheme", "bearer");
  heptad_builder_set_string (into, "description", "An API key: Authorization: Bearer hep_…");
  heptad_builder_close (into);
  heptad_builder_set_object (into, "session");
  heptad_builder_set_string (into, "type", "apiKey");
  heptad_builder_set_string (into, "in", "cookie");
  heptad_builder_set_string (into, "name", "heptad_session");
  heptad_builder_close (into);
  heptad_builder_close (into);
}

static void
add_problem_component (HeptadBuilder *into)
{
  heptad_builder_set_object (into, "Problem");
  heptad_builder_set_string (into, "description", "Why the call failed");
  heptad_builder_set_object (into, "content");
  heptad_builder_set_object (into, "application/problem+json");
  heptad_builder_set_object (into, "schema");
  heptad_builder_set_string (into, "$ref", "#/components/schemas/Problem");
  heptad_builder_close (into);
  heptad_builder_close (into);
  heptad_builder_close (into);
  heptad_builder_close (into);
}

static void
add_components (HeptadBuilder *into, HeptadOperationSnapshot *snapshot)
{
  static const char *const kinds[] = { "parameters", "requestBodies", "headers", "examples" };
  g_autoptr (HeptadValue) problem = heptad_value_parse (problem_schema, -1, NULL);

  heptad_builder_set_object (into, "components");
  add_security_schemes (into);
  heptad_builder_set_object (into, "schemas");
  heptad_builder_set_value (into, "Problem", problem);
  copy_components (into, snapshot, "schemas");
  heptad_builder_close (into);
  heptad_builder_set_object (into, "responses");
  add_problem_component (into);
  copy_components (into, snapshot, "responses");
  heptad_builder_close (into);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      heptad_builder_set_object (into, kinds[i]);
      copy_components (into, snapshot, kinds[i]);
      heptad_builder_close (into);
    }
  heptad_builder_close (into);
}

static void
add_tags (HeptadBuilder *into, HeptadOperationSnapshot *snapshot)
{
  heptad_builder_set_array (into, "tags");
  for (guint i = 0; i < snapshot->sets->len; i++)
    {
      HeptadOperationSet *set = snapshot->sets->pdata[i];
      const HeptadValue *info =
          heptad_value_get_member (heptad_operation_set_get_document (set), "info");

      heptad_builder_add_object (into);
      heptad_builder_set_string (into, "name", heptad_operation_set_get_plugin_id (set));
      if (heptad_value_get_member_string (info, "title") != NULL)
        heptad_builder_set_string (into, "description",
                                   heptad_value_get_member_string (info, "title"));
      heptad_builder_close (into);
    }
  heptad_builder_close (into);
}

HeptadValue *
heptad_openapi_merge (HeptadOperationSnapshot *snapshot, const char *version)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_string (builder, "openapi", "3.1.0");
  heptad_builder_set_object (builder, "info");
  heptad_builder_set_string (builder, "title", "Heptad");
  heptad_builder_set_string (builder, "version", version);
  heptad_builder_set_string (builder, "description",
                             "All operations of this host and of the plugins that it runs.");
  heptad_builder_close (builder);
  heptad_builder_set_array (builder, "servers");
  heptad_builder_add_object (builder);
  heptad_builder_set_string (builder, "url", "/");
  heptad_builder_close (builder);
  heptad_builder_close (builder);
  add_tags (builder, snapshot);
  heptad_builder_set_object (builder, "paths");
  for (guint i = 0; i < snapshot->sets->len; i++)
    copy_paths (builder, snapshot->sets->pdata[i]);
  heptad_builder_close (builder);
  add_components (builder, snapshot);
  return heptad_builder_end (builder);
}
