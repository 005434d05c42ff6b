/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "heptad-decimal.h"
#include "heptad-error.h"

__extension__ typedef unsigned __int128 Magnitude;

#define MAX_DIGITS 38

/* Far beyond any exponent that can be held, and far from overflow when lengths are added to it. */
#define EXPONENT_LIMIT G_GINT64_CONSTANT (100000000000000000)

/* A number as it is read: coefficient × 10^zeros, of which the last @fraction digits stand behind
 * the point, × 10^exponent. The coefficient does not end with a zero, so only digits that matter
 * count against the limit. */
typedef struct {
  Magnitude coefficient;
  guint n_digits;
  gint64 zeros;
  gint64 fraction;
  gint64 exponent;
  gboolean is_negative;
} Reading;

static inline gboolean
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

/* FALSE when the number has too many digits. */
static gboolean
read_digit (Reading *reading, guint digit)
{
  if (digit == 0)
    {
      reading->zeros += reading->n_digits > 0;
      return TRUE;
    }
  if (reading->zeros >= MAX_DIGITS - (gint64) reading->n_digits)
    return FALSE;
  for (; reading->zeros > 0; reading->zeros--, reading->n_digits++)
    reading->coefficient *= 10;
  reading->coefficient = reading->coefficient * 10 + digit;
  reading->n_digits++;
  return TRUE;
}

static gboolean
set_malformed (GError **error)
{
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_MALFORMED,
               "this is not a decimal number; write digits with an optional sign, point and "
               "exponent, such as -12.50 or 8.4E-9");
  return FALSE;
}

static gboolean
set_too_long (GError **error)
{
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "the number has more digits than a decimal holds, which is %d, of them %d after "
               "the point",
               MAX_DIGITS, HEPTAD_DECIMAL_MAX_SCALE);
  return FALSE;
}

/* What stands after `e`. FALSE when it is no whole number. */
static gboolean
read_exponent (Reading *reading, const char *text, const char *end)
{
  gboolean is_negative = text < end && *text == '-';

  if (text < end && (*text == '-' || *text == '+'))
    text++;
  if (text == end)
    return FALSE;
  for (; text < end; text++)
    {
      if (!is_digit (*text))
        return FALSE;
      reading->exponent = MIN (reading->exponent * 10 + (*text - '0'), EXPONENT_LIMIT);
    }
  if (is_negative)
    reading->exponent = -reading->exponent;
  return TRUE;
}

/* FALSE when the text is malformed; @fits says whether its digits could be kept. */
static gboolean
read_text (Reading *reading, const char *text, const char *end, gboolean *fits)
{
  const char *point = NULL;
  gboolean has_digits = FALSE;

  reading->is_negative = text < end && *text == '-';
  if (text < end && (*text == '-' || *text == '+'))
    text++;
  for (; text < end && (is_digit (*text) || (*text == '.' && point == NULL)); text++)
    if (*text == '.')
      point = text;
    else
      {
        *fits = *fits && read_digit (reading, (guint) (*text - '0'));
        has_digits = TRUE;
      }
  if (!has_digits || text - 1 == point)
    return FALSE;
  reading->fraction = point == NULL ? 0 : text - 1 - point;
  if (text == end)
    return TRUE;
  return (*text == 'e' || *text == 'E') && read_exponent (reading, text + 1, end);
}

/* The scale that keeps as many of the written zeros as fit, or -1 when not even the others do. */
static gint64
choose_scale (const Reading *reading)
{
  gint64 scale = CLAMP (reading->fraction - reading->exponent, 0, HEPTAD_DECIMAL_MAX_SCALE);
  gint64 power = reading->zeros - reading->fraction + reading->exponent;

  if (reading->coefficient == 0)
    return scale;
  scale = MIN (scale, MAX_DIGITS - (gint64) reading->n_digits - power);
  return scale >= -power ? scale : -1;
}

gboolean
heptad_decimal_parse (const char *text, gssize length, HeptadDecimal *out, GError **error)
{
  const char *end;
  Reading reading = { 0 };
  gboolean fits = TRUE;
  gint64 scale;

  g_return_val_if_fail (text != NULL && out != NULL, FALSE);

  end = text + (length < 0 ? strlen (text) : (gsize) length);
  if (!read_text (&reading, text, end, &fits))
    return set_malformed (error);
  scale = fits ? choose_scale (&reading) : -1;
  if (scale < 0)
    return set_too_long (error);

  if (reading.coefficient != 0)
    for (gint64 i = reading.zeros - reading.fraction + reading.exponent + scale; i > 0; i--)
      reading.coefficient *= 10;
  if (reading.is_negative)
    reading.coefficient = 0 - reading.coefficient;
  *out = (HeptadDecimal){ (guint64) reading.coefficient,
                          (gint64) (guint64) (reading.coefficient >> 64), (guint32) scale, 0 };
  return TRUE;
}

/* Writes the digits so that they end at @end; returns where they begin. */
static char *
write_digits (Magnitude magnitude, char *end)
{
  const guint64 chunk = G_GUINT64_CONSTANT (1000000000000000000);

  while (magnitude != 0)
    {
      guint64 part = (guint64) (magnitude % chunk);

      magnitude /= chunk;
      for (int i = 0; i < 18 && (magnitude != 0 || part != 0); i++, part /= 10)
        *--end = (char) ('0' + part % 10);
    }
  return end;
}

gsize
heptad_decimal_format (HeptadDecimal decimal, char buffer[HEPTAD_DECIMAL_TEXT_SIZE])
{
  Magnitude bits = ((Magnitude) (guint64) decimal.high << 64) | decimal.low;
  char digits[HEPTAD_DECIMAL_TEXT_SIZE];
  char *end = digits + sizeof digits;
  char *begin = write_digits (decimal.high < 0 ? 0 - bits : bits, end);
  gsize scale = decimal.scale;
  char *at = buffer;

  while ((gsize) (end - begin) <= scale)
    *--begin = '0';
  for (; scale > 0 && end[-1] == '0'; scale--)
    end--;
  if (decimal.high < 0)
    *at++ = '-';
  memcpy (at, begin, (gsize) (end - begin) - scale);
  at += (gsize) (end - begin) - scale;
  if (scale > 0)
    {
      *at++ = '.';
      memcpy (at, end - scale, scale);
      at += scale;
    }
  *at = '\0';
  return (gsize) (at - buffer);
}

char *
heptad_decimal_to_string (HeptadDecimal decimal)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];
  gsize length = heptad_decimal_format (decimal, text);

  return g_strndup (text, length);
}

double
heptad_decimal_to_double (HeptadDecimal decimal)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];

  heptad_decimal_format (decimal, text);
  return g_ascii_strtod (text, NULL);
}
