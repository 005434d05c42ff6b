/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/input.h"
#include "core/operations/operation-set.h"

#include <string.h>

static const char document[] =
    "{\"openapi\": \"3.1.0\", \"paths\": {\"/accounts/{id}\": {\"post\": {\"operationId\": "
    "\"change\","
    " \"x-heptad\": {\"permission\": \"test:write\", \"resource\": \"account/{id}\"},"
    " \"parameters\": ["
    " {\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"string\"}},"
    " {\"name\": \"depth\", \"in\": \"query\", \"schema\": {\"type\": \"integer\", \"minimum\": "
    "1}},"
    " {\"name\": \"dry\", \"in\": \"query\", \"schema\": {\"type\": \"boolean\", \"default\": "
    "false}},"
    " {\"name\": \"tags\", \"in\": \"query\", \"schema\": {\"type\": \"array\"}},"
    " {\"name\": \"Mark\", \"in\": \"header\", \"required\": true, \"schema\": {\"type\": "
    "\"string\"}}],"
    " \"requestBody\": {\"required\": true, \"content\": {\"application/json\": {\"schema\":"
    "  {\"type\": \"object\", \"required\": [\"name\"]}}}},"
    " \"responses\": {\"204\": {\"description\": \"ok\"}}}}}}";

typedef struct {
  HeptadOperationSet *set;
  HeptadRouter *router;
  HeptadViolations violations;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeptadValue) value = heptad_value_parse (document, -1, NULL);

  fixture->set = heptad_operation_set_parse ("test", value, "openapi.yaml", NULL);
  fixture->router = heptad_router_new ();
  g_assert_true (heptad_router_add (
      fixture->router, heptad_operation_set_get_operations (fixture->set)->pdata[0], NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  heptad_violations_clear (&fixture->violations);
  heptad_router_free (fixture->router);
  heptad_operation_set_unref (fixture->set);
}

static const char *
find_header (gpointer request, HeptadParameterPlace place, const char *name)
{
  return request;
}

static HeptadValue *
read_request (Fixture *fixture, const char *path, const char *query, const char *header)
{
  g_auto (HeptadRouteMatch) match = { 0 };

  g_assert_true (heptad_router_match (fixture->router, "POST", path, &match));
  return heptad_input_from_http (&match, query, find_header, (gpointer) header,
                                 &fixture->violations);
}

static HeptadOperation *
get_operation (Fixture *fixture)
{
  return heptad_operation_set_get_operations (fixture->set)->pdata[0];
}

static void
test_texts_take_their_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeptadValue) input = read_request (
      fixture, "/api/v1/test/accounts/a%2Fb", "depth=12345678901234567890&tags=x,y&&tags=z+1", "m");
  g_autoptr (HeptadValue) expected =
      heptad_value_parse ("{\"id\": \"a/b\", \"depth\": 12345678901234567890, \"dry\": false,"
                          " \"tags\": [\"x\", \"y\", \"z 1\"], \"Mark\": \"m\"}",
                          -1, NULL);
  g_autofree char *resource = heptad_input_expand_resource ("account/{id}", input);

  g_assert_true (heptad_value_equal (input, expected));
  heptad_input_validate (get_operation (fixture), input, &fixture->violations);
  g_assert_false (heptad_violations_any (&fixture->violations));
  g_assert_cmpstr (resource, ==, "account/a/b");
}

static void
test_wrong_form_is_named_by_validation (Fixture *fixture, gconstpointer data)
{
  static const char *const queries[] = { "depth=abc", "depth=0",    "depth=", "depth",   "depth=+1",
                                         "depth=0x1", "depth=1%20", "dry=1",  "dry=TRUE" };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (HeptadValue) input =
          read_request (fixture, "/api/v1/test/accounts/a", queries[i], "m");

      g_test_message ("%s", queries[i]);
      g_assert_nonnull (input);
      heptad_input_validate (get_operation (fixture), input, &fixture->violations);
      g_assert_true (heptad_violations_any (&fixture->violations));
      heptad_violations_clear (&fixture->violations);
    }
}

static void
test_unreadable_requests (Fixture *fixture, gconstpointer data)
{
  static const char *const queries[] = { "detph=1",  "depth=1&depth=2", "depth=%zz", "%=1",
                                         "tags=%ff", "dry=%00",         "=1" };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_test_message ("%s", queries[i]);
      g_assert_null (read_request (fixture, "/api/v1/test/accounts/a", queries[i], "m"));
      g_assert_true (heptad_violations_any (&fixture->violations));
      heptad_violations_clear (&fixture->violations);
    }
  g_assert_null (read_request (fixture, "/api/v1/test/accounts/%ff", NULL, "m"));
  heptad_violations_clear (&fixture->violations);
  g_assert_null (read_request (fixture, "/api/v1/test/accounts/a", NULL, "\xff"));
}

static void
test_many_fields (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) query = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    g_string_append (query, "tags=a&");
  g_assert_null (read_request (fixture, "/api/v1/test/accounts/a", query->str, "m"));
  g_assert_cmpuint (fixture->violations.list->len, ==, 1);
}

static void
test_missing_and_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeptadValue) input = read_request (fixture, "/api/v1/test/accounts/a", NULL, NULL);
  const HeptadViolation *violation;

  heptad_input_validate (get_operation (fixture), input, &fixture->violations);
  g_assert_cmpuint (fixture->violations.list->len, ==, 1);
  violation = fixture->violations.list->pdata[0];
  g_assert_cmpstr (violation->in, ==, "header");
  g_assert_cmpstr (violation->name, ==, "Mark");
  heptad_violations_clear (&fixture->violations);

  g_assert_null (read_request (fixture, "/api/v1/test/accounts/a", "x=1", NULL));
  violation = fixture->violations.list->pdata[0];
  g_assert_nonnull (strstr (violation->detail, "depth, dry, tags"));
}

static void
test_arguments_by_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeptadValue) arguments =
      heptad_value_parse ("{\"id\": \"a\", \"Mark\": \"m\", \"name\": \"n\"}", -1, NULL);
  g_autoptr (HeptadValue) body = NULL;
  g_autoptr (HeptadValue) input =
      heptad_input_from_arguments (get_operation (fixture), arguments, &body, &fixture->violations);

  g_assert_cmpstr (heptad_value_get_member_string (input, "id"), ==, "a");
  g_assert_null (heptad_value_get_member (input, "name"));
  g_assert_cmpstr (heptad_value_get_member_string (body, "name"), ==, "n");
  heptad_input_validate_body (get_operation (fixture), body, NULL, &fixture->violations);
  g_assert_false (heptad_violations_any (&fixture->violations));
  heptad_input_validate_body (get_operation (fixture), NULL, NULL, &fixture->violations);
  g_assert_true (heptad_violations_any (&fixture->violations));
}

static void
test_resource_of_absent_input (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeptadValue) input = heptad_value_parse ("{\"id\": \"\", \"n\": 7}", -1, NULL);
  g_autofree char *number = heptad_input_expand_resource ("n/{n}/x", input);

  g_assert_null (heptad_input_expand_resource ("account/{id}", input));
  g_assert_null (heptad_input_expand_resource ("account/{other}", input));
  g_assert_cmpstr (number, ==, "n/7/x");
}

#define ADD(name, function) g_test_add ("/input/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("texts-take-the-form-that-is-declared", test_texts_take_their_form);
  ADD ("a-text-of-another-form-is-named-by-validation", test_wrong_form_is_named_by_validation);
  ADD ("what-cannot-be-read-is-refused", test_unreadable_requests);
  ADD ("many-fields-are-refused-by-their-number", test_many_fields);
  ADD ("missing-and-unknown-names-are-said", test_missing_and_unknown);
  ADD ("arguments-by-name-split-into-parameters-and-body", test_arguments_by_name);
  ADD ("no-resource-comes-of-an-absent-input", test_resource_of_absent_input);
  return g_test_run ();
}
