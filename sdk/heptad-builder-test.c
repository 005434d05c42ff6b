/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "heptad-value.h"

static void
assert_ends_as (HeptadBuilder *builder, const char *expected)
{
  g_autoptr (HeptadValue) value = heptad_builder_end (builder);
  g_autofree char *text = heptad_value_print (value);

  g_assert_cmpstr (text, ==, expected);
}

static HeptadValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeptadValue *value = heptad_value_parse (text, -1, &error);

  g_assert_no_error (error);
  return value;
}

static void
test_members (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) inner = parse ("{\"deep\":[1,{\"er\":null}]}");
  HeptadDecimal price;

  g_assert_true (heptad_decimal_parse ("8.4E-9", -1, &price, NULL));
  heptad_builder_set_null (builder, "nothing");
  heptad_builder_set_boolean (builder, "yes", TRUE);
  heptad_builder_set_int64 (builder, "least", G_MININT64);
  heptad_builder_set_double (builder, "tenth", 0.1);
  heptad_builder_set_double (builder, "none", NAN);
  heptad_builder_set_number (builder, "huge", "1e400");
  heptad_builder_set_string (builder, "text", "a\"\\\n\x01\xc3\xa9");
  heptad_builder_set_string (builder, "absent", NULL);
  heptad_builder_set_decimal (builder, "price", price);
  heptad_builder_set_value (builder, "inner", inner);
  heptad_builder_set_value (builder, "part", heptad_value_lookup_pointer (inner, "/deep/1"));
  heptad_builder_set_array (builder, "empty");
  assert_ends_as (builder, "{\"nothing\":null,\"yes\":true,\"least\":-9223372036854775808,"
                           "\"tenth\":0.1,\"none\":null,\"huge\":1e400,"
                           "\"text\":\"a\\\"\\\\\\n\\u0001\xc3\xa9\",\"absent\":null,"
                           "\"price\":\"0.0000000084\",\"inner\":{\"deep\":[1,{\"er\":null}]},"
                           "\"part\":{\"er\":null},\"empty\":[]}");
}

static void
test_items (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();

  heptad_builder_add_null (builder);
  heptad_builder_add_boolean (builder, FALSE);
  heptad_builder_add_int64 (builder, -7);
  heptad_builder_add_double (builder, 1e300);
  heptad_builder_add_number (builder, "12345678901234567890");
  heptad_builder_add_string (builder, "");
  heptad_builder_add_decimal (builder, heptad_decimal_from_int64 (3));
  heptad_builder_add_value (builder, NULL);
  heptad_builder_add_object (builder);
  heptad_builder_set_array (builder, "a");
  heptad_builder_add_array (builder);
  heptad_builder_close (builder);
  heptad_builder_close (builder);
  heptad_builder_set_int64 (builder, "b", 1);
  heptad_builder_close (builder);
  heptad_builder_add_int64 (builder, 2);
  assert_ends_as (builder, "[null,false,-7,1e+300,12345678901234567890,\"\",\"3\",null,"
                           "{\"a\":[[]],\"b\":1},2]");
}

static void
test_times (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_time (builder, "epoch", 0);
  heptad_builder_set_time (builder, "fraction", G_GINT64_CONSTANT (1795261119000042));
  heptad_builder_set_time (builder, "before", -1);
  assert_ends_as (builder, "{\"epoch\":\"1970-01-01T00:00:00Z\","
                           "\"fraction\":\"2026-11-21T11:38:39.000042Z\","
                           "\"before\":\"1969-12-31T23:59:59.999999Z\"}");
}

static void
expect_critical (const char *pattern)
{
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, pattern);
}

static void
test_mistakes (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  heptad_builder_set_int64 (builder, "a", 1);
  expect_critical ("*added to an object*");
  heptad_builder_add_int64 (builder, 2);
  expect_critical ("*not UTF-8*");
  heptad_builder_set_string (builder, "bad", "\xff");
  expect_critical ("*not UTF-8*");
  heptad_builder_set_int64 (builder, "\xc3", 1);
  expect_critical ("*no JSON number*");
  heptad_builder_set_number (builder, "n", "01");
  expect_critical ("*added to an object*");
  heptad_builder_add_array (builder);
  heptad_builder_add_int64 (builder, 3);
  heptad_builder_close (builder);
  heptad_builder_set_array (builder, "list");
  expect_critical ("*set in an array*");
  heptad_builder_set_int64 (builder, "x", 1);
  heptad_builder_close (builder);
  expect_critical ("*more often*");
  heptad_builder_close (builder);
  heptad_builder_set_int64 (builder, "a", 9);
  heptad_builder_set_int64 (builder, "z", 26);
  expect_critical ("*\"a\" was set twice*");
  assert_ends_as (builder, "{\"a\":1,\"list\":[],\"z\":26}");
  g_test_assert_expected_messages ();
}

static void
test_depth (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();
  g_autoptr (HeptadBuilder) outer = heptad_builder_new_array ();
  g_autoptr (HeptadValue) deepest = NULL;

  for (int i = 1; i < 128; i++)
    heptad_builder_add_array (builder);
  expect_critical ("*128 levels*");
  heptad_builder_add_array (builder);
  heptad_builder_close (builder);
  heptad_builder_add_int64 (builder, 1);
  deepest = heptad_builder_end (builder);
  g_assert_cmpint (heptad_value_get_size (deepest), ==, 1);

  heptad_builder_add_int64 (outer, 1);
  expect_critical ("*128 levels*");
  heptad_builder_add_value (outer, deepest);
  heptad_builder_add_value (outer, heptad_value_get_item (deepest, 0));
  g_test_assert_expected_messages ();
}

static void
test_large (void)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) value = NULL, again = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("name-%d", i);

      heptad_builder_set_array (builder, name);
      heptad_builder_add_int64 (builder, i);
      heptad_builder_add_string (builder, name);
      heptad_builder_close (builder);
    }
  value = heptad_builder_end (builder);
  text = heptad_value_print (value);
  again = parse (text);
  g_assert_true (heptad_value_equal (value, again));
  g_assert_cmpint (heptad_value_get_int64 (heptad_value_lookup_pointer (value, "/name-19999/0")),
                   ==, 19999);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/builder/members-are-written-in-order", test_members);
  g_test_add_func ("/builder/items-are-written-in-order", test_items);
  g_test_add_func ("/builder/times-are-rfc-3339-in-utc", test_times);
  g_test_add_func ("/builder/a-mistake-is-logged-and-left-out", test_mistakes);
  g_test_add_func ("/builder/depth-is-bounded", test_depth);
  g_test_add_func ("/builder/a-large-document-equals-its-text", test_large);
  return g_test_run ();
}
