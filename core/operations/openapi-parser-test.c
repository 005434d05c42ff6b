/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/operation-set.h"

#include "sdk/heptad-error.h"

#include <string.h>

#define OK                "\"responses\": {\"200\": {\"description\": \"ok\"}}"
#define ID                "\"operationId\": \"getThing\""
#define READ              "\"x-heptad\": {\"permission\": \"test:read\"}"
#define AT(path, members) "\"paths\": {\"" path "\": {\"get\": {" members "}}}"

static HeptadOperationSet *
parse (const char *members, GError **error)
{
  g_autofree char *text = g_strdup_printf ("{\"openapi\": \"3.1.0\", %s}", members);
  g_autoptr (GError) wrong_json = NULL;
  g_autoptr (HeptadValue) document = heptad_value_parse (text, -1, &wrong_json);

  g_assert_no_error (wrong_json);
  return heptad_operation_set_parse ("test", document, "openapi.yaml", error);
}

typedef struct {
  const char *members;
  const char *message; /* what it must say, of which part */
} Wrong;

static const Wrong wrongs[] = {
  { "\"paths\": []", "/paths: expected an object" },
  { "\"paths\": {\"/a\": 1}", "/paths/~1a: expected an object" },
  { "\"paths\": {\"/a\": {\"get\": []}}", "/paths/~1a/get: expected an object" },
  { "\"paths\": {\"/a\\u0000b\": {}}", "holds a NUL character" },
  { AT ("a", ID "," OK "," READ), "a path begins with one slash" },
  { AT ("/a/", ID "," OK "," READ), "does not end with one" },
  { AT ("//a", ID "," OK "," READ), "a path begins with one slash" },
  { AT ("/a", OK "," READ), "needs an 'operationId' in camelCase" },
  { AT ("/a", "\"operationId\": \"get-thing\"," OK "," READ), "in camelCase" },
  { "\"paths\": {\"/a\": {\"get\": {" ID "," OK "," READ "}, \"put\": {" ID "," OK "," READ "}}}",
    "operationId 'getThing' is used twice" },
  { AT ("/a/{id}", ID "," OK "," READ), "'{id}' of the path is not among the parameters" },
  { AT ("/a{id}", ID "," OK "," READ), "fills a whole segment" },
  { AT ("/{id}b", ID "," OK "," READ), "fills a whole segment" },
  { AT ("/{id", ID "," OK "," READ), "fills a whole segment" },
  { AT ("/a", ID "," OK "," READ ", \"parameters\": {}"), "/parameters: expected a list" },
  { AT ("/a", ID "," OK "," READ ", \"parameters\": [{\"in\": \"query\"}]"), "needs a 'name'" },
  { AT ("/a", ID "," OK "," READ ", \"parameters\": [{\"name\": \"n\", \"in\": \"form\"}]"),
    "'in' must be path, query, header or cookie" },
  { AT ("/a", ID "," OK "," READ ", \"parameters\": [{\"name\": \"n\", \"in\": \"query\"}]"),
    "parameter 'n' needs a 'schema'" },
  { AT ("/a", ID "," OK "," READ ", \"parameters\": [{\"$ref\": \"#/nowhere\"}]"),
    "'#/nowhere' is not the place of a definition" },
  { AT ("/a",
        ID "," OK "," READ
           ", \"parameters\": [{\"name\": \"n\", \"in\": \"path\", \"schema\": {}}]"),
    "does not stand in the path" },
  { AT ("/a",
        ID "," OK "," READ
           ", \"parameters\": [{\"name\": \"n\", \"in\": \"query\", \"schema\": {}},"
           " {\"name\": \"n\", \"in\": \"header\", \"schema\": {}}]"),
    "two parameters are called 'n'" },
  { AT ("/a", ID "," OK "," READ ", \"requestBody\": {}"), "at least one type under 'content'" },
  { AT ("/a", ID "," OK "," READ ", \"requestBody\": {\"content\": []}"), "expected an object" },
  { AT ("/a", ID "," READ), "needs a 2xx response" },
  { AT ("/a", ID "," READ ", \"responses\": []"), "/responses: expected an object" },
  { AT ("/a", ID "," READ ", \"responses\": {\"2XX\": {}}"), "'2XX' is no status" },
  { AT ("/a", ID "," OK), "every operation names its permission, such as 'test:read'" },
  { AT ("/a", ID "," OK ", \"x-heptad\": []"), "expected an object" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"cost:read\"}"),
    "belongs to another plugin" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"anonymous\": true}"),
    "drop one of the two" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permision\": \"test:read\"}"),
    "'permision' is not known" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"inline\": \"yes\"}"),
    "'inline' is true or false" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"deadline\": 0}"),
    "'deadline' must be a whole number from 1 to 3600" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"input\": \"file\"}"),
    "'input' is 'stream' or 'buffered'" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"input\": \"stream\"}"),
    "needs a requestBody" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"resource\": \"a/{b}\"}"),
    "'resource' names '{b}'" },
  { AT ("/a", ID "," OK ", \"x-heptad\": {\"permission\": \"test:read\", \"resource\": \"a/{b\"}"),
    "'resource' names '{b}'" },
};

static void
test_wrong_documents (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeptadOperationSet) set = parse (wrongs[i].members, &error);

      g_test_message ("%s", wrongs[i].members);
      g_assert_null (set);
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
      g_assert_true (g_str_has_prefix (error->message, "openapi.yaml: /"));
      if (strstr (error->message, wrongs[i].message) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, wrongs[i].message);
    }
}

static void
test_other_version (void)
{
  g_autoptr (HeptadValue) document = heptad_value_parse ("{\"openapi\": \"3.0.3\"}", -1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (heptad_operation_set_parse ("test", document, "openapi.yaml", &error));
  g_assert_nonnull (strstr (error->message, "openapi: 3.1.0"));
}

static const char whole[] =
    "\"components\": {\"parameters\": {\"id\": {\"name\": \"id\", \"in\": \"path\", \"required\": "
    "true,"
    "   \"schema\": {\"$ref\": \"#/components/schemas/Id\"}}},"
    "  \"schemas\": {\"Id\": {\"type\": \"integer\", \"minimum\": 1}}},"
    "\"paths\": {\"/things/{id}\": {\"parameters\": [{\"$ref\": \"#/components/parameters/id\"}],"
    "  \"post\": {\"operationId\": \"changeThing\", \"x-heptad\": {\"permission\": \"test:write\","
    "    \"resource\": \"thing/{id}\", \"deadline\": 5, \"maxBody\": 99},"
    "   \"requestBody\": {\"required\": true, \"content\": {\"Application/JSON\": {}, \"text/*\": "
    "{}}},"
    "   \"responses\": {\"404\": {\"description\": \"no\"}, \"202\": {\"description\": \"job\"},"
    "    \"200\": {\"description\": \"ok\"}}}}}";

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadOperationSet) set = parse (whole, &error);
  HeptadOperation *operation;
  HeptadParameter *parameter;

  g_assert_no_error (error);
  g_assert_cmpuint (heptad_operation_set_get_operations (set)->len, ==, 1);
  operation = heptad_operation_set_get_operations (set)->pdata[0];
  g_assert_cmpstr (operation->qualified, ==, "test.changeThing");
  g_assert_cmpstr (operation->method, ==, "POST");
  g_assert_cmpstr (operation->path, ==, "/api/v1/test/things/{id}");
  g_assert_cmpint (operation->deadline_us, ==, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (operation->max_body, ==, 99);
  g_assert_true (operation->audit);
  g_assert_false (operation->idempotent);
  g_assert_cmpuint (operation->parameters->len, ==, 1);
  parameter = &g_array_index (operation->parameters, HeptadParameter, 0);
  g_assert_cmpint (parameter->form, ==, HEPTAD_PARAMETER_INTEGER);
  g_assert_nonnull (heptad_media_types_find (operation->body, "application/json"));
  g_assert_nonnull (heptad_media_types_find (operation->body, "text/csv"));
  g_assert_null (heptad_media_types_find (operation->body, "image/png"));
  g_assert_cmpuint (heptad_operation_find_response (operation, 0)->status, ==, 202);
  g_assert_null (heptad_operation_find_response (operation, 404));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/openapi-parser/every-wrong-document-is-refused-by-place-and-remedy",
                   test_wrong_documents);
  g_test_add_func ("/openapi-parser/another-version-is-refused", test_other_version);
  g_test_add_func ("/openapi-parser/references-and-our-own-members-are-read", test_whole);
  return g_test_run ();
}
