/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "heptad-decimal.h"
#include "heptad-error.h"

static HeptadDecimal
decimal (const char *text)
{
  HeptadDecimal value;
  g_autoptr (GError) error = NULL;

  heptad_decimal_parse (text, -1, &value, &error);
  g_assert_no_error (error);
  return value;
}

static void
assert_text (HeptadDecimal value, const char *expected)
{
  g_autofree char *text = heptad_decimal_to_string (value);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (const char *text, HeptadError code)
{
  HeptadDecimal value = { 1, 2, 3, 4 };
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_decimal_parse (text, -1, &value, &error));
  g_assert_error (error, HEPTAD_ERROR, (int) code);
  g_assert_cmpuint (value.low, ==, 1);
}

static void
test_read_and_written (void)
{
  static const char *const cases[][2] = {
    { "0", "0" },
    { "-0", "0" },
    { "-0.000", "0" },
    { "+7", "7" },
    { "007.50", "7.5" },
    { ".5", "0.5" },
    { "-12.50", "-12.5" },
    { "8.4E-9", "0.0000000084" },
    { "1e3", "1000" },
    { "12.5e1", "125" },
    { "1.25e1", "12.5" },
    { "0e400", "0" },
    { "0e-400", "0" },
    { "12345678901234567890", "12345678901234567890" },
    { "20.52022672899", "20.52022672899" },
    { "99999999999999999999999999999999999999", "99999999999999999999999999999999999999" },
    { "-9.9999999999999999999999999999999999999", "-9.9999999999999999999999999999999999999" },
    { "1e37", "10000000000000000000000000000000000000" },
    { "1e-37", "0.0000000000000000000000000000000000001" },
    { "100000000000000000000000000000000000000e-1", "10000000000000000000000000000000000000" },
    { "1.00000000000000000000000000000000000000000000000000", "1" },
    { "0.00000000000000000000000000000000000000000000000000", "0" },
    { "0.0000000000000000000000000000000000000000000001e46", "1" },
    { "1e00000000000000000000000000000000000000000000002", "100" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_text (decimal (cases[i][0]), cases[i][1]);
}

static void
test_refusals (void)
{
  static const char *const malformed[] = {
    "",    "-",   "+",   ".",   "5.",  "1.2.3", "1e",    "1e+", "e5",    " 1",      "1 ",
    "0x1", "1,5", "--1", "inf", "NaN", "1e5.",  "1e1e1", "-.",  "1_000", "\xd9\xa1"
  };
  static const char *const too_long[] = { "1e400",
                                          "-1e38",
                                          "1e-38",
                                          "1e-400",
                                          "100000000000000000000000000000000000001e0",
                                          "123456789012345678901234567890123456789",
                                          "1.00000000000000000000000000000000000001",
                                          "1e99999999999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    assert_refused (malformed[i], HEPTAD_ERROR_MALFORMED);
  for (gsize i = 0; i < G_N_ELEMENTS (too_long); i++)
    assert_refused (too_long[i], HEPTAD_ERROR_INVALID_INPUT);
}

static void
test_length_bounds_the_text (void)
{
  HeptadDecimal value;

  g_assert_true (heptad_decimal_parse ("12.5 EUR", 4, &value, NULL));
  assert_text (value, "12.5");
  g_assert_false (heptad_decimal_parse ("12", 0, &value, NULL));
}

static void
test_limits_of_arithmetic (void)
{
  HeptadDecimal most = decimal ("99999999999999999999999999999999999999");
  HeptadDecimal out = decimal ("42");

  g_assert_false (heptad_decimal_add (most, decimal ("1"), &out));
  g_assert_false (heptad_decimal_subtract (decimal ("-1"), most, &out));
  g_assert_false (heptad_decimal_add (most, decimal ("0.1"), &out));
  g_assert_false (heptad_decimal_multiply (most, decimal ("1.1"), &out));
  g_assert_false (heptad_decimal_multiply (decimal ("1e-20"), decimal ("1e-20"), &out));
  g_assert_false (heptad_decimal_divide (most, decimal ("0.1"), 0, &out));
  g_assert_false (heptad_decimal_divide (most, decimal ("0"), 0, &out));
  assert_text (out, "42");

  /* The result fits though a step on the way is wider. */
  g_assert_true (heptad_decimal_add (decimal ("10"), decimal ("-1e-37"), &out));
  assert_text (out, "9.9999999999999999999999999999999999999");
  g_assert_true (
      heptad_decimal_add (decimal ("1e37"), decimal ("1.0000000000000000000000000"), &out));
  assert_text (out, "10000000000000000000000000000000000001");
  g_assert_true (heptad_decimal_add (decimal ("30000000000000000000000000000000000000"),
                                     decimal ("9999999999999999999999999999999999999.0"), &out));
  assert_text (out, "39999999999999999999999999999999999999");
  g_assert_true (heptad_decimal_multiply (decimal ("1e37"), decimal ("1e-37"), &out));
  assert_text (out, "1");
  /* 2^100 × 5^20, both with ten digits behind the point. */
  g_assert_true (heptad_decimal_multiply (decimal ("1267650600228229401496703205376e-10"),
                                          decimal ("95367431640625e-10"), &out));
  assert_text (out, "1208925819614629174706176");
}

static void
test_division_rounds_half_to_even (void)
{
  static const struct {
    const char *a, *b;
    guint scale;
    const char *expected;
  } cases[] = {
    { "1", "3", 4, "0.3333" },
    { "2", "3", 4, "0.6667" },
    { "1", "8", 2, "0.12" },
    { "3", "8", 2, "0.38" },
    { "-1", "8", 2, "-0.12" },
    { "100", "1", 37, "100" },
    { "1", "0.0001", 2, "10000" },
    { "2.5", "1", 0, "2" },
    { "3.5", "1", 0, "4" },
    { "2.5000001", "1", 0, "3" },
    { "25", "10.00", 0, "2" },
    { "0", "7", 5, "0" },
    { "1", "7", 99, "0.1428571428571428571428571428571428571" },
    { "7.5", "3", 0, "2" },
    { "7.6", "3", 0, "3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      HeptadDecimal out;

      g_assert_true (
          heptad_decimal_divide (decimal (cases[i].a), decimal (cases[i].b), cases[i].scale, &out));
      assert_text (out, cases[i].expected);
    }
}

static void
test_rounding (void)
{
  assert_text (heptad_decimal_round (decimal ("0.125"), 2), "0.12");
  assert_text (heptad_decimal_round (decimal ("0.135"), 2), "0.14");
  assert_text (heptad_decimal_round (decimal ("-0.125"), 2), "-0.12");
  assert_text (heptad_decimal_round (decimal ("-0.5"), 0), "0");
  assert_text (heptad_decimal_round (decimal ("9.9999999999999999999999999999999999999"), 0), "10");
  assert_text (heptad_decimal_round (decimal ("1.5"), 30), "1.5");
}

static void
test_order (void)
{
  static const char *const ascending[] = { "-99999999999999999999999999999999999999",
                                           "-1.5",
                                           "-1.4",
                                           "-1e-37",
                                           "0.0",
                                           "1e-37",
                                           "1.4999999999",
                                           "1.5",
                                           "10",
                                           "99999999999999999999999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (ascending); j++)
      {
        int order = heptad_decimal_compare (decimal (ascending[i]), decimal (ascending[j]));

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
  g_assert_cmpint (heptad_decimal_compare (decimal ("1.5"), decimal ("1.50")), ==, 0);
  g_assert_true (heptad_decimal_is_zero (decimal ("-0.00")));
  g_assert_false (heptad_decimal_is_zero (decimal ("1e-37")));
}

static void
test_conversions (void)
{
  assert_text (heptad_decimal_from_int64 (G_MININT64), "-9223372036854775808");
  assert_text (heptad_decimal_from_int64 (G_MAXINT64), "9223372036854775807");
  assert_text (HEPTAD_DECIMAL_ZERO, "0");
  g_assert_true (heptad_decimal_to_double (decimal ("0.1")) == 0.1);
  g_assert_true (heptad_decimal_to_double (decimal ("-12345678.9")) == -12345678.9);
}

/* The reference: schoolbook integers of decimal digits, lowest first, and a count of those that
 * stand behind the point. Shares nothing with what it checks. */
#define REFERENCE_DIGITS 320

typedef struct {
  int digit[REFERENCE_DIGITS];
  int scale;
  int sign;
} Reference;

static Reference
reference_from_text (const char *text)
{
  Reference r = { .sign = *text == '-' ? -1 : 1 };
  const char *point = strchr (text, '.');
  int n = 0;

  for (gsize i = strlen (text); i-- > 0;)
    if (g_ascii_isdigit (text[i]))
      r.digit[n++] = text[i] - '0';
  r.scale = point == NULL ? 0 : (int) strlen (point + 1);
  return r;
}

static int
reference_compare_magnitude (const Reference *a, const Reference *b)
{
  for (int i = REFERENCE_DIGITS - 1; i >= 0; i--)
    if (a->digit[i] != b->digit[i])
      return a->digit[i] - b->digit[i];
  return 0;
}

static Reference
reference_rescale (Reference r, int scale)
{
  int shift = scale - r.scale;

  g_assert_cmpint (shift, >=, 0);
  memmove (r.digit + shift, r.digit, (gsize) (REFERENCE_DIGITS - shift) * sizeof (int));
  memset (r.digit, 0, (gsize) shift * sizeof (int));
  r.scale = scale;
  return r;
}

static Reference
reference_add (Reference a, Reference b)
{
  int scale = MAX (a.scale, b.scale);
  Reference sum = { .scale = scale };
  int carry = 0;

  a = reference_rescale (a, scale);
  b = reference_rescale (b, scale);
  if (reference_compare_magnitude (&a, &b) < 0)
    {
      Reference swap = a;

      a = b;
      b = swap;
    }
  sum.sign = a.sign;
  for (int i = 0; i < REFERENCE_DIGITS; i++)
    {
      int digit = a.digit[i] + (a.sign == b.sign ? b.digit[i] : -b.digit[i]) + carry;

      carry = digit < 0 ? -1 : digit / 10;
      sum.digit[i] = (digit + 10) % 10;
    }
  return sum;
}

static Reference
reference_multiply (Reference a, Reference b)
{
  Reference product = { .scale = a.scale + b.scale, .sign = a.sign * b.sign };

  for (int i = 0; i < REFERENCE_DIGITS / 2; i++)
    for (int j = 0; j < REFERENCE_DIGITS / 2; j++)
      product.digit[i + j] += a.digit[i] * b.digit[j];
  for (int i = 0; i + 1 < REFERENCE_DIGITS; i++)
    {
      product.digit[i + 1] += product.digit[i] / 10;
      product.digit[i] %= 10;
    }
  return product;
}

/* In plain digits, without zeros at either end; NULL when a decimal cannot hold it. */
static char *
reference_to_text (const Reference *r)
{
  GString *text = g_string_new (NULL);
  int low = 0, high = REFERENCE_DIGITS - 1;

  while (low < r->scale && r->digit[low] == 0)
    low++;
  while (high > r->scale && r->digit[high] == 0)
    high--;
  for (int i = high; i >= low; i--)
    {
      if (i == r->scale - 1)
        g_string_append_c (text, '.');
      g_string_append_c (text, (char) ('0' + r->digit[i]));
    }
  if (r->sign < 0 && strcmp (text->str, "0") != 0)
    g_string_prepend_c (text, '-');
  while (high >= low && r->digit[high] == 0)
    high--;
  if (high - low + 1 > 38 || r->scale - low > HEPTAD_DECIMAL_MAX_SCALE)
    return g_string_free (text, TRUE), NULL;
  return g_string_free (text, FALSE);
}

static char *
random_decimal_text (void)
{
  GString *text = g_string_new (g_test_rand_bit () ? "-" : "");
  int n_digits = g_test_rand_bit () ? g_test_rand_int_range (1, 39) : g_test_rand_int_range (1, 8);
  int zeros = g_test_rand_int_range (0, 3) == 0 ? g_test_rand_int_range (0, n_digits) : 0;
  int scale = g_test_rand_int_range (0, MIN (n_digits, 38));

  for (int i = 0; i < n_digits; i++)
    {
      if (i > 0 && i == n_digits - scale)
        g_string_append_c (text, '.');
      g_string_append_c (text, i > 0 && i >= n_digits - zeros
                                   ? '0'
                                   : (char) ('0' + g_test_rand_int_range (0, 10)));
    }
  return g_string_free (text, FALSE);
}

static void
assert_matches (gboolean fits, HeptadDecimal value, const Reference *reference)
{
  g_autofree char *expected = reference_to_text (reference);

  g_assert_cmpint (fits, ==, expected != NULL);
  if (fits)
    assert_text (value, expected);
}

/* |a − q·b| is at most half a unit of the last kept digit, times |b|, and just half only if q is
 * even. */
static void
assert_is_quotient (Reference a, Reference b, HeptadDecimal quotient, guint scale)
{
  g_autofree char *text = heptad_decimal_to_string (quotient);
  Reference q = reference_from_text (text);
  Reference two = reference_from_text ("2"), unit = reference_from_text ("1");
  Reference product = reference_multiply (q, b), rest;
  int order;

  product.sign = -product.sign;
  rest = reference_multiply (reference_add (a, product), two);
  unit.scale = (int) scale;
  unit = reference_multiply (unit, b);
  rest = reference_rescale (rest, 120);
  unit = reference_rescale (unit, 120);
  order = reference_compare_magnitude (&rest, &unit);
  g_assert_cmpint (order, <=, 0);
  g_assert_cmpint ((int) scale, >=, q.scale);
  if (order == 0 && q.scale == (int) scale)
    g_assert_cmpint (q.digit[0] % 2, ==, 0);
}

static void
test_against_schoolbook (void)
{
  for (int round = 0; round < 4000; round++)
    {
      g_autofree char *a_text = random_decimal_text ();
      g_autofree char *b_text = random_decimal_text ();
      Reference a = reference_from_text (a_text), b = reference_from_text (b_text), expected;
      HeptadDecimal x = decimal (a_text), y = decimal (b_text), out = HEPTAD_DECIMAL_ZERO;
      guint scale = (guint) g_test_rand_int_range (0, 38);
      gboolean fits;

      expected = reference_add (a, b);
      fits = heptad_decimal_add (x, y, &out);
      assert_matches (fits, out, &expected);
      if (round % 4 == 0)
        {
          expected = reference_multiply (a, b);
          fits = heptad_decimal_multiply (x, y, &out);
          assert_matches (fits, out, &expected);
          if (heptad_decimal_divide (x, y, scale, &out))
            assert_is_quotient (a, b, out, scale);
        }
      b.sign = -b.sign;
      expected = reference_add (a, b);
      fits = heptad_decimal_subtract (x, y, &out);
      assert_matches (fits, out, &expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimal/text-is-read-and-written-exactly", test_read_and_written);
  g_test_add_func ("/decimal/what-is-no-decimal-is-refused-and-leaves-the-output", test_refusals);
  g_test_add_func ("/decimal/a-length-bounds-the-text", test_length_bounds_the_text);
  g_test_add_func ("/decimal/a-result-is-exact-or-refused", test_limits_of_arithmetic);
  g_test_add_func ("/decimal/division-rounds-half-to-even", test_division_rounds_half_to_even);
  g_test_add_func ("/decimal/rounding-is-half-to-even", test_rounding);
  g_test_add_func ("/decimal/order-ignores-scale", test_order);
  g_test_add_func ("/decimal/conversions-are-exact", test_conversions);
  g_test_add_func ("/decimal/arithmetic-agrees-with-schoolbook-arithmetic",
                   test_against_schoolbook);
  return g_test_run ();
}
