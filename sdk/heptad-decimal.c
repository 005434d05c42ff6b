/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-decimal.h"

__extension__ typedef unsigned __int128 Magnitude;
__extension__ typedef __int128 Coefficient;

#define MAX_DIGITS 38
#define MAX_SCALE  HEPTAD_DECIMAL_MAX_SCALE
#define POW19      G_GUINT64_CONSTANT (10000000000000000000)

/* A decimal taken apart: sign and magnitude, so that sums just beyond 38 digits can be looked at.
 */
typedef struct {
  Magnitude magnitude;
  gboolean is_negative;
  guint scale;
} Number;

static Magnitude
power_of_ten (guint exponent)
{
  static const guint64 small[] = {
    G_GUINT64_CONSTANT (1),
    G_GUINT64_CONSTANT (10),
    G_GUINT64_CONSTANT (100),
    G_GUINT64_CONSTANT (1000),
    G_GUINT64_CONSTANT (10000),
    G_GUINT64_CONSTANT (100000),
    G_GUINT64_CONSTANT (1000000),
    G_GUINT64_CONSTANT (10000000),
    G_GUINT64_CONSTANT (100000000),
    G_GUINT64_CONSTANT (1000000000),
    G_GUINT64_CONSTANT (10000000000),
    G_GUINT64_CONSTANT (100000000000),
    G_GUINT64_CONSTANT (1000000000000),
    G_GUINT64_CONSTANT (10000000000000),
    G_GUINT64_CONSTANT (100000000000000),
    G_GUINT64_CONSTANT (1000000000000000),
    G_GUINT64_CONSTANT (10000000000000000),
    G_GUINT64_CONSTANT (100000000000000000),
    G_GUINT64_CONSTANT (1000000000000000000),
    POW19,
  };

  g_assert (exponent <= MAX_DIGITS);
  return exponent <= 19 ? small[exponent] : (Magnitude) POW19 * small[exponent - 19];
}

static inline gboolean
is_too_long (Magnitude magnitude)
{
  return magnitude >= (Magnitude) POW19 * POW19;
}

static Number
unpack (HeptadDecimal decimal)
{
  Coefficient coefficient =
      (Coefficient) (((Magnitude) (guint64) decimal.high << 64) | decimal.low);
  gboolean is_negative = decimal.high < 0;

  return (Number){ is_negative ? 0 - (Magnitude) coefficient : (Magnitude) coefficient, is_negative,
                   decimal.scale };
}

static HeptadDecimal
pack (Number number)
{
  Magnitude bits = number.is_negative ? 0 - number.magnitude : number.magnitude;

  return (HeptadDecimal){ (guint64) bits, (gint64) (guint64) (bits >> 64), number.scale, 0 };
}

/* Drops zeros at the end until the number fits, and packs it if it does. */
static gboolean
pack_fitting (Number number, HeptadDecimal *out)
{
  while (number.scale > 0 && (number.scale > MAX_SCALE || is_too_long (number.magnitude)))
    {
      if (number.magnitude % 10 != 0)
        return FALSE;
      number.magnitude /= 10;
      number.scale--;
    }
  if (is_too_long (number.magnitude))
    return FALSE;
  *out = pack (number);
  return TRUE;
}

static Number
strip_zeros (Number number)
{
  while (number.scale > 0 && number.magnitude % 10 == 0)
    {
      number.magnitude /= 10;
      number.scale--;
    }
  return number;
}

static gboolean
rescale (Number *number, guint scale)
{
  guint digits = scale - number->scale;

  if (digits == 0)
    return TRUE;
  if (__builtin_mul_overflow (number->magnitude, power_of_ten (digits), &number->magnitude))
    return FALSE;
  number->scale = scale;
  return TRUE;
}

/* FALSE when the two cannot be brought to one scale in 128 bits. Without zeros at the end that
 * means that their sum does not fit either: it needs every digit of the finer one. */
static gboolean
align (Number *a, Number *b)
{
  Number x = *a, y = *b;
  guint scale = MAX (x.scale, y.scale);

  if (!rescale (&x, scale) || !rescale (&y, scale))
    {
      x = strip_zeros (*a);
      y = strip_zeros (*b);
      scale = MAX (x.scale, y.scale);
      if (!rescale (&x, scale) || !rescale (&y, scale))
        return FALSE;
    }
  *a = x;
  *b = y;
  return TRUE;
}

/* Adds two magnitudes of one sign. One that was scaled up may have 39 digits, and so the sum more
 * than 128 bits, only to lose a zero at its end: then the two are added without such zeros. */
static gboolean
add_magnitudes (Number *a, Number *b)
{
  Magnitude sum;

  if (__builtin_add_overflow (a->magnitude, b->magnitude, &sum))
    {
      *a = strip_zeros (*a);
      *b = strip_zeros (*b);
      if (!align (a, b) || __builtin_add_overflow (a->magnitude, b->magnitude, &sum))
        return FALSE;
    }
  a->magnitude = sum;
  return TRUE;
}

static gboolean
add (Number a, Number b, HeptadDecimal *out)
{
  if (!align (&a, &b))
    return FALSE;
  if (a.is_negative == b.is_negative)
    {
      if (!add_magnitudes (&a, &b))
        return FALSE;
    }
  else if (a.magnitude >= b.magnitude)
    a.magnitude -= b.magnitude;
  else
    {
      a.magnitude = b.magnitude - a.magnitude;
      a.is_negative = b.is_negative;
    }
  return pack_fitting (a, out);
}

gboolean
heptad_decimal_add (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out)
{
  return add (unpack (a), unpack (b), out);
}

gboolean
heptad_decimal_subtract (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out)
{
  Number negated = unpack (b);

  negated.is_negative = !negated.is_negative;
  return add (unpack (a), negated, out);
}

/* Takes a factor ten out of the product of the two, from one of them or as 2 × 5 from both. */
static gboolean
divide_product_by_ten (Magnitude *a, Magnitude *b)
{
  guint from_a = *a % 10 == 0 ? 10 : *a % 5 == 0 ? 5 : *a % 2 == 0 ? 2 : 1;
  guint from_b;

  if (*b % 10 == 0)
    from_a = 1;
  from_b = 10 / from_a;
  if (*b % from_b != 0)
    return FALSE;
  *a /= from_a;
  *b /= from_b;
  return TRUE;
}

gboolean
heptad_decimal_multiply (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out)
{
  Number x = unpack (a), y = unpack (b);
  Number product = { 0, x.is_negative != y.is_negative, x.scale + y.scale };

  while (__builtin_mul_overflow (x.magnitude, y.magnitude, &product.magnitude)
         || is_too_long (product.magnitude) || product.scale > MAX_SCALE)
    {
      if (product.scale == 0 || !divide_product_by_ten (&x.magnitude, &y.magnitude))
        return FALSE;
      product.scale--;
    }
  *out = pack (product);
  return TRUE;
}

/* Whether a quotient with the remainder @rest of @divisor is rounded up. */
static gboolean
rounds_up (Magnitude quotient, Magnitude rest, Magnitude divisor)
{
  Magnitude other = divisor - rest;

  return rest > other || (rest == other && quotient % 2 == 1);
}

static Number
round_to (Number number, guint scale, gboolean has_more)
{
  Magnitude divisor = power_of_ten (number.scale - scale);
  Magnitude rest = number.magnitude % divisor;

  number.magnitude /= divisor;
  if (rounds_up (number.magnitude, rest, divisor) || (has_more && rest == divisor / 2 && rest > 0))
    number.magnitude++;
  number.scale = scale;
  return number;
}

/* The next digit of a long division: 10 × @rest by @divisor, by doubling, since ten times a
 * 38-digit number is more than 128 bits. */
static guint
divide_next_digit (Magnitude *rest, Magnitude divisor)
{
  const Magnitude once = *rest;
  Magnitude sum = 0;
  guint digit = 0;

  for (int bit = 3; bit >= 0; bit--) /* ten is 1010 */
    {
      sum *= 2;
      digit = digit * 2 + (sum >= divisor);
      sum -= sum >= divisor ? divisor : 0;
      if (bit % 2 == 1)
        {
          sum += once;
          digit += sum >= divisor;
          sum -= sum >= divisor ? divisor : 0;
        }
    }
  *rest = sum;
  return digit;
}

gboolean
heptad_decimal_divide (HeptadDecimal a, HeptadDecimal b, guint scale, HeptadDecimal *out)
{
  Number x = unpack (a), y = strip_zeros (unpack (b));
  Number quotient = { 0, x.is_negative != y.is_negative, 0 };
  int digits_after_point = (int) x.scale - (int) y.scale;
  Magnitude rest;

  if (y.magnitude == 0)
    return FALSE;
  scale = MIN (scale, MAX_SCALE);
  quotient.magnitude = x.magnitude / y.magnitude;
  rest = x.magnitude % y.magnitude;
  while (digits_after_point < 0 || (digits_after_point < (int) scale && rest != 0))
    {
      guint digit = divide_next_digit (&rest, y.magnitude);

      if (quotient.magnitude >= power_of_ten (MAX_DIGITS - 1))
        return FALSE;
      quotient.magnitude = quotient.magnitude * 10 + digit;
      digits_after_point++;
    }

  quotient.scale = (guint) digits_after_point;
  if (quotient.scale > scale)
    quotient = round_to (quotient, scale, rest != 0);
  else if (rounds_up (quotient.magnitude, rest, y.magnitude))
    quotient.magnitude++;
  return pack_fitting (quotient, out);
}

HeptadDecimal
heptad_decimal_round (HeptadDecimal decimal, guint scale)
{
  return scale >= decimal.scale ? decimal : pack (round_to (unpack (decimal), scale, FALSE));
}

int
heptad_decimal_compare (HeptadDecimal a, HeptadDecimal b)
{
  Number x = unpack (a), y = unpack (b);
  Magnitude x_unit = power_of_ten (x.scale), y_unit = power_of_ten (y.scale);
  Magnitude x_part = x.magnitude / x_unit, y_part = y.magnitude / y_unit;
  int order;

  if (x.is_negative != y.is_negative)
    return x.is_negative ? -1 : 1;
  if (x_part == y_part)
    {
      x_part = x.magnitude % x_unit * power_of_ten (MAX_SCALE - x.scale);
      y_part = y.magnitude % y_unit * power_of_ten (MAX_SCALE - y.scale);
    }
  order = (x_part > y_part) - (x_part < y_part);
  return x.is_negative ? -order : order;
}

gboolean
heptad_decimal_is_zero (HeptadDecimal decimal)
{
  return decimal.low == 0 && decimal.high == 0;
}

HeptadDecimal
heptad_decimal_from_int64 (gint64 number)
{
  return (HeptadDecimal){ (guint64) number, number < 0 ? -1 : 0, 0, 0 };
}
