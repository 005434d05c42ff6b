/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-flags.h"

#include <string.h>

#include "core/ctl/ctl-error.h"

#define SECRET_SUFFIX "-file"

static gboolean
is_boolean (const CtlFlag *flag)
{
  return strcmp (ctl_flag_get_type (flag), "boolean") == 0;
}

/* "password-file=…" is the flag of the secret "password"; "no-active" is the boolean "active". */
static const CtlFlag *
find_flag (const CtlCommand *command, const char *token, gboolean *negated)
{
  gsize length = strcspn (token, "=");
  g_autofree char *name = g_strndup (token, length);

  *negated = FALSE;
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      g_autofree char *secret = g_strconcat (flag->flag, SECRET_SUFFIX, NULL);

      if (strcmp (name, flag->secret ? secret : flag->flag) == 0)
        return flag;
      if (is_boolean (flag) && g_str_has_prefix (name, "no-") && strcmp (name + 3, flag->flag) == 0)
        {
          *negated = TRUE;
          return flag;
        }
    }
  return NULL;
}

static void
set_unknown_error (GError **error, const CtlCommand *command, const char *token)
{
  g_autofree char *name = g_strndup (token, strcspn (token, "="));
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];

      if (flag->secret && strcmp (flag->flag, name) == 0)
        {
          ctl_set_usage_error (error,
                               "--%s is not taken from the command line, where others can read it; "
                               "put it in a file and give --%s" SECRET_SUFFIX " PATH, or - for "
                               "standard input",
                               name, name);
          return;
        }
      g_string_append_printf (known, "%s--%s%s", known->len > 0 ? ", " : "", flag->flag,
                              flag->secret ? SECRET_SUFFIX : "");
    }
  if (known->len == 0)
    ctl_set_usage_error (error, "--%s is not known; this command has no flags of its own", name);
  else
    ctl_set_usage_error (error, "--%s is not known; there are %s", name, known->str);
}

static gboolean
add_value (CtlGiven *given, const CtlFlag *flag, const char *value, GError **error)
{
  GPtrArray *values = ctl_given_get_all (given, flag);

  if (values == NULL)
    {
      values = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (given->values, (gpointer) flag, values);
    }
  else if (strcmp (ctl_flag_get_type (flag), "array") != 0)
    {
      ctl_set_usage_error (error, "--%s was given twice, but it takes one value", flag->flag);
      return FALSE;
    }
  if (!g_utf8_validate (value, -1, NULL))
    {
      ctl_set_usage_error (error, "The value of --%s is not UTF-8", flag->flag);
      return FALSE;
    }
  g_ptr_array_add (values, g_strdup (value));
  return TRUE;
}

/* Returns how many tokens were used, or 0 on failure. */
static guint
parse_flag (const CtlCommand *command, const char *const *tokens, CtlGiven *given, GError **error)
{
  gboolean negated;
  const CtlFlag *flag = find_flag (command, tokens[0] + 2, &negated);
  const char *equals = strchr (tokens[0], '=');

  if (flag == NULL)
    {
      set_unknown_error (error, command, tokens[0] + 2);
      return 0;
    }
  if (equals != NULL)
    return add_value (given, flag, equals + 1, error) ? 1 : 0;
  if (is_boolean (flag))
    return add_value (given, flag, negated ? "false" : "true", error) ? 1 : 0;
  if (tokens[1] == NULL)
    {
      ctl_set_usage_error (error, "--%s needs a value", flag->flag);
      return 0;
    }
  return add_value (given, flag, tokens[1], error) ? 2 : 0;
}

/* The next parameter of the path that has no value yet. */
static gboolean
parse_word (const CtlCommand *command, const char *word, CtlGiven *given, GError **error)
{
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];

      if (flag->place == CTL_IN_PATH && ctl_given_get_all (given, flag) == NULL)
        return add_value (given, flag, word, error);
    }
  ctl_set_usage_error (error, "'%s' is one word too many; see --help", word);
  return FALSE;
}

static gboolean
check_required (const CtlCommand *command, CtlGiven *given, GError **error)
{
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];

      if (flag->required && flag->place != CTL_IN_BODY && ctl_given_get_all (given, flag) == NULL)
        {
          ctl_set_usage_error (error, "--%s is missing; see --help", flag->flag);
          return FALSE;
        }
    }
  return TRUE;
}

CtlGiven *
ctl_flags_parse (const CtlCommand *command, const char *const *tokens, GError **error)
{
  g_autoptr (CtlGiven) given = g_new0 (CtlGiven, 1);
  gboolean only_words = FALSE;

  given->values = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; tokens[i] != NULL;)
    {
      guint n_used = 1;

      if (!only_words && strcmp (tokens[i], "--") == 0)
        only_words = TRUE;
      else if (!only_words && g_str_has_prefix (tokens[i], "--"))
        n_used = parse_flag (command, tokens + i, given, error);
      else if (!parse_word (command, tokens[i], given, error))
        n_used = 0;
      if (n_used == 0)
        return NULL;
      i += n_used;
    }
  return check_required (command, given, error) ? g_steal_pointer (&given) : NULL;
}

void
ctl_given_free (CtlGiven *given)
{
  g_hash_table_unref (given->values);
  g_free (given);
}

GPtrArray *
ctl_given_get_all (const CtlGiven *given, const CtlFlag *flag)
{
  return g_hash_table_lookup (given->values, flag);
}

const char *
ctl_given_get (const CtlGiven *given, const CtlFlag *flag)
{
  GPtrArray *values = ctl_given_get_all (given, flag);

  return values != NULL ? values->pdata[0] : NULL;
}
