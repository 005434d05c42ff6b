/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "value-tape.h"
#include "value-utf8.h"

/* The containers around the next value; the outermost is the root. */
typedef struct {
  guint32 start; /* where in the tape's `open` its children begin */
  gboolean is_object;
} Level;

struct _HeptadBuilder {
  guint depth;   /* 0 once ended */
  guint skipped; /* containers that were refused, to be closed without effect */
  Level levels[HEPTAD_VALUE_MAX_DEPTH];
  HeptadTape tape;
};

static HeptadBuilder *
builder_new (gboolean is_object)
{
  HeptadBuilder *self = g_new (HeptadBuilder, 1);

  heptad_tape_init (&self->tape);
  self->skipped = 0;
  self->depth = 1;
  self->levels[0] = (Level){ 0, is_object };
  return self;
}

HeptadBuilder *
heptad_builder_new_object (void)
{
  return builder_new (TRUE);
}

HeptadBuilder *
heptad_builder_new_array (void)
{
  return builder_new (FALSE);
}

void
heptad_builder_free (HeptadBuilder *self)
{
  g_return_if_fail (self != NULL);

  heptad_tape_clear (&self->tape);
  g_free (self);
}

/* Takes out the name at @at in `open`, and its value. */
static void
drop_member (HeptadTape *tape, guint32 at)
{
  g_critical ("the name \"%s\" was set twice in one object; the second is left out",
              tape->text + tape->open[at].first);
  memmove (tape->open + at, tape->open + at + 2, (tape->n_open - at - 2) * sizeof *tape->open);
  tape->n_open -= 2;
}

static void
close_innermost (HeptadBuilder *self)
{
  Level level = self->levels[--self->depth];
  gint64 duplicate;

  if (!level.is_object)
    heptad_tape_close_array (&self->tape, level.start);
  else
    while ((duplicate = heptad_tape_close_object (&self->tape, level.start)) >= 0)
      drop_member (&self->tape, (guint32) duplicate);
}

void
heptad_builder_close (HeptadBuilder *self)
{
  g_return_if_fail (self != NULL && self->depth > 0);

  if (self->skipped > 0)
    self->skipped--;
  else if (self->depth == 1)
    g_critical ("heptad_builder_close() was called more often than a container was opened");
  else
    close_innermost (self);
}

HeptadValue *
heptad_builder_end (HeptadBuilder *self)
{
  g_return_val_if_fail (self != NULL && self->depth > 0, NULL);

  self->skipped = 0;
  while (self->depth > 0)
    close_innermost (self);
  return heptad_tape_finish (&self->tape);
}

static gboolean
is_text (const char *text, gsize length)
{
  if (length <= HEPTAD_VALUE_MAX_TEXT && heptad_utf8_validate (text, length))
    return TRUE;
  g_critical ("a string is not UTF-8, or longer than 64 MiB, and is left out");
  return FALSE;
}

/* Prepares for one more value, with its name when that is not NULL. FALSE when it does not belong.
 */
static gboolean
begin_value (HeptadBuilder *self, const char *name, gboolean has_name)
{
  HeptadTape *tape = &self->tape;

  g_return_val_if_fail (self->depth > 0, FALSE);
  g_return_val_if_fail (name != NULL || !has_name, FALSE);

  if (self->skipped > 0)
    return FALSE;
  if (self->levels[self->depth - 1].is_object != has_name)
    {
      if (has_name)
        g_critical ("the member \"%s\" was set in an array; it is left out", name);
      else
        g_critical ("an item was added to an object; it is left out");
      return FALSE;
    }
  if (heptad_tape_count_nodes (tape) >= HEPTAD_VALUE_MAX_NODES - 2
      || tape->text_length > HEPTAD_VALUE_MAX_TEXT)
    {
      g_critical ("a value has more than 8 million parts or 64 MiB; the rest is left out");
      return FALSE;
    }
  if (has_name)
    {
      gsize length = strlen (name);

      if (!is_text (name, length))
        return FALSE;
      heptad_tape_push_text (tape, HEPTAD_VALUE_STRING, name, length);
    }
  return TRUE;
}

static void
put_scalar (HeptadBuilder *self,
            const char *name,
            gboolean has_name,
            HeptadValueType type,
            gboolean boolean)
{
  if (begin_value (self, name, has_name))
    heptad_tape_push (&self->tape, type)->length = boolean ? 1 : 0;
}

static void
put_int64 (HeptadBuilder *self, const char *name, gboolean has_name, gint64 number)
{
  if (begin_value (self, name, has_name))
    heptad_tape_push_int64 (&self->tape, number);
}

static void
put_double (HeptadBuilder *self, const char *name, gboolean has_name, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    {
      put_scalar (self, name, has_name, HEPTAD_VALUE_NULL, FALSE);
      return;
    }
  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, sizeof text, "%.16g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, sizeof text, "%.17g", number);
  if (begin_value (self, name, has_name))
    heptad_tape_push_text (&self->tape, HEPTAD_VALUE_NUMBER, text, strlen (text));
}

static void
put_number (HeptadBuilder *self, const char *name, gboolean has_name, const char *text)
{
  gsize length;

  g_return_if_fail (text != NULL);

  length = strlen (text);
  if (length == 0 || length > HEPTAD_VALUE_MAX_TEXT
      || heptad_number_measure (text, length) != length)
    g_critical ("\"%.40s\" is no JSON number; it is left out", text);
  else if (begin_value (self, name, has_name))
    heptad_tape_push_text (&self->tape, HEPTAD_VALUE_NUMBER, text, length);
}

static void
put_string (HeptadBuilder *self, const char *name, gboolean has_name, const char *string)
{
  gsize length = string == NULL ? 0 : strlen (string);

  if (string == NULL)
    put_scalar (self, name, has_name, HEPTAD_VALUE_NULL, FALSE);
  else if (is_text (string, length) && begin_value (self, name, has_name))
    heptad_tape_push_text (&self->tape, HEPTAD_VALUE_STRING, string, length);
}

static void
put_decimal (HeptadBuilder *self, const char *name, gboolean has_name, HeptadDecimal decimal)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];
  gsize length = heptad_decimal_format (decimal, text);

  if (begin_value (self, name, has_name))
    heptad_tape_push_text (&self->tape, HEPTAD_VALUE_STRING, text, length);
}

static void
put_value (HeptadBuilder *self, const char *name, gboolean has_name, const HeptadValue *value)
{
  HeptadTapeMark mark = heptad_tape_mark (&self->tape);

  if (value == NULL)
    {
      put_scalar (self, name, has_name, HEPTAD_VALUE_NULL, FALSE);
      return;
    }
  if (!begin_value (self, name, has_name)
      || heptad_tape_push_copy (&self->tape, value, HEPTAD_VALUE_MAX_DEPTH - self->depth))
    return;
  g_critical ("a value has more than 128 levels, 8 million parts or 64 MiB; it is left out");
  heptad_tape_rewind (&self->tape, mark);
}

static void
put_container (HeptadBuilder *self, const char *name, gboolean has_name, gboolean is_object)
{
  gboolean fits = self->depth < HEPTAD_VALUE_MAX_DEPTH;

  if (!fits)
    g_critical ("a value has more than 128 levels; the rest is left out");
  if (fits && begin_value (self, name, has_name))
    self->levels[self->depth++] = (Level){ self->tape.n_open, is_object };
  else
    self->skipped++;
}

void
heptad_builder_set_null (HeptadBuilder *self, const char *name)
{
  put_scalar (self, name, TRUE, HEPTAD_VALUE_NULL, FALSE);
}

void
heptad_builder_set_boolean (HeptadBuilder *self, const char *name, gboolean boolean)
{
  put_scalar (self, name, TRUE, HEPTAD_VALUE_BOOLEAN, boolean);
}

void
heptad_builder_set_int64 (HeptadBuilder *self, const char *name, gint64 number)
{
  put_int64 (self, name, TRUE, number);
}

void
heptad_builder_set_double (HeptadBuilder *self, const char *name, double number)
{
  put_double (self, name, TRUE, number);
}

void
heptad_builder_set_number (HeptadBuilder *self, const char *name, const char *text)
{
  put_number (self, name, TRUE, text);
}

void
heptad_builder_set_string (HeptadBuilder *self, const char *name, const char *string)
{
  put_string (self, name, TRUE, string);
}

void
heptad_builder_set_decimal (HeptadBuilder *self, const char *name, HeptadDecimal decimal)
{
  put_decimal (self, name, TRUE, decimal);
}

void
heptad_builder_set_time (HeptadBuilder *self, const char *name, gint64 time_us)
{
  gint64 second = time_us / G_USEC_PER_SEC - (time_us % G_USEC_PER_SEC < 0 ? 1 : 0);
  int microseconds = (int) (time_us - second * G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (second);
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (time != NULL);

  whole = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  text = microseconds == 0 ? g_strconcat (whole, "Z", NULL)
                           : g_strdup_printf ("%s.%06dZ", whole, microseconds);
  put_string (self, name, TRUE, text);
}

void
heptad_builder_set_value (HeptadBuilder *self, const char *name, const HeptadValue *value)
{
  put_value (self, name, TRUE, value);
}

void
heptad_builder_set_object (HeptadBuilder *self, const char *name)
{
  put_container (self, name, TRUE, TRUE);
}

void
heptad_builder_set_array (HeptadBuilder *self, const char *name)
{
  put_container (self, name, TRUE, FALSE);
}

void
heptad_builder_add_null (HeptadBuilder *self)
{
  put_scalar (self, NULL, FALSE, HEPTAD_VALUE_NULL, FALSE);
}

void
heptad_builder_add_boolean (HeptadBuilder *self, gboolean boolean)
{
  put_scalar (self, NULL, FALSE, HEPTAD_VALUE_BOOLEAN, boolean);
}

void
heptad_builder_add_int64 (HeptadBuilder *self, gint64 number)
{
  put_int64 (self, NULL, FALSE, number);
}

void
heptad_builder_add_double (HeptadBuilder *self, double number)
{
  put_double (self, NULL, FALSE, number);
}

void
heptad_builder_add_number (HeptadBuilder *self, const char *text)
{
  put_number (self, NULL, FALSE, text);
}

void
heptad_builder_add_string (HeptadBuilder *self, const char *string)
{
  put_string (self, NULL, FALSE, string);
}

void
heptad_builder_add_decimal (HeptadBuilder *self, HeptadDecimal decimal)
{
  put_decimal (self, NULL, FALSE, decimal);
}

void
heptad_builder_add_value (HeptadBuilder *self, const HeptadValue *value)
{
  put_value (self, NULL, FALSE, value);
}

void
heptad_builder_add_object (HeptadBuilder *self)
{
  put_container (self, NULL, FALSE, TRUE);
}

void
heptad_builder_add_array (HeptadBuilder *self)
{
  put_container (self, NULL, FALSE, FALSE);
}
