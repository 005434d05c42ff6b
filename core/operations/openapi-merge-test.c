/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/openapi-merge.h"

#include <string.h>

#define OK                                                                                         \
  "\"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\":"         \
  " {\"schema\": {\"$ref\": \"#/components/schemas/Thing\"}}}}}"

/* Both plugins call their operation, component and path alike. */
static const char document[] =
    "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"Things\", \"version\": \"1\"},"
    "\"components\": {\"schemas\": {\"Thing\": {\"type\": \"object\", \"properties\":"
    "  {\"next\": {\"$ref\": \"#/components/schemas/Thing\"}}}},"
    " \"parameters\": {\"Id\": {\"name\": \"id\", \"in\": \"path\", \"required\": true,"
    "  \"schema\": {\"type\": \"string\"}}}},"
    "\"paths\": {\"/things/{id}\": {\"get\": {\"operationId\": \"getThing\","
    "  \"x-heptad\": {\"anonymous\": true},"
    "  \"parameters\": [{\"$ref\": \"#/components/parameters/Id\"}], " OK "}}}}";

static void
on_get_thing (HeptadCall *call, gpointer plugin)
{
}

static const HeptadOperationEntry entries[] = { { "getThing", on_get_thing }, { NULL, NULL } };

static HeptadTenant *
get_no_tenant (gpointer data, const char *tenant_id)
{
  return NULL;
}

static void
install (HeptadOperationRegistry *registry, const char *plugin_id)
{
  const HeptadOperationTarget target = { .get_tenant = get_no_tenant };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_value_parse (document, -1, &error);
  g_autoptr (HeptadOperationSet) set = NULL;

  g_assert_no_error (error);
  set = heptad_operation_set_parse (plugin_id, value, "openapi.yaml", &error);
  g_assert_no_error (error);
  g_assert_true (heptad_operation_set_bind (set, entries, NULL, &target, &error));
  g_assert_true (heptad_operation_registry_install (registry, set, &error));
}

static HeptadValue *
merge (void)
{
  HeptadOperationRegistry *registry = heptad_operation_registry_new ();
  HeptadOperationSnapshot *snapshot;
  HeptadValue *merged;

  install (registry, "one");
  install (registry, "two");
  snapshot = heptad_operation_registry_get_snapshot (registry);
  merged = heptad_openapi_merge (snapshot, "1.2.3");
  heptad_operation_snapshot_unref (snapshot);
  heptad_operation_registry_free (registry);
  return merged;
}

static guint
count_sound_references (const HeptadValue *document_value, const HeptadValue *value)
{
  const char *reference = heptad_value_get_member_string (value, "$ref");
  guint found = 0;

  if (reference != NULL)
    {
      g_assert_true (g_str_has_prefix (reference, "#/"));
      g_assert_nonnull (heptad_value_lookup_pointer (document_value, reference + 1));
      found++;
    }
  for (guint i = 0; i < heptad_value_get_size (value); i++)
    {
      const HeptadValue *child = heptad_value_get_value_type (value) == HEPTAD_VALUE_ARRAY
                                     ? heptad_value_get_item (value, i)
                                     : heptad_value_get_member_at (value, i, NULL);

      if (heptad_value_get_value_type (child) == HEPTAD_VALUE_ARRAY
          || heptad_value_get_value_type (child) == HEPTAD_VALUE_OBJECT)
        found += count_sound_references (document_value, child);
    }
  return found;
}

static void
test_every_reference_resolves (void)
{
  g_autoptr (HeptadValue) merged = merge ();

  /* A schema, its own member, a parameter, of each plugin, and the core's problems. */
  g_assert_cmpuint (count_sound_references (merged, merged), >=, 6);
  g_assert_nonnull (heptad_value_lookup_pointer (merged, "/components/schemas/one.Thing"));
  g_assert_nonnull (heptad_value_lookup_pointer (merged, "/components/schemas/two.Thing"));
  g_assert_null (heptad_value_lookup_pointer (merged, "/components/schemas/Thing"));
}

static void
test_ids_and_paths_have_their_plugin (void)
{
  static const char *const plugins[] = { "one", "two" };
  g_autoptr (HeptadValue) merged = merge ();

  for (guint i = 0; i < G_N_ELEMENTS (plugins); i++)
    {
      g_autofree char *pointer =
          g_strdup_printf ("/paths/~1api~1v1~1%s~1things~1{id}/get/operationId", plugins[i]);
      g_autofree char *id = g_strdup_printf ("%s.getThing", plugins[i]);

      g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (merged, pointer)), ==,
                       id);
    }
}

static void
test_head_of_the_document (void)
{
  g_autoptr (HeptadValue) merged = merge ();

  g_assert_cmpstr (heptad_value_get_member_string (merged, "openapi"), ==, "3.1.0");
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (merged, "/info/version")),
                   ==, "1.2.3");
  g_assert_nonnull (heptad_value_lookup_pointer (merged, "/components/securitySchemes/apiKey"));
  g_assert_nonnull (heptad_value_lookup_pointer (merged, "/components/schemas/Problem"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openapi-merge/every-reference-resolves-to-its-own-plugins-component",
                   test_every_reference_resolves);
  g_test_add_func ("/openapi-merge/ids-and-paths-carry-their-plugin",
                   test_ids_and_paths_have_their_plugin);
  g_test_add_func ("/openapi-merge/the-host-says-version-security-and-problems",
                   test_head_of_the_document);
  return g_test_run ();
}
