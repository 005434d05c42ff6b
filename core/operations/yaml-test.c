/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/yaml.h"

#include "sdk/heptad-error.h"

static void
assert_json (const char *yaml, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_yaml_parse (yaml, -1, "plugin.yaml", &error);
  g_autofree char *json = NULL;

  g_assert_no_error (error);
  json = heptad_value_print (value);
  g_assert_cmpstr (json, ==, expected);
}

static void
assert_refused (const char *yaml, HeptadError code, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_yaml_parse (yaml, -1, "plugin.yaml", &error);

  g_assert_null (value);
  g_assert_error (error, HEPTAD_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_documents (void)
{
  assert_json (
      "id: cost\nversion: \"1.0\"\nrequires: [store, {name: events}]\n"
      "about: |\n  Two\n  lines\nfolded: >-\n  one\n  line\nempty:\n",
      "{\"id\":\"cost\",\"version\":\"1.0\",\"requires\":[\"store\",{\"name\":\"events\"}],"
      "\"about\":\"Two\\nlines\\n\",\"folded\":\"one line\",\"empty\":null}");
  assert_json ("--- [a, b]\n...\n", "[\"a\",\"b\"]");
  assert_json ("12", "12");
  assert_json ("responses:\n  200: ok\n  default: no\n  true: 1\n",
               "{\"responses\":{\"200\":\"ok\",\"default\":\"no\",\"true\":1}}");
  assert_json ("\"a\\0b\"", "\"a\\u0000b\"");
}

static void
test_core_schema (void)
{
  assert_json ("[null, Null, ~, true, FALSE, yes, on, nUll]",
               "[null,null,null,true,false,\"yes\",\"on\",\"nUll\"]");
  assert_json ("[12, -3, +7, 007, 0o17, 0xFf, 12345678901234567890]",
               "[12,-3,7,7,15,255,12345678901234567890]");
  assert_json ("[1.50, .5, 5., -.5e3, 1e400, +0.10, 00.5]", "[1.50,0.5,5,-0.5e3,1e400,0.10,0.5]");
  assert_json ("[1_000, 0b1, 1:30, 1.2.3, 0xg, '12', \"true\", 2026-11-21, ., 1e, e5, +]",
               "[\"1_000\",\"0b1\",\"1:30\",\"1.2.3\",\"0xg\",\"12\",\"true\",\"2026-11-21\","
               "\".\",\"1e\",\"e5\",\"+\"]");
  assert_json ("[!!str 12, ! 12, !!int '12', !!float 3, !!bool 'true', !!null '']",
               "[\"12\",\"12\",12,3,true,null]");
}

static void
test_aliases (void)
{
  assert_json (
      "base: &b {x: [1]}\nsame: *b\nmore: [*b, &s text, *s]",
      "{\"base\":{\"x\":[1]},\"same\":{\"x\":[1]},\"more\":[{\"x\":[1]},\"text\",\"text\"]}");
  assert_json ("- &a 1\n- &a 2\n- *a", "[1,2,2]");
  assert_refused ("a: &a [*a]", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:8: the alias has no anchor before it");
  assert_refused ("*a", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:1: the alias has no anchor before it");
}

static void
test_refusals (void)
{
  assert_refused ("a: 1\nb: 2\na: 3\n", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:3:1: this name is in the mapping already");
  assert_refused ("a: &a {x: 1}\nb:\n  <<: *a\n", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:3:3: merge keys are not supported; write the members out");
  assert_refused ("? [1]\n: 2\n", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:3: a name must be a scalar");
  assert_refused ("a: -.inf", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:4: infinities and NaN are no numbers here; quote them if they are "
                  "text");
  assert_refused (
      "a: !!binary aGk=", HEPTAD_ERROR_MALFORMED,
      "plugin.yaml:1:4: the tag is unknown; known are !!str, !!int, !!float, !!bool and "
      "!!null");
  assert_refused ("a: !!int 1.5", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:4: the scalar is not what its tag says");
  assert_refused ("a: !Thing {}", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:1:4: the tag is unknown; write the value without it");
  assert_refused ("a: 1\n---\nb: 2\n", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:2:1: a second document begins here; there may be only one");
  assert_refused ("", HEPTAD_ERROR_MALFORMED, "plugin.yaml:1:1: there is nothing in it");
  assert_refused ("a: 1\n\tb: 2\n", HEPTAD_ERROR_MALFORMED,
                  "plugin.yaml:2:1: found a tab character that violates indentation while scanning "
                  "a plain scalar");
}

static void
test_malformed_texts (void)
{
  static const char *const texts[] = { "a: [1, 2",         "a: 'x",   "{a: 1",
                                       "\xff\xfe",         "a: \xc3", "a: \x01",
                                       "%YAML 9.9\n--- a", "a: b: c", "- a\nb",
                                       "\"\\ud800\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (heptad_yaml_parse (texts[i], -1, "plugin.yaml", &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_MALFORMED);
      g_assert_true (g_str_has_prefix (error->message, "plugin.yaml:"));
    }
}

static void
test_bounds (void)
{
  GString *bomb = g_string_new ("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
  g_autofree char *bomb_text = NULL;
  g_autofree char *deep = g_strnfill (65, '[');
  g_autofree char *large = g_strnfill (4 * 1024 * 1024 + 1, ' ');
  g_autoptr (GString) tower = g_string_new ("a0: &a0 [x]\n");

  for (int i = 1; i < 10; i++)
    g_string_append_printf (bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i,
                            i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
  bomb_text = g_string_free (bomb, FALSE);
  assert_refused (bomb_text, HEPTAD_ERROR_TOO_LARGE,
                  "plugin.yaml:6:15: there are more than 100,000 values, with every alias written "
                  "out");
  assert_refused (deep, HEPTAD_ERROR_TOO_LARGE,
                  "plugin.yaml:1:65: the text is nested more than 64 levels deep");
  assert_refused (large, HEPTAD_ERROR_TOO_LARGE,
                  "plugin.yaml has 4194305 bytes; the most is 4 MiB");
  /* Aliases build a tower out of flat lines. */
  for (int i = 1; i < 80; i++)
    g_string_append_printf (tower, "a%d: &a%d [*a%d]\n", i, i, i - 1);
  assert_refused (tower->str, HEPTAD_ERROR_TOO_LARGE,
                  "plugin.yaml:64:12: the text is nested more than 64 levels deep");
}

static void
test_lines (void)
{
  static const char text[] = "id: cost\n"
                             "settings:\n"
                             "  limit: 3\n"
                             "  a/b:\n"
                             "    - x\n"
                             "    - y: 1\n"
                             "copy: &c\n"
                             "  deep: 1\n"
                             "again: *c\n";
  g_autoptr (HeptadYamlLines) lines = NULL;
  g_autoptr (HeptadValue) value =
      heptad_yaml_parse_with_lines (text, -1, "plugin.yaml", &lines, NULL);

  g_assert_nonnull (value);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, ""), ==, 1);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/settings/limit"), ==, 3);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/settings/a~1b/1"), ==, 6);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/settings/a~1b/1/y"), ==, 6);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/copy/deep"), ==, 8);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/again/deep"), ==, 9);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "/settings/none/such"), ==, 2);
  g_assert_cmpuint (heptad_yaml_lines_find (lines, "nonsense"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/yaml/documents-become-values", test_documents);
  g_test_add_func ("/yaml/plain-scalars-follow-the-core-schema", test_core_schema);
  g_test_add_func ("/yaml/aliases-are-written-out", test_aliases);
  g_test_add_func ("/yaml/what-is-not-supported-is-refused-by-place", test_refusals);
  g_test_add_func ("/yaml/malformed-text-is-refused-by-place", test_malformed_texts);
  g_test_add_func ("/yaml/size-depth-and-aliases-are-bounded", test_bounds);
  g_test_add_func ("/yaml/a-pointer-leads-to-its-line", test_lines);
  return g_test_run ();
}
