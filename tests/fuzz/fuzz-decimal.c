/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "sdk/heptad-decimal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (HeptadDecimal value)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];
  gsize length = heptad_decimal_format (value, text);
  HeptadDecimal again;

  g_assert_cmpuint (length, ==, strlen (text));
  g_assert_true (heptad_decimal_parse (text, -1, &again, NULL));
  g_assert_cmpint (heptad_decimal_compare (value, again), ==, 0);
}

static void
check_arithmetic (HeptadDecimal a, HeptadDecimal b, guint scale)
{
  HeptadDecimal result, other;

  if (heptad_decimal_add (a, b, &result))
    {
      check_text (result);
      g_assert_true (heptad_decimal_subtract (result, b, &other));
      g_assert_cmpint (heptad_decimal_compare (other, a), ==, 0);
    }
  if (heptad_decimal_multiply (a, b, &result))
    {
      check_text (result);
      g_assert_true (heptad_decimal_multiply (b, a, &other));
      g_assert_cmpint (heptad_decimal_compare (other, result), ==, 0);
      if (!heptad_decimal_is_zero (b))
        {
          g_assert_true (heptad_decimal_divide (result, b, HEPTAD_DECIMAL_MAX_SCALE, &other));
          g_assert_cmpint (heptad_decimal_compare (other, a), ==, 0);
        }
    }
  if (heptad_decimal_divide (a, b, scale, &result))
    check_text (result);
  g_assert_cmpint (heptad_decimal_compare (a, b) > 0, ==, heptad_decimal_compare (b, a) < 0);
  check_text (heptad_decimal_round (a, scale));
}

/* Two numbers with a space between. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *space = size == 0 ? NULL : memchr (data, ' ', size);
  gsize first = space == NULL ? size : (gsize) (space - data);
  HeptadDecimal a, b;

  if (!heptad_decimal_parse ((const char *) data, (gssize) first, &a, NULL))
    return 0;
  check_text (a);
  if (space != NULL
      && heptad_decimal_parse ((const char *) space + 1, (gssize) (size - first - 1), &b, NULL))
    check_arithmetic (a, b, (guint) size % 40);
  return 0;
}
