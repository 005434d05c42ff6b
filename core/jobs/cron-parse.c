/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/jobs/cron.h"
#include "sdk/heptad-error.h"

enum {
  MAX_TEXT = 200,
  N_FIELDS = 5,
};

typedef struct {
  const char *name;
  guint least;
  guint most;
  const char *const *names; /* (nullable): of least, least + 1, … */
} Field;

static const char *const month_names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
                                           "aug", "sep", "oct", "nov", "dec", NULL };
static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL };

static const Field fields[N_FIELDS] = {
  { "minute", 0, 59, NULL },          { "hour", 0, 23, NULL },
  { "day of month", 1, 31, NULL },    { "month", 1, 12, month_names },
  { "day of week", 0, 7, day_names }, /* 7 is Sunday too */
};

static gboolean
parse_value (const Field *field, const char **at, guint *value)
{
  const char *text = *at;
  gsize digits = strspn (text, "0123456789");

  if (digits > 0 && digits <= 2)
    {
      *value = (guint) g_ascii_strtoull (text, NULL, 10);
      *at = text + digits;
      return *value >= field->least && *value <= field->most;
    }
  for (guint i = 0; digits == 0 && field->names != NULL && field->names[i] != NULL; i++)
    if (g_ascii_strncasecmp (text, field->names[i], 3) == 0)
      {
        *value = field->least + i;
        *at = text + 3;
        return TRUE;
      }
  return FALSE;
}

/* One item of a list: a star, a value or a range, with an optional step. */
static gboolean
parse_item (const Field *field, const char **at, guint64 *bits)
{
  guint first = field->least;
  guint last = field->most;
  guint step = 1;
  gboolean is_single = FALSE;

  if (**at == '*')
    (*at)++;
  else
    {
      if (!parse_value (field, at, &first))
        return FALSE;
      last = first;
      is_single = **at != '-';
      if (!is_single)
        {
          (*at)++;
          if (!parse_value (field, at, &last) || last < first)
            return FALSE;
        }
    }
  if (**at == '/')
    {
      const char *digits = *at + 1;
      gsize n_digits = strspn (digits, "0123456789");
      if (n_digits == 0 || n_digits > 2)
        return FALSE;
      step = (guint) g_ascii_strtoull (digits, NULL, 10);
      *at = digits + n_digits;
      if (is_single) /* 5/10 begins at 5 */
        last = field->most;
    }
  if (step == 0)
    return FALSE;
  for (guint value = first; value <= last; value += step)
    *bits |= (guint64) 1 << value;
  return TRUE;
}

static gboolean
parse_field (const Field *field, const char *text, guint64 *bits, GError **error)
{
  const char *at = text;

  *bits = 0;
  while (parse_item (field, &at, bits))
    {
      if (*at == '\0')
        return TRUE;
      if (*at++ != ',')
        break;
    }
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "The schedule's %s '%s' is not *, a value from %u to %u, a range, a list or a step",
               field->name, text, field->least, field->most);
  return FALSE;
}

static const char *
expand_shorthand (const char *text)
{
  static const struct {
    const char *name;
    const char *fields;
  } shorthands[] = {
    { "@hourly", "0 * * * *" },   { "@daily", "0 0 * * *" },   { "@midnight", "0 0 * * *" },
    { "@weekly", "0 0 * * 0" },   { "@monthly", "0 0 1 * *" }, { "@yearly", "0 0 1 1 *" },
    { "@annually", "0 0 1 1 *" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shorthands); i++)
    if (strcmp (text, shorthands[i].name) == 0)
      return shorthands[i].fields;
  return text;
}

static char **
split (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  while (TRUE)
    {
      text += strspn (text, " \t");
      gsize length = strcspn (text, " \t");
      if (length == 0)
        return g_strv_builder_end (builder);
      g_autofree char *word = g_strndup (text, length);
      g_strv_builder_add (builder, word);
      text += length;
    }
}

gboolean
cron_parse (const char *text, Cron *cron, GError **error)
{
  g_auto (GStrv) words = strlen (text) <= MAX_TEXT ? split (expand_shorthand (text)) : NULL;
  guint64 bits[N_FIELDS];

  if (words == NULL || g_strv_length (words) != N_FIELDS)
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
          "The schedule '%.60s' has not five fields (minute, hour, day of month, month, day of "
          "week) and is none of @hourly, @daily, @weekly, @monthly, @yearly",
          text);
      return FALSE;
    }
  for (guint i = 0; i < N_FIELDS; i++)
    if (!parse_field (&fields[i], words[i], &bits[i], error))
      return FALSE;
  *cron = (Cron){
    .minutes = bits[0],
    .hours = (guint32) bits[1],
    .days = (guint32) bits[2],
    .months = (guint16) bits[3],
    .weekdays = (guint8) ((bits[4] | bits[4] >> 7) & 0x7f),
    .has_any_hour = words[1][0] == '*',
    .has_any_day = words[2][0] == '*',
    .has_any_weekday = words[4][0] == '*',
  };
  return TRUE;
}
