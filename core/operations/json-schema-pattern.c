/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema-private.h"
#include "sdk/heptad-error.h"

/* Backtracking and its memory end here; the verbs can only be lowered by what follows them. */
#define LIMITS "(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=5000)(*LIMIT_HEAP=1024)"

/* What all patterns may take for one instance. */
#define MAX_PATTERN_TIME_US G_USEC_PER_SEC

/* `\p{Letter}` to `\p{L}`: PCRE knows the short names only. Returns where to go on, or NULL. */
static const char *
translate_property (GString *into, const char *escape)
{
  static const char *const names[][2] = {
    { "Letter", "L" },
    { "Uppercase_Letter", "Lu" },
    { "Lowercase_Letter", "Ll" },
    { "Titlecase_Letter", "Lt" },
    { "Modifier_Letter", "Lm" },
    { "Other_Letter", "Lo" },
    { "Mark", "M" },
    { "Number", "N" },
    { "Decimal_Number", "Nd" },
    { "digit", "Nd" },
    { "Letter_Number", "Nl" },
    { "Other_Number", "No" },
    { "Punctuation", "P" },
    { "punct", "P" },
    { "Symbol", "S" },
    { "Math_Symbol", "Sm" },
    { "Currency_Symbol", "Sc" },
    { "Separator", "Z" },
    { "Space_Separator", "Zs" },
    { "Other", "C" },
    { "Control", "Cc" },
  };
  const char *begin = escape + 3;
  const char *end = escape[2] == '{' ? strchr (begin, '}') : NULL;

  if (end == NULL)
    return NULL;
  for (const char *c = begin; c < end; c++)
    if (*c == '=')
      begin = c + 1;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i][0]) == (gsize) (end - begin)
        && strncmp (names[i][0], begin, (gsize) (end - begin)) == 0)
      {
        g_string_append_printf (into, "\\%c{%s}", escape[1], names[i][1]);
        return end + 1;
      }
  g_string_append_printf (into, "\\%c{%.*s}", escape[1], (int) (end - begin), begin);
  return end + 1;
}

/* \uXXXX differs in PCRE, and \d and \w are ASCII in ECMAScript but not in GRegex. Returns
 * where to go on, or NULL when the escape stays as it is. */
static const char *
translate_escape (GString *into, const char *escape, gboolean in_class)
{
  guint n_hex = 0;

  switch (escape[1])
    {
    case 'd':
      g_string_append (into, in_class ? "0-9" : "[0-9]");
      return escape + 2;
    case 'w':
      g_string_append (into, in_class ? "A-Za-z0-9_" : "[A-Za-z0-9_]");
      return escape + 2;
    case 'D':
    case 'W':
      if (in_class)
        return NULL;
      g_string_append (into, escape[1] == 'D' ? "[^0-9]" : "[^A-Za-z0-9_]");
      return escape + 2;
    case 'p':
    case 'P':
      return translate_property (into, escape);
    case 'u':
      while (n_hex < 4 && g_ascii_isxdigit (escape[2 + n_hex]))
        n_hex++;
      if (n_hex < 4)
        return NULL;
      g_string_append_printf (into, "\\x{%.4s}", escape + 2);
      return escape + 6;
    default:
      return NULL;
    }
}

/* From the regular expressions of ECMAScript, as far as they differ in everyday patterns. */
static char *
translate (const char *pattern)
{
  GString *text = g_string_new (LIMITS);
  gboolean in_class = FALSE;

  for (const char *at = pattern; *at != '\0';)
    {
      const char *next = *at == '\\' ? translate_escape (text, at, in_class) : NULL;

      if (next == NULL)
        {
          gsize n = *at == '\\' && at[1] != '\0' ? 2 : 1;

          if (n == 1 && *at == '[')
            in_class = TRUE;
          else if (n == 1 && *at == ']')
            in_class = FALSE;
          g_string_append_len (text, at, (gssize) n);
          next = at + n;
        }
      at = next;
    }
  return g_string_free (text, FALSE);
}

GRegex *
heptad_schema_pattern_new (const char *pattern, GError **error)
{
  g_autofree char *text = translate (pattern);
  g_autoptr (GError) local = NULL;
  GRegex *regex = g_regex_new (text, G_REGEX_DOLLAR_ENDONLY, 0, &local);
  const char *reason;

  if (regex != NULL)
    return regex;
  /* Its message quotes the translated pattern; the reason comes last. */
  reason = strrchr (local->message, ':');
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "a regular expression (it has%s)",
               reason != NULL ? reason : ": a mistake");
  return NULL;
}

/* GRegex does not tell how many steps a match took, so time has to bound many costly ones. */
static gboolean
has_time_left (HeptadSchemaContext *context)
{
  gint64 now = g_get_monotonic_time ();

  if (context->patterns_until_us == 0)
    context->patterns_until_us = now + MAX_PATTERN_TIME_US;
  return now <= context->patterns_until_us;
}

gboolean
heptad_schema_pattern_matches (const GRegex *pattern,
                               const HeptadValue *string,
                               HeptadSchemaContext *context)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = heptad_value_get_text (string, &length);

  if (context->exhausted != NULL)
    return FALSE;
  if (has_time_left (context)
      && g_regex_match_full (pattern, text, (gssize) length, 0, 0, NULL, &error))
    return TRUE;
  if (error != NULL || !has_time_left (context))
    context->exhausted = "takes too long to hold against a pattern of its schema";
  return FALSE;
}
