/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-macros.h"

G_BEGIN_DECLS

/**
 * HEPTAD_DECIMAL_TEXT_SIZE:
 *
 * Bytes that hold any decimal as text, with its terminating NUL.
 */
#define HEPTAD_DECIMAL_TEXT_SIZE 48

/**
 * HEPTAD_DECIMAL_MAX_SCALE:
 *
 * The most digits after the point. The coefficient has at most 38 digits.
 */
#define HEPTAD_DECIMAL_MAX_SCALE 37

/**
 * HeptadDecimal:
 *
 * An exact decimal number: a 128-bit coefficient and a scale. A plain value, passed and copied by
 * assignment; all zero bytes is 0. Equal numbers of different scale (`1.5`, `1.50`) compare equal.
 *
 * Since: 1.0
 */
typedef struct {
  /*< private >*/
  guint64 low;
  gint64 high;
  guint32 scale;
  guint32 reserved;
} HeptadDecimal;

#define HEPTAD_DECIMAL_ZERO ((HeptadDecimal){ 0 })

/**
 * heptad_decimal_parse:
 * @text: digits with an optional sign, point and exponent (`-12.50`, `.5`,
 *   `8.4E-9`); no spaces
 * @length: bytes in @text, or -1 when NUL-terminated
 * @out: (out): where to put the number; untouched on failure
 * @error: why not: %HEPTAD_ERROR_MALFORMED, or %HEPTAD_ERROR_INVALID_INPUT when it is a number of
 *   more digits than a decimal holds
 *
 * Reads a number exactly. Trailing zeros after the point are kept as scale. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_parse (const char *text, gssize length, HeptadDecimal *out, GError **error);

HEPTAD_AVAILABLE_IN_1_0
HeptadDecimal heptad_decimal_from_int64 (gint64 number);

/**
 * heptad_decimal_format:
 * @decimal: a number
 * @buffer: (out caller-allocates): at least %HEPTAD_DECIMAL_TEXT_SIZE bytes
 *
 * Writes @decimal as plain digits, never with an exponent. Zero digits after the point that end the
 * number are dropped, and so is `-0`: equal numbers give equal text. Any thread.
 *
 * Returns: the length written, without the NUL
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gsize heptad_decimal_format (HeptadDecimal decimal, char buffer[HEPTAD_DECIMAL_TEXT_SIZE]);

/**
 * heptad_decimal_to_string:
 *
 * As heptad_decimal_format(). Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
char *heptad_decimal_to_string (HeptadDecimal decimal);

/**
 * heptad_decimal_add:
 * @out: (out): the exact sum; may be one of the operands; untouched on failure
 *
 * Returns: %FALSE when the exact result has more digits than a decimal holds; @out is then
 * untouched
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_add (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_subtract (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_multiply (HeptadDecimal a, HeptadDecimal b, HeptadDecimal *out);

/**
 * heptad_decimal_divide:
 * @scale: the most digits to keep after the point; an exact quotient may need fewer
 * @out: (out): the quotient, rounded half to even; untouched on failure
 *
 * Returns: %FALSE for a division by zero or a quotient too long
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_divide (HeptadDecimal a, HeptadDecimal b, guint scale, HeptadDecimal *out);

/**
 * heptad_decimal_round:
 * @scale: digits to keep after the point
 *
 * Rounds half to even. A number that has no more digits is returned as it is. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadDecimal heptad_decimal_round (HeptadDecimal decimal, guint scale);

/**
 * heptad_decimal_compare:
 *
 * Returns: below, at or above zero as @a is less than, equal to or greater than @b
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
int heptad_decimal_compare (HeptadDecimal a, HeptadDecimal b);

HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_decimal_is_zero (HeptadDecimal decimal);

/**
 * heptad_decimal_to_double:
 *
 * The nearest binary fraction, for charts and statistics; never for money that goes on. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
double heptad_decimal_to_double (HeptadDecimal decimal);

G_END_DECLS
