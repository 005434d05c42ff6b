/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/yaml-private.h"

#define TAG_PREFIX "tag:yaml.org,2002:"

static gboolean
is_one_of (const char *text, gsize length, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strlen (*words) == length && memcmp (*words, text, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_null (const char *text, gsize length)
{
  static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };

  return is_one_of (text, length, words);
}

/* 1 for true, 0 for false, -1 for neither. */
static int
read_boolean (const char *text, gsize length)
{
  static const char *const yes[] = { "true", "True", "TRUE", NULL };
  static const char *const no[] = { "false", "False", "FALSE", NULL };

  return is_one_of (text, length, yes) ? 1 : is_one_of (text, length, no) ? 0 : -1;
}

static gboolean
is_not_finite (const char *text, gsize length)
{
  static const char *const words[] = { ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL };

  if (length > 0 && (*text == '-' || *text == '+'))
    return length == 5 && g_ascii_tolower (text[2]) == 'i' && is_one_of (text + 1, 4, words);
  return is_one_of (text, length, words);
}

static gsize
count_digits (const char *text, const char *end)
{
  const char *c = text;

  while (c < end && g_ascii_isdigit (*c))
    c++;
  return (gsize) (c - text);
}

/* `0o17` and `0xff`; NULL when it is neither, or too large. */
static HeptadValue *
read_based_integer (const char *text, gsize length)
{
  g_autofree char *digits = NULL;
  guint base = length > 2 && text[1] == 'o' ? 8 : 16;
  guint64 number;

  if (length < 3 || text[0] != '0' || (text[1] != 'o' && text[1] != 'x'))
    return NULL;
  digits = g_strndup (text + 2, length - 2);
  if (!g_ascii_string_to_unsigned (digits, base, 0, G_MAXINT64, &number, NULL)
      || !g_ascii_isxdigit (digits[0]))
    return NULL;
  return heptad_value_new_int64 ((gint64) number);
}

/* A decimal number as JSON writes it: without a plus sign, zeros in front and a bare point. NULL
 * when it is no number. */
static char *
rewrite_number (const char *text, gsize length)
{
  const char *end = text + length;
  const char *c = text;
  g_autoptr (GString) json = g_string_new (NULL);
  gsize n_whole, n_fraction = 0;

  if (c < end && (*c == '-' || *c == '+'))
    g_string_append (json, *c++ == '-' ? "-" : "");
  n_whole = count_digits (c, end);
  for (; n_whole > 1 && *c == '0'; n_whole--)
    c++;
  g_string_append_len (json, n_whole > 0 ? c : "0", (gssize) MAX (n_whole, 1));
  c += n_whole;
  if (c < end && *c == '.')
    {
      n_fraction = count_digits (c + 1, end);
      if (n_fraction > 0)
        g_string_append_len (json, c, (gssize) n_fraction + 1);
      c += n_fraction + 1;
    }
  if (n_whole + n_fraction == 0)
    return NULL;
  if (c < end && (*c == 'e' || *c == 'E'))
    {
      const char *digits = c + (c + 1 < end && (c[1] == '-' || c[1] == '+') ? 2 : 1);
      gsize n = count_digits (digits, end);

      if (n == 0)
        return NULL;
      g_string_append_len (json, c, digits + n - c);
      c = digits + n;
    }
  return c == end ? g_string_free (g_steal_pointer (&json), FALSE) : NULL;
}

static HeptadValue *
read_number (const char *text, gsize length)
{
  g_autofree char *json = NULL;
  HeptadValue *number = read_based_integer (text, length);

  if (number != NULL)
    return number;
  json = rewrite_number (text, length);
  return json == NULL ? NULL : heptad_value_parse (json, -1, NULL);
}

static HeptadValue *
resolve_plain (const char *text, gsize length, const char **problem)
{
  int boolean = read_boolean (text, length);
  HeptadValue *number;

  if (is_null (text, length))
    return heptad_value_new_null ();
  if (boolean >= 0)
    return heptad_value_new_boolean (boolean);
  if (is_not_finite (text, length))
    {
      *problem = "infinities and NaN are no numbers here; quote them if they are text";
      return NULL;
    }
  number = read_number (text, length);
  return number != NULL ? number : heptad_value_new_string_len (text, length);
}

static HeptadValue *
resolve_tagged (const char *text, gsize length, const char *type, const char **problem)
{
  HeptadValue *value = NULL;

  *problem = "the scalar is not what its tag says";
  if (strcmp (type, "str") == 0)
    return heptad_value_new_string_len (text, length);
  if (strcmp (type, "null") == 0)
    return is_null (text, length) ? heptad_value_new_null () : NULL;
  if (strcmp (type, "bool") == 0)
    return read_boolean (text, length) < 0 ? NULL
                                           : heptad_value_new_boolean (read_boolean (text, length));
  if (strcmp (type, "float") != 0 && strcmp (type, "int") != 0)
    {
      *problem = "the tag is unknown; known are !!str, !!int, !!float, !!bool and !!null";
      return NULL;
    }
  value = read_number (text, length);
  if (value != NULL && type[0] == 'i' && !heptad_value_is_integer (value))
    g_clear_pointer (&value, heptad_value_unref);
  return value;
}

HeptadValue *
heptad_yaml_resolve (
    const char *text, gsize length, const char *tag, gboolean is_plain, const char **problem)
{
  if (tag != NULL && strcmp (tag, "!") != 0)
    return resolve_tagged (
        text, length, g_str_has_prefix (tag, TAG_PREFIX) ? tag + strlen (TAG_PREFIX) : "", problem);
  if (is_plain && tag == NULL)
    return resolve_plain (text, length, problem);
  return heptad_value_new_string_len (text, length);
}
