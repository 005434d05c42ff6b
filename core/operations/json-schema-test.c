/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema.h"
#include "sdk/heptad-error.h"

static HeptadValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeptadValue *value = heptad_value_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

static HeptadSchema *
compile (const char *text)
{
  g_autoptr (HeptadValue) value = parse (text);
  g_autoptr (GError) error = NULL;
  HeptadSchema *schema =
      heptad_schema_compile (value, NULL, HEPTAD_SCHEMA_ASSERT_FORMATS, NULL, NULL, &error);

  g_assert_no_error (error);
  return schema;
}

static gboolean
is_valid (const char *schema_text, const char *instance_text)
{
  g_autoptr (HeptadSchema) schema = compile (schema_text);
  g_autoptr (HeptadValue) instance = parse (instance_text);

  return heptad_schema_validate (schema, instance, NULL);
}

static void
assert_failure (const char *schema_text,
                const char *instance_text,
                const char *pointer,
                const char *keyword,
                const char *detail)
{
  g_autoptr (HeptadSchema) schema = compile (schema_text);
  g_autoptr (HeptadValue) instance = parse (instance_text);
  g_auto (HeptadSchemaReport) report = { 0 };

  g_assert_false (heptad_schema_validate (schema, instance, &report));
  g_assert_cmpuint (report.n_failures, >=, 1);
  g_assert_cmpstr (report.failures[0].pointer, ==, pointer);
  g_assert_cmpstr (report.failures[0].keyword, ==, keyword);
  g_assert_cmpstr (report.failures[0].detail, ==, detail);
}

static void
test_failures (void)
{
  assert_failure ("{\"type\":\"string\"}", "12", "", "type",
                  "must be of type string, found the number 12");
  assert_failure ("{\"properties\":{\"a/b\":{\"items\":{\"maximum\":3}}}}", "{\"a/b\":[1,4]}",
                  "/a~1b/1", "maximum", "must be at most 3, found 4");
  assert_failure ("{\"required\":[\"id\"]}", "{}", "", "required", "must have the member 'id'");
  assert_failure ("{\"properties\":{},\"additionalProperties\":false}", "{\"x\":1}", "",
                  "additionalProperties", "has the member 'x', which is not one of those allowed");
  assert_failure ("{\"minLength\":3}", "\"\\u00e9\\u00e9\"", "", "minLength",
                  "must have at least 3 characters, found 2");
  assert_failure ("{\"enum\":[\"a\",1,null]}", "true", "", "enum",
                  "must be one of \"a\", the number 1, null, found true");
  assert_failure ("{\"format\":\"decimal\"}", "\"1,5\"", "", "format",
                  "must be in the format 'decimal', found \"1,5\"");
  assert_failure ("{\"uniqueItems\":true}", "[1,2,1.0]", "", "uniqueItems",
                  "must not hold an item twice, but 0 and 2 are equal");
  assert_failure (
      "{\"additionalProperties\":false}",
      "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e9\u00e9\":1}", "",
      "additionalProperties",
      "has the member 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e9', "
      "which is not one of those allowed");
  assert_failure ("{\"items\":false}", "[1]", "/0", "false", "is not allowed here");
}

static void
test_failures_are_bounded (void)
{
  g_autoptr (HeptadSchema) schema = compile ("{\"items\":{\"type\":\"string\"}}");
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();
  g_autoptr (HeptadValue) instance = NULL;
  g_auto (HeptadSchemaReport) report = { 0 };

  for (int i = 0; i < 1000; i++)
    heptad_builder_add_int64 (builder, i);
  instance = heptad_builder_end (builder);
  g_assert_false (heptad_schema_validate (schema, instance, &report));
  g_assert_cmpuint (report.n_failures, ==, HEPTAD_SCHEMA_MAX_FAILURES);
  g_assert_cmpstr (report.failures[19].pointer, ==, "/19");
}

static void
test_numbers_are_exact (void)
{
  g_assert_true (is_valid ("{\"multipleOf\":0.01}", "20.07"));
  g_assert_false (is_valid ("{\"multipleOf\":0.01}", "20.075"));
  g_assert_true (is_valid ("{\"multipleOf\":0.0001}", "0.0075"));
  g_assert_false (is_valid ("{\"multipleOf\":10}", "12345678901234567891"));
  g_assert_true (is_valid ("{\"multipleOf\":10}", "12345678901234567890"));
  g_assert_false (is_valid ("{\"maximum\":12345678901234567890}", "12345678901234567891"));
  g_assert_true (is_valid ("{\"maximum\":12345678901234567890}", "12345678901234567890.0"));
  g_assert_false (is_valid ("{\"maximum\":1e400}", "1e401"));
  g_assert_true (is_valid ("{\"type\":\"integer\"}", "1e400"));
  g_assert_false (is_valid ("{\"type\":\"integer\"}", "1e-400"));
}

static void
test_bounds (void)
{
  static const char circle[] = "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
                               "\"b\":{\"$ref\":\"#/$defs/a\"}}}";
  static const char blowup[] =
      "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"not\":{\"anyOf\":[{\"$ref\":\"#/$defs/b\"},"
      "{\"$ref\":\"#/$defs/b\"}]}},\"b\":{\"not\":{\"allOf\":[{\"not\":{\"$ref\":\"#/$defs/a\"}},"
      "{\"$ref\":\"#/$defs/a\"}]}}}}";
  gint64 begin = g_get_monotonic_time ();

  assert_failure (circle, "1", "", "$ref",
                  "is nested, or its schema refers to itself, more than 512 levels deep");
  g_assert_false (is_valid ("{\"not\":{\"$ref\":\"#\"}}", "1"));
  g_assert_false (is_valid (blowup, "1"));
  g_assert_false (is_valid ("{\"pattern\":\"^(a+)+$\"}",
                            "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\""));
  /* What could not be decided is not valid under `not` either. */
  g_assert_false (is_valid ("{\"not\":{\"pattern\":\"^(a+)+$\"}}",
                            "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\""));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

/* Each match stays below the bound of one, but there are many. */
static void
test_many_costly_matches (void)
{
  g_autoptr (HeptadSchema) schema = compile ("{\"items\":{\"not\":{\"pattern\":\"^(a+)+$\"}}}");
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();
  g_autoptr (HeptadValue) instance = NULL;
  gint64 begin = g_get_monotonic_time ();

  for (int i = 0; i < 200000; i++)
    heptad_builder_add_string (builder, "aaaaaaaaaaaaaa!");
  instance = heptad_builder_end (builder);
  g_assert_false (heptad_schema_validate (schema, instance, NULL));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 4 * G_USEC_PER_SEC);
}

static void
test_unique_in_large_arrays (void)
{
  g_autoptr (HeptadSchema) schema = compile ("{\"uniqueItems\":true}");
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();
  g_autoptr (HeptadBuilder) again = heptad_builder_new_array ();
  g_autoptr (HeptadValue) unique = NULL, repeated = NULL;

  for (int i = 0; i < 100000; i++)
    heptad_builder_add_int64 (builder, i);
  unique = heptad_builder_end (builder);
  g_assert_true (heptad_schema_validate (schema, unique, NULL));
  for (int i = 0; i < 100000; i++)
    heptad_builder_add_value (again, heptad_value_get_item (unique, (guint) i));
  heptad_builder_add_number (again, "77e0");
  repeated = heptad_builder_end (again);
  g_assert_false (heptad_schema_validate (schema, repeated, NULL));
}

static void
test_formats (void)
{
  static const char *const cases[][3] = {
    { "date-time", "\"2026-11-21T11:38:39.5+01:00\"", "\"2026-11-21 11:38:39Z\"" },
    { "date-time", "\"1998-12-31T23:59:60Z\"", "\"1998-12-31T23:58:60Z\"" },
    { "date", "\"2024-02-29\"", "\"2023-02-29\"" },
    { "time", "\"08:30:06Z\"", "\"08:30:06\"" },
    { "email", "\"joe.bloggs@example.com\"", "\".test@example.com\"" },
    { "uri", "\"https://[::1]:80/a?b#c\"", "\"/relative\"" },
    { "uri", "\"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", "\"http:// a\"" },
    { "uuid", "\"2EB8AA08-AA98-11EA-B4AA-73B441D16380\"",
      "\"2eb8aa08-aa98-11ea-b4aa-73b441d1638\"" },
    { "ipv4", "\"192.168.0.1\"", "\"192.168.0.01\"" },
    { "ipv6", "\"::ffff:192.168.0.1\"", "\"12345::\"" },
    { "hostname", "\"www.example.com\"", "\"-bad.example\"" },
    { "decimal", "\"8.4E-9\"", "\"1e400\"" },
    { "no-such-format", "\"anything\"", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *schema = g_strdup_printf ("{\"format\":\"%s\"}", cases[i][0]);

      g_assert_true (is_valid (schema, cases[i][1]));
      g_assert_true (is_valid (schema, "12"));
      if (cases[i][2] != NULL)
        g_assert_false (is_valid (schema, cases[i][2]));
    }
}

static void
test_inside_a_document (void)
{
  g_autoptr (HeptadValue) document =
      parse ("{\"paths\":{\"/a\":{\"schema\":{\"$ref\":\"#/components/schemas/A\","
             "\"default\":{\"b\":\"x\"}}}},\"components\":{\"schemas\":{"
             "\"A\":{\"type\":\"object\",\"properties\":{\"b\":{\"$ref\":\"#/components/"
             "schemas/B\"},\"more\":{\"$ref\":\"#/components/schemas/A\"}}},"
             "\"B\":{\"type\":\"string\"}}}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadSchema) schema =
      heptad_schema_compile_at (document, "/paths/~1a/schema", &error);
  g_autoptr (HeptadValue) good = parse ("{\"b\":\"x\",\"more\":{\"b\":\"y\"}}");
  g_autoptr (HeptadValue) bad = parse ("{\"more\":{\"b\":1}}");
  g_autoptr (HeptadValue) nul = parse ("{\"more\":{\"c\":[\"a\\u0000\"]}}");
  g_auto (HeptadSchemaReport) report = { 0 };

  g_assert_no_error (error);
  g_assert_true (heptad_schema_validate (schema, good, NULL));
  g_assert_false (heptad_schema_validate (schema, bad, &report));
  g_assert_cmpstr (report.failures[0].pointer, ==, "/more/b");
  heptad_schema_report_clear (&report);
  g_assert_false (heptad_schema_validate (schema, nul, &report));
  g_assert_cmpstr (report.failures[0].pointer, ==, "/more/c/0");
  g_assert_cmpstr (heptad_value_get_member_string (heptad_schema_get_default (schema), "b"), ==,
                   "x");
  g_assert_null (heptad_schema_compile_at (document, "/nowhere", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
}

static void
test_wrong_schemas (void)
{
  static const char *const cases[][2] = {
    { "{\"type\":\"strnig\"}", "*'type' must be null, boolean*found \"strnig\"" },
    { "{\"minLength\":-1}", "*'minLength' must be a whole number*" },
    { "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}", "*'pattern'*" },
    { "{\"items\":[1]}", "*object, true or false*" },
    { "{\"allOf\":{}}", "*'allOf' must be an array of schemas*" },
    { "{\"required\":[1]}", "*'required' must be an array of names*" },
    { "{\"multipleOf\":0}", "*'multipleOf' must be a number above zero*" },
    { "{\"$ref\":\"#/$defs/none\"}", "*'#/$defs/none'*nothing at that place*" },
    { "{\"$ref\":\"http://example.com/x\"}", "*'http://example.com/x'*no document*" },
    { "12", "*object, true or false*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeptadValue) value = parse (cases[i][0]);
      g_autoptr (GError) error = NULL;

      g_assert_null (heptad_schema_compile (value, NULL, HEPTAD_SCHEMA_NONE, NULL, NULL, &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
      if (!g_pattern_match_simple (cases[i][1], error->message))
        g_error ("unexpected message: %s", error->message);
    }
}

/* GUri parses these and must not be asked to write them. */
static void
test_odd_uris (void)
{
  g_autoptr (HeptadSchema) schema = compile ("{\"$id\":\"x:/.//a\",\"type\":\"string\"}");
  g_autoptr (HeptadValue) dangling = parse ("{\"$ref\":\"x:/.//a\"}");

  g_assert_nonnull (schema);
  g_assert_null (heptad_schema_compile (dangling, NULL, HEPTAD_SCHEMA_NONE, NULL, NULL, NULL));
}

/* A long chain of references must not become a deep recursion of the compiler. */
static void
test_long_chains (void)
{
  GString *text = g_string_new ("{\"$defs\":{\"d0\":{}");
  g_autofree char *whole = NULL;
  g_autoptr (HeptadSchema) schema = NULL;

  for (int i = 1; i < 20000; i++)
    g_string_append_printf (text, ",\"d%d\":{\"items\":{\"$ref\":\"#/$defs/d%d\"}}", i, i - 1);
  g_string_append (text, "},\"$ref\":\"#/$defs/d19999\"}");
  whole = g_string_free (text, FALSE);
  schema = compile (whole);
  g_assert_nonnull (schema);
}

#define SUITE "draft2020-12"

typedef struct {
  char *remotes;
  HeptadSchemaFlags flags;
  guint n_passed;
  guint n_failed;
} Suite;

static HeptadValue *
read_json (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return heptad_value_parse (text, (gssize) length, NULL);
}

static HeptadValue *
find_remote (const char *uri, gpointer data)
{
  const Suite *suite = data;
  g_autofree char *path = NULL;

  if (!g_str_has_prefix (uri, "http://localhost:1234/"))
    return NULL;
  path = g_build_filename (suite->remotes, uri + strlen ("http://localhost:1234/"), NULL);
  return read_json (path);
}

static void
run_group (Suite *suite, const char *file, const HeptadValue *group)
{
  const HeptadValue *tests = heptad_value_get_member (group, "tests");
  const char *description = heptad_value_get_member_string (group, "description");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadSchema) schema = heptad_schema_compile (
      heptad_value_get_member (group, "schema"), NULL, suite->flags, find_remote, suite, &error);

  for (guint i = 0; i < heptad_value_get_size (tests); i++)
    {
      const HeptadValue *test = heptad_value_get_item (tests, i);
      gboolean expected = heptad_value_get_member_boolean (test, "valid");
      g_autofree char *name = g_strdup_printf (
          "%s: %s: %s", file, description, heptad_value_get_member_string (test, "description"));

      if (schema != NULL
          && heptad_schema_validate (schema, heptad_value_get_member (test, "data"), NULL)
                 == expected)
        suite->n_passed++;
      else
        {
          g_test_message ("FAILED %s%s%s", name, error == NULL ? "" : ": ",
                          error == NULL ? "" : error->message);
          suite->n_failed++;
        }
    }
}

static void
run_file (Suite *suite, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (HeptadValue) groups = read_json (path);

  for (guint i = 0; i < heptad_value_get_size (groups); i++)
    run_group (suite, name, heptad_value_get_item (groups, i));
}

static void
run_folder (Suite *suite, const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      run_file (suite, folder, name);
}

static char *
find_suite (void)
{
  const char *shared = g_getenv ("HEPTAD_SHARED");
  const char *root = g_getenv ("HEPTAD_SOURCE_ROOT");
  g_autofree char *beside = g_build_filename (root != NULL ? root : ".", "..", "shared", NULL);
  char *path =
      g_build_filename (shared != NULL ? shared : beside, "data", "vectors", "json-schema", NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return path;
  g_free (path);
  g_test_skip ("the JSON Schema suite is absent; set HEPTAD_SHARED to the folder it is in");
  return NULL;
}

static void
test_required_suite (void)
{
  g_autofree char *root = find_suite ();
  g_autofree char *folder = NULL;
  g_autofree char *remotes = NULL;
  Suite suite = { 0 };

  if (root == NULL)
    return;
  folder = g_build_filename (root, "tests", SUITE, NULL);
  remotes = g_build_filename (root, "remotes", NULL);
  suite.remotes = remotes;
  run_folder (&suite, folder);
  g_test_message ("required: %u passed, %u failed", suite.n_passed, suite.n_failed);
  g_assert_cmpuint (suite.n_failed, ==, 0);
  g_assert_cmpuint (suite.n_passed, >, 1000);
}

/* What fails here is not offered: `dependencies` and other drafts, the zero-width no-break space as
 * white space in patterns, and the context rules of IDNA 2008 in host names. */
static void
test_optional_suite (void)
{
  static const char *const formats[] = { "date-time.json", "date.json", "email.json",
                                         "hostname.json",  "ipv4.json", "ipv6.json",
                                         "time.json",      "uri.json",  "uuid.json",
                                         "unknown.json" };
  g_autofree char *root = find_suite ();
  g_autofree char *optional = NULL, *format = NULL, *remotes = NULL;
  Suite suite = { 0 }, format_suite = { .flags = HEPTAD_SCHEMA_ASSERT_FORMATS };

  if (root == NULL)
    return;
  optional = g_build_filename (root, "tests", SUITE, "optional", NULL);
  format = g_build_filename (optional, "format", NULL);
  remotes = g_build_filename (root, "remotes", NULL);
  suite.remotes = format_suite.remotes = remotes;
  run_folder (&suite, optional);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    run_file (&format_suite, format, formats[i]);
  g_test_message ("optional: %u passed, %u failed", suite.n_passed, suite.n_failed);
  g_test_message ("formats that are asserted: %u passed, %u failed", format_suite.n_passed,
                  format_suite.n_failed);
  g_assert_cmpuint (format_suite.n_passed, >, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-schema/a-failure-says-where-and-what", test_failures);
  g_test_add_func ("/json-schema/a-report-has-twenty-failures-at-most", test_failures_are_bounded);
  g_test_add_func ("/json-schema/numbers-are-compared-exactly", test_numbers_are_exact);
  g_test_add_func ("/json-schema/circles-blow-ups-and-patterns-end", test_bounds);
  g_test_add_func ("/json-schema/many-costly-matches-end", test_many_costly_matches);
  g_test_add_func ("/json-schema/uniqueness-is-not-quadratic", test_unique_in_large_arrays);
  g_test_add_func ("/json-schema/formats-are-asserted-when-asked", test_formats);
  g_test_add_func ("/json-schema/a-schema-inside-a-document", test_inside_a_document);
  g_test_add_func ("/json-schema/a-wrong-schema-is-refused-by-keyword", test_wrong_schemas);
  g_test_add_func ("/json-schema/an-odd-uri-is-no-fault", test_odd_uris);
  g_test_add_func ("/json-schema/a-long-chain-of-references-compiles", test_long_chains);
  g_test_add_func ("/json-schema/the-required-suite", test_required_suite);
  g_test_add_func ("/json-schema/the-optional-suite", test_optional_suite);
  return g_test_run ();
}
