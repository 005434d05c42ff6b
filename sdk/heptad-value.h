/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-decimal.h"

G_BEGIN_DECLS

/**
 * HeptadValue:
 *
 * One JSON value, immutable, with exact numbers and strings that know their length. A whole
 * document is one allocation; members and items are borrowed from it and live as long as any
 * reference to any part of it. May be read from any thread at once.
 *
 * Since: 1.0
 */
typedef struct _HeptadValue HeptadValue;

#define HEPTAD_TYPE_VALUE (heptad_value_get_type ())
HEPTAD_AVAILABLE_IN_1_0
GType heptad_value_get_type (void);

/**
 * HeptadValueType:
 * @HEPTAD_VALUE_NULL: `null`
 * @HEPTAD_VALUE_BOOLEAN: `true` or `false`
 * @HEPTAD_VALUE_NUMBER: any number; its exact text is kept
 * @HEPTAD_VALUE_STRING: UTF-8, may hold NUL bytes
 * @HEPTAD_VALUE_ARRAY: items in order
 * @HEPTAD_VALUE_OBJECT: members in the order written, names unique
 *
 * Since: 1.0
 */
typedef enum {
  HEPTAD_VALUE_NULL,
  HEPTAD_VALUE_BOOLEAN,
  HEPTAD_VALUE_NUMBER,
  HEPTAD_VALUE_STRING,
  HEPTAD_VALUE_ARRAY,
  HEPTAD_VALUE_OBJECT,
} HeptadValueType;

/**
 * heptad_value_parse:
 * @text: JSON text, not necessarily NUL-terminated
 * @length: bytes in @text, or -1 when NUL-terminated
 * @error: %HEPTAD_ERROR_MALFORMED, saying what was wrong at which line and column;
 *   %HEPTAD_ERROR_TOO_LARGE for more than 128 levels, 64 MiB or 8 million values
 *
 * Parses RFC 8259 strictly in one pass: UTF-8, grammar, depth, size, no duplicate names, no lone
 * surrogates. Any thread.
 *
 * Returns: (transfer full): the value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_parse (const char *text, gssize length, GError **error);

/**
 * heptad_value_print:
 *
 * Writes @value as compact JSON; numbers as they were given. Any thread.
 *
 * Returns: (transfer full): the text
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
char *heptad_value_print (const HeptadValue *value);

/**
 * heptad_value_print_to:
 * @into: appended to
 *
 * As heptad_value_print(). Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_value_print_to (const HeptadValue *value, GString *into);

HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_ref (const HeptadValue *value);
HEPTAD_AVAILABLE_IN_1_0
void heptad_value_unref (HeptadValue *value);

HEPTAD_AVAILABLE_IN_1_0
HeptadValueType heptad_value_get_value_type (const HeptadValue *value);

/**
 * heptad_value_equal:
 *
 * JSON equality: numbers by value (`1` equals `1.0`), objects in any order. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_equal (const HeptadValue *a, const HeptadValue *b);

/**
 * heptad_value_compare_numbers:
 * @a: a number
 * @b: a number
 *
 * Orders two numbers by exact value, however long they are; only exponents beyond 10^17 are not
 * told apart. Any thread.
 *
 * Returns: below, at or above zero as @a is less than, equal to or greater than @b
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
int heptad_value_compare_numbers (const HeptadValue *a, const HeptadValue *b);

/* Scalars. Each returns a neutral value (FALSE, 0, NULL) when @value is NULL or of another type, so
 * that a chain of look-ups needs no checks between; the try_ forms say which. */

HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_get_boolean (const HeptadValue *value);

/**
 * heptad_value_get_int64:
 * @value: (nullable): a value
 *
 * Returns: the number, or 0 when it is no whole number of 64 bits
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_value_get_int64 (const HeptadValue *value);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_try_int64 (const HeptadValue *value, gint64 *out);

/**
 * heptad_value_is_integer:
 * @value: (nullable): a value
 *
 * Returns: whether it is a number without a fraction, of any size: `1.0` is, and so is `1e400`
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_is_integer (const HeptadValue *value);
HEPTAD_AVAILABLE_IN_1_0
double heptad_value_get_double (const HeptadValue *value);

/**
 * heptad_value_try_decimal:
 * @value: (nullable): a number, or a string that holds one
 * @out: (out): the exact number
 *
 * Returns: %FALSE when @value is neither, or has more digits than a decimal holds
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_try_decimal (const HeptadValue *value, HeptadDecimal *out);

/**
 * heptad_value_get_string:
 * @value: (nullable): a string
 *
 * Returns: (transfer none) (nullable): the string, NUL-terminated, owned by @value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_value_get_string (const HeptadValue *value);

/**
 * heptad_value_get_text:
 * @value: (nullable): a string or a number
 * @length: (out) (optional): bytes in it
 *
 * The string's bytes, or the number exactly as it was written.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_value_get_text (const HeptadValue *value, gsize *length);

/* Containers. */

/**
 * heptad_value_get_size:
 * @value: (nullable): an array or object
 *
 * Returns: how many items or members; 0 for anything else
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
guint heptad_value_get_size (const HeptadValue *value);

/**
 * heptad_value_get_item:
 * @value: (nullable): an array
 * @index: from 0; constant time
 *
 * Returns: (transfer none) (nullable): the item
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_value_get_item (const HeptadValue *value, guint index);

/**
 * heptad_value_get_member:
 * @value: (nullable): an object
 * @name: a member's name
 *
 * Returns: (transfer none) (nullable): the member's value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_value_get_member (const HeptadValue *value, const char *name);

/**
 * heptad_value_get_member_at:
 * @value: (nullable): an object
 * @index: from 0; constant time
 * @name: (out) (optional) (transfer none): its name
 *
 * Returns: (transfer none) (nullable): the member's value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *
heptad_value_get_member_at (const HeptadValue *value, guint index, const char **name);

/**
 * heptad_value_get_name_at:
 * @value: (nullable): an object
 * @index: from 0; constant time
 *
 * As the name that heptad_value_get_member_at() gives, but it knows its length.
 *
 * Returns: (transfer none) (nullable): the member's name, a string
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_value_get_name_at (const HeptadValue *value, guint index);

/**
 * heptad_value_lookup_pointer:
 * @pointer: a JSON Pointer (RFC 6901), such as `/items/0/name`
 *
 * Returns: (transfer none) (nullable): what it points at
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_value_lookup_pointer (const HeptadValue *value, const char *pointer);

/* Members of an object by name, for the common case. */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_value_get_member_string (const HeptadValue *value, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_value_get_member_int64 (const HeptadValue *value, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_value_get_member_boolean (const HeptadValue *value, const char *name);

/* Single values. All: (transfer full), any thread. */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_new_null (void);
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_new_boolean (gboolean boolean);
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_new_int64 (gint64 number);
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_new_string (const char *string);

/**
 * heptad_value_new_string_len:
 * @text: UTF-8, may hold NUL bytes; other bytes are a programming error
 * @length: bytes in @text, at most 64 MiB
 *
 * Any thread.
 *
 * Returns: (transfer full): the string
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_value_new_string_len (const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadValue, heptad_value_unref)

/**
 * HeptadBuilder:
 *
 * Makes a #HeptadValue. It starts inside an object or array; each `set` adds a member, each `add`
 * an item, `begin_…` opens a container inside and heptad_builder_close() leaves it. One thread at a
 * time.
 *
 * |[<!-- language="C" -->
 * g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
 * heptad_builder_set_string (answer, "currency", "USD");
 * heptad_builder_set_array (answer, "days");
 * heptad_builder_add_int64 (answer, 1);
 * heptad_builder_close (answer);
 * heptad_call_return (call, heptad_builder_end (answer));
 * ]|
 *
 * A mistake (an item in an object, a name set twice, text that is not UTF-8) is a programming
 * error: it is logged as critical and that member is left out. The same bounds hold as for
 * heptad_value_parse(): more than 128 levels, 64 MiB or 8 million values is such a mistake.
 *
 * Since: 1.0
 */
typedef struct _HeptadBuilder HeptadBuilder;

HEPTAD_AVAILABLE_IN_1_0
HeptadBuilder *heptad_builder_new_object (void);
HEPTAD_AVAILABLE_IN_1_0
HeptadBuilder *heptad_builder_new_array (void);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_free (HeptadBuilder *builder);

/**
 * heptad_builder_end:
 *
 * Closes what is open and gives the value. The builder is then empty and may only be freed.
 *
 * Returns: (transfer full): the value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_builder_end (HeptadBuilder *builder);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_close (HeptadBuilder *builder);

/* Members. A NULL string or value writes `null`; bytes are copied. A name set twice is found when
 * the object is closed, and the first one stays. */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_null (HeptadBuilder *builder, const char *name);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_boolean (HeptadBuilder *builder, const char *name, gboolean boolean);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_int64 (HeptadBuilder *builder, const char *name, gint64 number);

/**
 * heptad_builder_set_double:
 *
 * Writes the shortest digits that give @number back; `null` for an infinity or NaN, which JSON
 * lacks.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_double (HeptadBuilder *builder, const char *name, double number);

/**
 * heptad_builder_set_number:
 * @text: one number as JSON writes it, such as `1e400`
 *
 * Writes a number exactly as given.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_number (HeptadBuilder *builder, const char *name, const char *text);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_string (HeptadBuilder *builder, const char *name, const char *string);

/**
 * heptad_builder_set_decimal:
 *
 * Writes the exact number as a JSON string, which is how Heptad carries money.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_decimal (HeptadBuilder *builder, const char *name, HeptadDecimal decimal);

/**
 * heptad_builder_set_time:
 * @time_us: microseconds since 1970-01-01T00:00:00Z
 *
 * Writes an RFC 3339 time in UTC (`2026-11-21T11:38:39Z`, with microseconds only where there are
 * any).
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_time (HeptadBuilder *builder, const char *name, gint64 time_us);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_value (HeptadBuilder *builder, const char *name, const HeptadValue *value);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_object (HeptadBuilder *builder, const char *name);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_set_array (HeptadBuilder *builder, const char *name);

/* Items. */
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_null (HeptadBuilder *builder);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_boolean (HeptadBuilder *builder, gboolean boolean);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_int64 (HeptadBuilder *builder, gint64 number);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_double (HeptadBuilder *builder, double number);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_number (HeptadBuilder *builder, const char *text);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_string (HeptadBuilder *builder, const char *string);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_decimal (HeptadBuilder *builder, HeptadDecimal decimal);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_value (HeptadBuilder *builder, const HeptadValue *value);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_object (HeptadBuilder *builder);
HEPTAD_AVAILABLE_IN_1_0
void heptad_builder_add_array (HeptadBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadBuilder, heptad_builder_free)

G_END_DECLS
