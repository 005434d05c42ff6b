/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "heptad-error.h"
#include "heptad-value.h"

static HeptadValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeptadValue *value = heptad_value_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

static void
assert_message (const char *text, HeptadError code, const char *expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heptad_value_parse (text, -1, &error));
  g_assert_error (error, HEPTAD_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_messages (void)
{
  static const char *const cases[][2] = {
    { "", "line 1, column 1: expected a value, found the end of the text" },
    { "{\"a\": 1,\n \"b\": 2]", "line 2, column 8: expected ',' or '}' after a member, found ']'" },
    { "[1 2]", "line 1, column 4: expected ',' or ']' after an item, found '2'" },
    { "[\"\xc3\xa9\", \xc3\xa9]", "line 1, column 7: expected a value, found '\xc3\xa9'" },
    { "{a:1}", "line 1, column 2: expected a member's name in double quotes, found 'a'" },
    { "{\"a\" 1}", "line 1, column 6: expected ':' after a member's name, found '1'" },
    { "{\"a\":1,\n\"b\":2,\n\"a\":3}", "line 3, column 1: a name that this object has already" },
    { "[01]", "line 1, column 2: a number must not begin with a zero" },
    { "[1.]", "line 1, column 4: expected a digit after the point of a number, found ']'" },
    { "[-]", "line 1, column 3: expected a digit after '-', found ']'" },
    { "\"a", "line 1, column 3: expected '\"' at the end of a string, found the end of the text" },
    { "\"\\ud800\"", "line 1, column 2: a high surrogate without a low one after it" },
    { "\"a\tb\"", "line 1, column 3: a control character in a string must be escaped as \\uXXXX" },
    { "\"\xff\"", "line 1, column 2: a byte that is not UTF-8" },
    { "nul", "line 1, column 1: expected a value, found 'n'" },
    { "\xef\xbb\xbf{}", "line 1, column 1: expected a value, found '\xef\xbb\xbf'" },
    { "{} x", "line 1, column 4: expected the end of the text, found 'x'" },
    { "[\x01]", "line 1, column 2: expected a value, found the byte 0x01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_message (cases[i][0], HEPTAD_ERROR_MALFORMED, cases[i][1]);
}

static void
test_bounds (void)
{
  g_autofree char *deep = g_strnfill (128, '[');
  g_autofree char *closing = g_strnfill (128, ']');
  g_autofree char *whole = g_strconcat (deep, closing, NULL);
  g_autofree char *too_deep = g_strconcat ("[", whole, "]", NULL);
  g_autofree char *brackets = g_strnfill (100000, '[');
  g_autofree char *many = g_strnfill (17 * 1024 * 1024, '1');
  g_autoptr (HeptadValue) value = parse (whole);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (value);
  assert_message (too_deep, HEPTAD_ERROR_TOO_LARGE,
                  "line 1, column 129: arrays and objects are nested more than 128 levels deep; "
                  "flatten the text");
  g_assert_null (heptad_value_parse (brackets, -1, NULL));
  g_assert_null (heptad_value_parse ("", 64 * 1024 * 1024 + 1, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE);
  g_clear_error (&error);

  many[0] = '[';
  for (gsize i = 2; i < 17 * 1024 * 1024; i += 2)
    many[i] = ',';
  g_assert_null (heptad_value_parse (many, -1, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE);
}

static void
test_length_bounds_the_text (void)
{
  static const char text[] = "{\"abcdefgh\":\"ijklmnop\",\"n\":123456}";

  for (gssize length = 0; length < (gssize) strlen (text); length++)
    {
      /* A copy of just that size, so that the address sanitizer sees a byte read beyond. */
      g_autofree char *copy = g_memdup2 (text, (gsize) length);

      g_assert_null (heptad_value_parse (length == 0 ? "" : copy, length, NULL));
    }
}

static void
test_strings (void)
{
  g_autoptr (HeptadValue) value = parse (
      "[\"\\u0000x\",\"\\ud83d\\ude00\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"0123456789\\u00e9\"]");
  g_autofree char *text = heptad_value_print (value);
  gsize length;

  g_assert_cmpmem (heptad_value_get_text (heptad_value_get_item (value, 0), &length), 2, "\0x", 2);
  g_assert_cmpuint (length, ==, 2);
  g_assert_cmpstr (heptad_value_get_string (heptad_value_get_item (value, 1)), ==,
                   "\xf0\x9f\x98\x80");
  g_assert_cmpstr (heptad_value_get_string (heptad_value_get_item (value, 2)), ==,
                   "\"\\/\b\f\n\r\t");
  g_assert_cmpstr (text, ==,
                   "[\"\\u0000x\",\"\xf0\x9f\x98\x80\",\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\","
                   "\"0123456789\xc3\xa9\"]");
}

static void
test_numbers_are_exact (void)
{
  static const char text[] = "[12345678901234567890,1e400,-0,1.50,9223372036854775807,"
                             "-9223372036854775808,9223372036854775808,1e2,0.5,123456789,"
                             "-2147483648,0e999999999999999999999]";
  static const gint64 expected[] = { 0, 0,   0, 0,         G_MAXINT64,    G_MININT64,
                                     0, 100, 0, 123456789, -2147483648LL, 0 };
  static const gboolean whole[] = { 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1 };
  g_autoptr (HeptadValue) value = parse (text);
  g_autofree char *again = heptad_value_print (value);

  g_assert_cmpstr (again, ==, text);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const HeptadValue *item = heptad_value_get_item (value, i);
      gint64 number = 77;

      g_assert_cmpint (heptad_value_get_int64 (item), ==, expected[i]);
      g_assert_cmpint (heptad_value_try_int64 (item, &number), ==, whole[i]);
      g_assert_cmpint (number, ==, whole[i] ? expected[i] : 77);
    }
  g_assert_true (isinf (heptad_value_get_double (heptad_value_get_item (value, 1))));
  g_assert_true (heptad_value_get_double (heptad_value_get_item (value, 3)) == 1.5);
}

static void
test_equality (void)
{
  static const struct {
    const char *a, *b;
    gboolean equal;
  } cases[] = {
    { "1", "1.0", TRUE },
    { "1", "10e-1", TRUE },
    { "100", "1E+2", TRUE },
    { "0", "-0.0e99999999999999999999999", TRUE },
    { "1e999999999999", "1e999999999998", FALSE },
    { "1e999999999999", "10e999999999998", TRUE },
    { "0.1", "0.10000000000000000001", FALSE },
    { "12345678901234567890", "12345678901234567891", FALSE },
    { "1", "-1", FALSE },
    { "1", "\"1\"", FALSE },
    { "1", "true", FALSE },
    { "false", "null", FALSE },
    { "{\"a\":1,\"b\":[2,{}]}", "{\"b\":[2.0,{}],\"a\":1}", TRUE },
    { "{\"a\":1}", "{\"b\":1}", FALSE },
    { "[1,2]", "[2,1]", FALSE },
    { "[]", "{}", FALSE },
    { "[[],[[]]]", "[[],[[]]]", TRUE },
    { "[[],[[]]]", "[[],[[1]]]", FALSE },
    { "\"a\\u0000b\"", "\"a\\u0000c\"", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeptadValue) a = parse (cases[i].a);
      g_autoptr (HeptadValue) b = parse (cases[i].b);

      g_assert_cmpint (heptad_value_equal (a, b), ==, cases[i].equal);
      g_assert_cmpint (heptad_value_equal (b, a), ==, cases[i].equal);
    }
}

static void
test_order (void)
{
  static const char *const ascending[] = { "-1e400",
                                           "-12",
                                           "-1.5",
                                           "-0.05",
                                           "0",
                                           "1e-400",
                                           "0.05",
                                           "0.050001",
                                           "1.5",
                                           "2",
                                           "10",
                                           "11e0",
                                           "12345678901234567890",
                                           "1e400" };

  for (gsize i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (ascending); j++)
      {
        g_autoptr (HeptadValue) a = parse (ascending[i]);
        g_autoptr (HeptadValue) b = parse (ascending[j]);
        int order = heptad_value_compare_numbers (a, b);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
}

static void
test_missing_parts (void)
{
  g_autoptr (HeptadValue) value = parse ("{\"a\":{\"b\":[10]}}");
  const HeptadValue *none = heptad_value_get_member (heptad_value_get_member (value, "x"), "y");
  HeptadDecimal number;
  gsize length = 5;

  g_assert_null (none);
  g_assert_null (heptad_value_get_item (none, 0));
  g_assert_null (heptad_value_get_member_at (value, 1, NULL));
  g_assert_null (heptad_value_get_string (none));
  g_assert_null (heptad_value_get_text (value, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpint (heptad_value_get_int64 (value), ==, 0);
  g_assert_false (heptad_value_get_boolean (none));
  g_assert_false (heptad_value_try_decimal (value, &number));
  g_assert_cmpuint (heptad_value_get_size (none), ==, 0);
}

static void
test_pointers (void)
{
  g_autoptr (HeptadValue) value =
      parse ("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8,\"~1\":9}");

  g_assert_true (heptad_value_lookup_pointer (value, "") == value);
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (value, "/foo/1")), ==,
                   "baz");
  g_assert_nonnull (heptad_value_lookup_pointer (value, "/"));
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_lookup_pointer (value, "/a~1b")), ==, 1);
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_lookup_pointer (value, "/m~0n")), ==, 8);
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_lookup_pointer (value, "/~01")), ==, 9);
  g_assert_null (heptad_value_lookup_pointer (value, "/foo/2"));
  g_assert_null (heptad_value_lookup_pointer (value, "/foo/01"));
  g_assert_null (heptad_value_lookup_pointer (value, "/foo/-"));
  g_assert_null (heptad_value_lookup_pointer (value, "/foo/4294967296"));
  g_assert_null (heptad_value_lookup_pointer (value, "foo"));
  g_assert_null (heptad_value_lookup_pointer (value, "/m~2n"));
  g_assert_null (heptad_value_lookup_pointer (value, "/foo/0/x"));
}

static void
test_parts_hold_the_document (void)
{
  HeptadValue *value = parse ("{\"a\":[\"text\"]}");
  g_autoptr (HeptadValue) part =
      heptad_value_ref (heptad_value_get_item (heptad_value_get_member (value, "a"), 0));

  heptad_value_unref (value);
  g_assert_cmpstr (heptad_value_get_string (part), ==, "text");
}

static void
test_single_values (void)
{
  g_autoptr (HeptadValue) nothing = heptad_value_new_null ();
  g_autoptr (HeptadValue) yes = heptad_value_new_boolean (TRUE);
  g_autoptr (HeptadValue) number = heptad_value_new_int64 (G_MININT64);
  g_autoptr (HeptadValue) text = heptad_value_new_string_len ("a\0b", 3);
  gsize length;

  g_assert_cmpint (heptad_value_get_value_type (nothing), ==, HEPTAD_VALUE_NULL);
  g_assert_true (heptad_value_get_boolean (yes));
  g_assert_cmpint (heptad_value_get_int64 (number), ==, G_MININT64);
  g_assert_cmpmem (heptad_value_get_text (text, &length), length, "a\0b", 3);
}

/* Names in a large object are looked up by hash, and a name that comes again is still found. */
static void
test_large_objects (void)
{
  GString *text = g_string_new ("{\"first\":0");
  g_autofree char *whole = NULL;
  g_autoptr (HeptadValue) value = NULL;
  gint64 begin = g_get_monotonic_time ();

  for (int i = 0; i < 200000; i++)
    g_string_append_printf (text, ",\"%x\":%d", i * 7, i);
  g_assert_null (heptad_value_parse (text->str, -1, NULL));
  g_string_append_c (text, '}');
  value = parse (text->str);
  g_assert_cmpuint (heptad_value_get_size (value), ==, 200001);
  for (int i = 0; i < 200000; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%x", i * 7);
      g_assert_cmpint (heptad_value_get_member_int64 (value, name), ==, i);
    }
  g_assert_null (heptad_value_get_member (value, "absent"));
  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"first\":1}");
  g_assert_null (heptad_value_parse (text->str, -1, NULL));
  whole = g_string_free (text, FALSE);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
}

static char *
find_vectors (void)
{
  const char *shared = g_getenv ("HEPTAD_SHARED");
  const char *root = g_getenv ("HEPTAD_SOURCE_ROOT");
  g_autofree char *beside = g_build_filename (root != NULL ? root : ".", "..", "shared", NULL);
  char *path = g_build_filename (shared != NULL ? shared : beside, "data", "vectors", "json", NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return path;
  g_free (path);
  g_test_skip ("the shared JSON vectors are absent; set HEPTAD_SHARED to the folder they are in");
  return NULL;
}

static gboolean
must_be_accepted (const char *name)
{
  /* RFC 8259 says that names should be unique; Heptad holds its callers to it. */
  return name[0] == 'y' && !g_str_has_prefix (name, "y_object_duplicated_key");
}

static void
check_vector (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (HeptadValue) value = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  value = heptad_value_parse (text, (gssize) length, &error);
  if (must_be_accepted (name))
    g_assert_no_error (error);
  else if (name[0] != 'i' && value != NULL)
    g_error ("%s was accepted", name);
  if (value != NULL)
    {
      g_autofree char *printed = heptad_value_print (value);
      g_autoptr (HeptadValue) again = parse (printed);

      g_assert_true (heptad_value_equal (value, again));
    }
}

static void
test_vectors (void)
{
  g_autofree char *folder = find_vectors ();
  g_autoptr (GDir) files = NULL;
  const char *name;
  guint n_checked = 0;

  if (folder == NULL)
    return;
  files = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      {
        check_vector (folder, name);
        n_checked++;
      }
  g_test_message ("%u texts checked", n_checked);
  g_assert_cmpuint (n_checked, >, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/an-error-says-what-was-found-where", test_messages);
  g_test_add_func ("/value/depth-size-and-count-are-bounded", test_bounds);
  g_test_add_func ("/value/a-cut-text-is-refused-without-reading-beyond",
                   test_length_bounds_the_text);
  g_test_add_func ("/value/strings-keep-every-character", test_strings);
  g_test_add_func ("/value/numbers-are-exact", test_numbers_are_exact);
  g_test_add_func ("/value/equality-is-by-exact-value", test_equality);
  g_test_add_func ("/value/numbers-are-ordered-by-exact-value", test_order);
  g_test_add_func ("/value/a-missing-part-is-neutral", test_missing_parts);
  g_test_add_func ("/value/pointers-follow-rfc-6901", test_pointers);
  g_test_add_func ("/value/a-part-holds-its-document", test_parts_hold_the_document);
  g_test_add_func ("/value/single-values", test_single_values);
  g_test_add_func ("/value/large-objects-are-not-quadratic", test_large_objects);
  g_test_add_func ("/value/the-json-vectors", test_vectors);
  return g_test_run ();
}
