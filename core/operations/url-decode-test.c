/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/url-decode.h"

#include <string.h>

static const char *
decode (const char *text, gboolean plus_is_space, GString *into)
{
  g_string_truncate (into, 0);
  return heptad_url_decode (text, strlen (text), plus_is_space, into);
}

static void
test_plain (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_null (decode ("", FALSE, text));
  g_assert_cmpstr (text->str, ==, "");
  g_assert_null (decode ("a%20b%2Fc%2f%25", FALSE, text));
  g_assert_cmpstr (text->str, ==, "a b/c/%");
  g_assert_null (decode ("caf%C3%A9 caf\xc3\xa9", FALSE, text));
  g_assert_cmpstr (text->str, ==, "caf\xc3\xa9 caf\xc3\xa9");
  g_assert_null (decode ("%2525", FALSE, text));
  g_assert_cmpstr (text->str, ==, "%25");
}

static void
test_plus (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_null (decode ("a+b%2B", TRUE, text));
  g_assert_cmpstr (text->str, ==, "a b+");
  g_assert_null (decode ("a+b", FALSE, text));
  g_assert_cmpstr (text->str, ==, "a+b");
}

static void
test_refused (void)
{
  static const char *const texts[] = { "%",      "%4",   "a%",  "%zz",         "%4g",  "%%41",
                                       "%00",    "%ff",  "%C3", "%C3%28",      "\xff", "%ED%A0%80",
                                       "%c0%af", "% 41", "%+1", "%F4%90%80%80" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *shown = g_strescape (texts[i], NULL);

      g_test_message ("%s", shown);
      g_assert_nonnull (decode (texts[i], TRUE, text));
    }
}

static void
test_appends (void)
{
  g_autoptr (GString) text = g_string_new ("x=");

  g_assert_null (heptad_url_decode ("%41%42", 3, FALSE, text));
  g_assert_cmpstr (text->str, ==, "x=A");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/url-decode/escapes-become-their-bytes-once", test_plain);
  g_test_add_func ("/url-decode/plus-is-a-space-in-a-query-only", test_plus);
  g_test_add_func ("/url-decode/bad-escapes-nul-and-broken-utf-8-are-refused", test_refused);
  g_test_add_func ("/url-decode/appends-and-reads-no-further-than-told", test_appends);
  return g_test_run ();
}
