/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json-scanner.h"

#include <string.h>

#include "heptad-error.h"
#include "value-utf8.h"

typedef struct {
  HeptadTape *tape;
  const char *begin;
  const char *at;
  const char *end;

  /* The containers around `at`: where in `open` their children begin, and their closing bracket. */
  guint depth;
  guint32 starts[HEPTAD_VALUE_MAX_DEPTH];
  char brackets[HEPTAD_VALUE_MAX_DEPTH];

  HeptadError code;
  const char *expected; /* the error is that something else than this was found, or … */
  const char *problem;  /* … this */
} Scanner;

/* GError-free while scanning: the sentence is made only once something is wrong. */
static gboolean
fail_expecting (Scanner *self, const char *expected)
{
  self->code = HEPTAD_ERROR_MALFORMED;
  self->expected = expected;
  return FALSE;
}

static gboolean
fail_at (Scanner *self, const char *at, const char *problem)
{
  self->code = HEPTAD_ERROR_MALFORMED;
  self->at = at;
  self->problem = problem;
  return FALSE;
}

static gboolean
fail_too_large (Scanner *self, const char *problem)
{
  self->code = HEPTAD_ERROR_TOO_LARGE;
  self->problem = problem;
  return FALSE;
}

static inline gboolean
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static inline void
skip_space (Scanner *self)
{
  while (self->at < self->end
         && (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static inline gboolean
next_is (const Scanner *self, char c)
{
  return self->at < self->end && *self->at == c;
}

/* Copies up to the first byte that needs a look (a quote, a backslash, a control character,
 * anything beyond ASCII), eight bytes at a time. The room for the text is reserved beforehand. */
static inline void
copy_plain_run (Scanner *self, char **into)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const guint64 tops = ones << 7;
  const char *from = self->at;
  char *to = *into;

  while (self->end - from >= 8)
    {
      guint64 word, quote, backslash, control, special;

      memcpy (&word, from, sizeof word);
      memcpy (to, &word, sizeof word);
      word = GUINT64_FROM_LE (word);
      quote = word ^ (ones * '"');
      backslash = word ^ (ones * '\\');
      control = (word - ones * 0x20) & ~word;
      special =
          (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | control | word) & tops;
      if (special != 0)
        {
          gsize n = (gsize) __builtin_ctzll (special) / 8;

          self->at = from + n;
          *into = to + n;
          return;
        }
      from += 8;
      to += 8;
    }
  while (from < self->end && (guchar) *from >= 0x20 && (guchar) *from < 0x80 && *from != '"'
         && *from != '\\')
    *to++ = *from++;
  self->at = from;
  *into = to;
}

static gboolean
scan_four_digits (Scanner *self, const char *escape, gunichar *unit)
{
  gunichar value = 0;

  for (guint i = 0; i < 4; i++, self->at++)
    {
      if (self->at == self->end || !g_ascii_isxdigit (*self->at))
        return fail_at (self, escape, "\\u must be followed by four hexadecimal digits");
      value = value * 16 + (gunichar) g_ascii_xdigit_value (*self->at);
    }
  *unit = value;
  return TRUE;
}

static gboolean
scan_unicode_escape (Scanner *self, const char *escape, char **into)
{
  gunichar c, low;

  if (!scan_four_digits (self, escape, &c))
    return FALSE;
  if (c >= 0xdc00 && c <= 0xdfff)
    return fail_at (self, escape, "a low surrogate without a high one before it");
  if (c >= 0xd800 && c <= 0xdbff)
    {
      if (self->end - self->at < 2 || self->at[0] != '\\' || self->at[1] != 'u')
        return fail_at (self, escape, "a high surrogate without a low one after it");
      self->at += 2;
      if (!scan_four_digits (self, escape, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return fail_at (self, escape, "a high surrogate without a low one after it");
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  *into += g_unichar_to_utf8 (c, *into);
  return TRUE;
}

static gboolean
scan_escape (Scanner *self, char **into)
{
  static const char names[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *escape = self->at++;
  const char *found;

  if (self->at == self->end)
    return fail_at (self, escape, "the text ends inside an escape");
  if (*self->at == 'u')
    {
      self->at++;
      return scan_unicode_escape (self, escape, into);
    }
  found = memchr (names, *self->at, sizeof names - 1);
  if (found == NULL)
    return fail_at (self, escape,
                    "an escape that JSON does not know; the known ones are "
                    "\\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
  *(*into)++ = meanings[found - names];
  self->at++;
  return TRUE;
}

/* The part of a string that is not a plain run; @into moves along. */
static gboolean
scan_special (Scanner *self, char **into)
{
  gsize n;

  if (self->at == self->end)
    return fail_expecting (self, "'\"' at the end of a string");
  if (*self->at == '\\')
    return scan_escape (self, into);
  if ((guchar) *self->at < 0x20)
    return fail_at (self, self->at, "a control character in a string must be escaped as \\uXXXX");

  n = heptad_utf8_measure (self->at, (gsize) (self->end - self->at));
  if (n == 0)
    return fail_at (self, self->at, "a byte that is not UTF-8");
  memcpy (*into, self->at, n);
  *into += n;
  self->at += n;
  return TRUE;
}

/* A value or name, at its opening quote. */
static gboolean
scan_string (Scanner *self)
{
  HeptadTape *tape = self->tape;
  HeptadValue *node = heptad_tape_push (tape, HEPTAD_VALUE_STRING);
  char *begin = tape->text + tape->text_length;
  char *into = begin;

  node->first = (guint32) tape->text_length;
  node->second = (guint32) (self->at - self->begin);
  self->at++;
  for (;;)
    {
      copy_plain_run (self, &into);
      if (next_is (self, '"'))
        break;
      if (!scan_special (self, &into))
        return FALSE;
    }
  self->at++;
  node->length = (guint32) (into - begin);
  *into = '\0';
  tape->text_length += node->length + 1;
  return TRUE;
}

static inline void
skip_digits (Scanner *self)
{
  while (self->at < self->end && is_digit (*self->at))
    self->at++;
}

/* The part of a number after its whole digits. */
static gboolean
scan_fraction_and_exponent (Scanner *self)
{
  if (next_is (self, '.'))
    {
      self->at++;
      if (self->at == self->end || !is_digit (*self->at))
        return fail_expecting (self, "a digit after the point of a number");
      skip_digits (self);
    }
  if (next_is (self, 'e') || next_is (self, 'E'))
    {
      self->at++;
      if (next_is (self, '+') || next_is (self, '-'))
        self->at++;
      if (self->at == self->end || !is_digit (*self->at))
        return fail_expecting (self, "a digit in the exponent of a number");
      skip_digits (self);
    }
  return TRUE;
}

static gboolean
scan_number (Scanner *self)
{
  HeptadTape *tape = self->tape;
  const char *begin = self->at;
  gboolean negative = *begin == '-';
  const char *digits = begin + negative;
  guint32 magnitude = 0;
  gboolean is_integer;
  HeptadValue *node;

  self->at = digits;
  if (self->at == self->end || !is_digit (*self->at))
    return fail_expecting (self, "a digit after '-'");
  while (self->at < self->end && is_digit (*self->at))
    magnitude = magnitude * 10 + (guint32) (*self->at++ - '0');
  if (*digits == '0' && self->at - digits > 1)
    return fail_at (self, begin, "a number must not begin with a zero");
  is_integer = self->at == self->end || (*self->at != '.' && (*self->at | 0x20) != 'e');
  is_integer = is_integer && self->at - digits <= 9;
  if (!scan_fraction_and_exponent (self))
    return FALSE;

  node = heptad_tape_push (tape, HEPTAD_VALUE_NUMBER);
  node->first = (guint32) tape->text_length;
  node->length = (guint32) (self->at - begin);
  node->is_small_integer = is_integer;
  node->second = negative ? 0 - magnitude : magnitude;
  memcpy (tape->text + tape->text_length, begin, node->length);
  tape->text[tape->text_length + node->length] = '\0';
  tape->text_length += node->length + 1;
  return TRUE;
}

static gboolean
scan_word (Scanner *self, const char *word, HeptadValueType type, gboolean boolean)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return fail_expecting (self, "a value");
  self->at += length;
  heptad_tape_push (self->tape, type)->length = boolean ? 1 : 0;
  return TRUE;
}

/* A member's name and its colon. */
static gboolean
scan_name (Scanner *self)
{
  if (!next_is (self, '"'))
    return fail_expecting (self, "a member's name in double quotes");
  if (!scan_string (self))
    return FALSE;
  skip_space (self);
  if (!next_is (self, ':'))
    return fail_expecting (self, "':' after a member's name");
  self->at++;
  return TRUE;
}

static gboolean
close_container (Scanner *self)
{
  guint32 start = self->starts[--self->depth];
  gint64 duplicate;

  self->at++;
  if (self->brackets[self->depth] == ']')
    {
      heptad_tape_close_array (self->tape, start);
      return TRUE;
    }
  duplicate = heptad_tape_close_object (self->tape, start);
  if (duplicate < 0)
    return TRUE;
  return fail_at (self, self->begin + self->tape->open[duplicate].second,
                  "a name that this object has already");
}

/* At an opening bracket. Leaves `at` where the first item or member's value begins, or after the
 * container when it is empty; @is_empty says which. */
static gboolean
open_container (Scanner *self, gboolean *is_empty)
{
  char bracket = *self->at == '{' ? '}' : ']';

  if (self->depth == HEPTAD_VALUE_MAX_DEPTH)
    return fail_too_large (self, "arrays and objects are nested more than "
                                 "128 levels deep; flatten the text");
  self->starts[self->depth] = self->tape->n_open;
  self->brackets[self->depth] = bracket;
  self->depth++;
  self->at++;
  skip_space (self);
  *is_empty = next_is (self, bracket);
  if (*is_empty)
    return close_container (self);
  return bracket == ']' || scan_name (self);
}

/* One value, or the opening of a container whose values come next. */
static gboolean
scan_value (Scanner *self, gboolean *is_complete)
{
  *is_complete = TRUE;
  skip_space (self);
  if (self->at == self->end)
    return fail_expecting (self, "a value");
  if (G_UNLIKELY (heptad_tape_count_nodes (self->tape) >= HEPTAD_VALUE_MAX_NODES - 2))
    return fail_too_large (self, "more than 8 million values; split the text");
  switch (*self->at)
    {
    case '"':
      return scan_string (self);
    case '{':
    case '[':
      return open_container (self, is_complete);
    case 't':
      return scan_word (self, "true", HEPTAD_VALUE_BOOLEAN, TRUE);
    case 'f':
      return scan_word (self, "false", HEPTAD_VALUE_BOOLEAN, FALSE);
    case 'n':
      return scan_word (self, "null", HEPTAD_VALUE_NULL, FALSE);
    default:
      if (*self->at == '-' || is_digit (*self->at))
        return scan_number (self);
      return fail_expecting (self, "a value");
    }
}

/* After a value: closes what ends here. Stops where the next value begins or, at depth 0, at the
 * end of the root. */
static gboolean
scan_separators (Scanner *self)
{
  while (self->depth > 0)
    {
      gboolean in_object = self->brackets[self->depth - 1] == '}';

      skip_space (self);
      if (next_is (self, ','))
        {
          self->at++;
          if (!in_object)
            return TRUE;
          skip_space (self);
          return scan_name (self);
        }
      if (!next_is (self, self->brackets[self->depth - 1]))
        return fail_expecting (self, in_object ? "',' or '}' after a member"
                                               : "',' or ']' after an item");
      if (!close_container (self))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan_document (Scanner *self)
{
  do
    {
      gboolean is_complete;

      if (!scan_value (self, &is_complete))
        return FALSE;
      if (is_complete && !scan_separators (self))
        return FALSE;
    }
  while (self->depth > 0);

  skip_space (self);
  if (self->at < self->end)
    return fail_expecting (self, "the end of the text");
  return TRUE;
}

gboolean
heptad_json_scan (HeptadTape *tape, const char *text, gsize length, GError **error)
{
  Scanner self;

  if (length > HEPTAD_VALUE_MAX_TEXT)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "the text has %" G_GSIZE_FORMAT " bytes, the most is %u; split it", length,
                   HEPTAD_VALUE_MAX_TEXT);
      return FALSE;
    }
  /* The text of all strings and numbers is never longer than their source, since a string loses its
   * quotes and gains a NUL and all numbers but one have a separator; a word may be written past. */
  heptad_tape_reserve_text (tape, length + 1 + sizeof (guint64));

  self.tape = tape;
  self.begin = self.at = text;
  self.end = text + length;
  self.depth = 0;
  self.problem = self.expected = NULL;
  if (scan_document (&self))
    return TRUE;
  heptad_json_set_error (error, self.code, text, self.at, self.end, self.expected, self.problem);
  return FALSE;
}
