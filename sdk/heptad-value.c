/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-value.h"

#include <string.h>

#include "heptad-error.h"
#include "json-scanner.h"
#include "value-utf8.h"

G_DEFINE_BOXED_TYPE (HeptadValue, heptad_value, heptad_value_ref, heptad_value_unref)

HeptadValue *
heptad_value_parse (const char *text, gssize length, GError **error)
{
  HeptadTape tape;

  g_return_val_if_fail (text != NULL, NULL);

  heptad_tape_init (&tape);
  if (heptad_json_scan (&tape, text, length < 0 ? strlen (text) : (gsize) length, error))
    return heptad_tape_finish (&tape);
  heptad_tape_clear (&tape);
  return NULL;
}

HeptadValue *
heptad_value_ref (const HeptadValue *value)
{
  g_return_val_if_fail (value != NULL, NULL);

  g_atomic_int_inc (&heptad_value_get_document (value)->refs);
  return (HeptadValue *) value;
}

void
heptad_value_unref (HeptadValue *value)
{
  HeptadDocument *document;

  g_return_if_fail (value != NULL);

  document = heptad_value_get_document (value);
  if (g_atomic_int_dec_and_test (&document->refs))
    g_free (document);
}

static inline gboolean
is_a (const HeptadValue *value, HeptadValueType type)
{
  return value != NULL && value->type == type;
}

/* Of a string or number. */
static inline const char *
text_of (const HeptadValue *value)
{
  return heptad_document_get_text (heptad_value_get_document (value)) + value->first;
}

HeptadValueType
heptad_value_get_value_type (const HeptadValue *value)
{
  g_return_val_if_fail (value != NULL, HEPTAD_VALUE_NULL);

  return (HeptadValueType) value->type;
}

gboolean
heptad_value_get_boolean (const HeptadValue *value)
{
  return is_a (value, HEPTAD_VALUE_BOOLEAN) && value->length != 0;
}

gint64
heptad_value_get_int64 (const HeptadValue *value)
{
  gint64 number = 0;

  heptad_value_try_int64 (value, &number);
  return number;
}

gboolean
heptad_value_try_int64 (const HeptadValue *value, gint64 *out)
{
  if (!is_a (value, HEPTAD_VALUE_NUMBER))
    return FALSE;
  if (!value->is_small_integer)
    return heptad_number_to_int64 (text_of (value), value->length, out);
  *out = (gint32) value->second;
  return TRUE;
}

gboolean
heptad_value_is_integer (const HeptadValue *value)
{
  return is_a (value, HEPTAD_VALUE_NUMBER)
         && (value->is_small_integer || heptad_number_is_integer (text_of (value), value->length));
}

double
heptad_value_get_double (const HeptadValue *value)
{
  if (!is_a (value, HEPTAD_VALUE_NUMBER))
    return 0;
  if (value->is_small_integer && value->second != 0)
    return (gint32) value->second;
  return g_ascii_strtod (text_of (value), NULL);
}

gboolean
heptad_value_try_decimal (const HeptadValue *value, HeptadDecimal *out)
{
  if (!is_a (value, HEPTAD_VALUE_NUMBER) && !is_a (value, HEPTAD_VALUE_STRING))
    return FALSE;
  return heptad_decimal_parse (text_of (value), (gssize) value->length, out, NULL);
}

const char *
heptad_value_get_string (const HeptadValue *value)
{
  return is_a (value, HEPTAD_VALUE_STRING) ? text_of (value) : NULL;
}

const char *
heptad_value_get_text (const HeptadValue *value, gsize *length)
{
  gboolean has_text = is_a (value, HEPTAD_VALUE_STRING) || is_a (value, HEPTAD_VALUE_NUMBER);

  if (length != NULL)
    *length = has_text ? value->length : 0;
  return has_text ? text_of (value) : NULL;
}

guint
heptad_value_get_size (const HeptadValue *value)
{
  return value != NULL && heptad_value_is_container (value) ? value->second : 0;
}

const HeptadValue *
heptad_value_get_item (const HeptadValue *value, guint index)
{
  if (!is_a (value, HEPTAD_VALUE_ARRAY) || index >= value->second)
    return NULL;
  return heptad_value_get_child (value, index);
}

const HeptadValue *
heptad_value_get_member (const HeptadValue *value, const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return is_a (value, HEPTAD_VALUE_OBJECT) ? heptad_value_find_member (value, name, strlen (name))
                                           : NULL;
}

const HeptadValue *
heptad_value_get_member_at (const HeptadValue *value, guint index, const char **name)
{
  if (!is_a (value, HEPTAD_VALUE_OBJECT) || index >= value->second)
    return NULL;
  if (name != NULL)
    *name = text_of (heptad_value_get_child (value, 2 * index));
  return heptad_value_get_child (value, 2 * index + 1);
}

const HeptadValue *
heptad_value_get_name_at (const HeptadValue *value, guint index)
{
  if (!is_a (value, HEPTAD_VALUE_OBJECT) || index >= value->second)
    return NULL;
  return heptad_value_get_child (value, 2 * index);
}

const char *
heptad_value_get_member_string (const HeptadValue *value, const char *name)
{
  return heptad_value_get_string (heptad_value_get_member (value, name));
}

gint64
heptad_value_get_member_int64 (const HeptadValue *value, const char *name)
{
  return heptad_value_get_int64 (heptad_value_get_member (value, name));
}

gboolean
heptad_value_get_member_boolean (const HeptadValue *value, const char *name)
{
  return heptad_value_get_boolean (heptad_value_get_member (value, name));
}

static HeptadValue *
new_scalar (HeptadValueType type, gboolean boolean)
{
  HeptadTape tape;

  heptad_tape_init (&tape);
  heptad_tape_push (&tape, type)->length = boolean ? 1 : 0;
  return heptad_tape_finish (&tape);
}

HeptadValue *
heptad_value_new_null (void)
{
  return new_scalar (HEPTAD_VALUE_NULL, FALSE);
}

HeptadValue *
heptad_value_new_boolean (gboolean boolean)
{
  return new_scalar (HEPTAD_VALUE_BOOLEAN, boolean);
}

HeptadValue *
heptad_value_new_int64 (gint64 number)
{
  HeptadTape tape;

  heptad_tape_init (&tape);
  heptad_tape_push_int64 (&tape, number);
  return heptad_tape_finish (&tape);
}

HeptadValue *
heptad_value_new_string (const char *string)
{
  if (string == NULL)
    return heptad_value_new_null ();
  return heptad_value_new_string_len (string, strlen (string));
}

HeptadValue *
heptad_value_new_string_len (const char *text, gsize length)
{
  HeptadTape tape;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (length <= HEPTAD_VALUE_MAX_TEXT, NULL);
  g_return_val_if_fail (heptad_utf8_validate (text, length), NULL);

  heptad_tape_init (&tape);
  heptad_tape_push_text (&tape, HEPTAD_VALUE_STRING, text, length);
  return heptad_tape_finish (&tape);
}
