/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-value-private.h"

#include <string.h>

/* A number taken apart: its value is 0.DIGITS × 10^exponent, where the digits neither begin nor end
 * with zero and leave out the point. */
typedef struct {
  const char *first; /* the first digit that is not zero; NULL for zero */
  const char *last;  /* the last one */
  gint64 exponent;
  gboolean is_negative;
} Parts;

/* Beyond it an exponent is only known to be huge. */
#define EXPONENT_LIMIT G_GINT64_CONSTANT (100000000000000000)

static gboolean
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static gint64
parse_exponent (const char *text, const char *end)
{
  gboolean negative = *text == '-';
  gint64 value = 0;

  if (*text == '-' || *text == '+')
    text++;
  for (; text < end && value < EXPONENT_LIMIT; text++)
    value = value * 10 + (*text - '0');
  value = MIN (value, EXPONENT_LIMIT);
  return negative ? -value : value;
}

static Parts
take_apart (const char *text, gsize length)
{
  const char *end = text + length;
  const char *point = NULL;
  const char *c = text;
  Parts parts = { NULL, NULL, 0, *text == '-' };

  if (parts.is_negative)
    c++;
  for (; c < end && (is_digit (*c) || *c == '.'); c++)
    if (*c == '.')
      point = c;
    else if (*c != '0')
      {
        parts.first = parts.first != NULL ? parts.first : c;
        parts.last = c;
      }
  if (parts.first == NULL)
    return (Parts){ 0 };

  if (point == NULL)
    point = c;
  parts.exponent = point > parts.first ? point - parts.first : point - parts.first + 1;
  if (c < end)
    parts.exponent += parse_exponent (c + 1, end);
  return parts;
}

static int
compare_digits (Parts a, Parts b)
{
  for (; a.first <= a.last && b.first <= b.last; a.first++, b.first++)
    {
      if (*a.first == '.')
        a.first++;
      if (*b.first == '.')
        b.first++;
      if (*a.first != *b.first)
        return *a.first < *b.first ? -1 : 1;
    }
  return (a.first <= a.last) - (b.first <= b.last);
}

int
heptad_number_compare (const char *a, gsize a_length, const char *b, gsize b_length)
{
  Parts left = take_apart (a, a_length);
  Parts right = take_apart (b, b_length);
  int order;

  if (left.first == NULL || right.first == NULL || left.is_negative != right.is_negative)
    {
      int left_sign = left.first == NULL ? 0 : left.is_negative ? -1 : 1;
      int right_sign = right.first == NULL ? 0 : right.is_negative ? -1 : 1;

      return (left_sign > right_sign) - (left_sign < right_sign);
    }
  if (left.exponent != right.exponent)
    order = left.exponent < right.exponent ? -1 : 1;
  else
    order = compare_digits (left, right);
  return left.is_negative ? -order : order;
}

gboolean
heptad_number_is_integer (const char *text, gsize length)
{
  Parts parts = take_apart (text, length);
  gint64 n_digits = 0;

  for (const char *c = parts.first; c != NULL && c <= parts.last; c++)
    n_digits += *c != '.';
  return n_digits <= parts.exponent || parts.first == NULL;
}

/* The digits of a whole number, without those zeros that end it. */
static gboolean
accumulate (Parts parts, guint64 *magnitude)
{
  gint64 n_digits = 0;
  guint64 sum = 0;

  for (const char *c = parts.first; c <= parts.last; c++)
    if (*c != '.')
      {
        if (__builtin_mul_overflow (sum, 10u, &sum)
            || __builtin_add_overflow (sum, (guint64) (*c - '0'), &sum))
          return FALSE;
        n_digits++;
      }
  if (n_digits > parts.exponent)
    return FALSE;
  for (; n_digits < parts.exponent; n_digits++)
    if (__builtin_mul_overflow (sum, 10u, &sum))
      return FALSE;
  *magnitude = sum;
  return TRUE;
}

gboolean
heptad_number_to_int64 (const char *text, gsize length, gint64 *out)
{
  Parts parts = take_apart (text, length);
  guint64 magnitude;

  if (parts.first == NULL)
    {
      *out = 0;
      return TRUE;
    }
  if (parts.exponent < 1 || parts.exponent > 19 || !accumulate (parts, &magnitude)
      || magnitude > (guint64) G_MAXINT64 + (parts.is_negative ? 1 : 0))
    return FALSE;
  *out = parts.is_negative ? (gint64) (0 - magnitude) : (gint64) magnitude;
  return TRUE;
}

static gsize
measure_digits (const char *text, const char *end)
{
  const char *c = text;

  while (c < end && is_digit (*c))
    c++;
  return (gsize) (c - text);
}

gsize
heptad_number_measure (const char *text, gsize length)
{
  const char *end = text + length;
  const char *c = text;
  gsize n;

  if (c < end && *c == '-')
    c++;
  n = measure_digits (c, end);
  if (n == 0 || (n > 1 && *c == '0'))
    return 0;
  c += n;
  if (c < end && *c == '.')
    {
      n = measure_digits (c + 1, end);
      if (n == 0)
        return 0;
      c += 1 + n;
    }
  if (c < end && (*c == 'e' || *c == 'E'))
    {
      c++;
      if (c < end && (*c == '+' || *c == '-'))
        c++;
      n = measure_digits (c, end);
      if (n == 0)
        return 0;
      c += n;
    }
  return (gsize) (c - text);
}
