/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-body.h"

#include <string.h>

#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-secret.h"

static HeptadValue *
parse_json (const char *text, const CtlFlag *flag, HeptadValueType type, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadValue) value = heptad_value_parse (text, -1, &failure);
  const char *wanted = ctl_flag_get_type (flag);

  if (value == NULL && type == HEPTAD_VALUE_OBJECT)
    ctl_set_usage_error (error, "--%s takes JSON: %s", flag->flag, failure->message);
  else if (value == NULL || heptad_value_get_value_type (value) != type)
    ctl_set_usage_error (error, "--%s takes %s %s, not '%s'", flag->flag,
                         strchr ("aeio", *wanted) != NULL ? "an" : "a", wanted, text);
  else
    return g_steal_pointer (&value);
  return NULL;
}

static HeptadValue *
convert_text (const char *text, const CtlFlag *flag, const char *type, GError **error)
{
  if (strcmp (type, "integer") == 0 || strcmp (type, "number") == 0)
    return parse_json (text, flag, HEPTAD_VALUE_NUMBER, error);
  if (strcmp (type, "boolean") == 0)
    return parse_json (text, flag, HEPTAD_VALUE_BOOLEAN, error);
  if (strcmp (type, "object") == 0)
    return parse_json (text, flag, HEPTAD_VALUE_OBJECT, error);
  return heptad_value_new_string (text);
}

/* Each time that the flag was given is one item. */
static HeptadValue *
convert_items (GPtrArray *texts, const CtlFlag *flag, GError **error)
{
  const HeptadValue *items = heptad_value_get_member (flag->schema, "items");
  CtlFlag item = { .flag = flag->flag, .schema = items };
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();

  for (guint i = 0; i < texts->len; i++)
    {
      g_autoptr (HeptadValue) value =
          convert_text (texts->pdata[i], &item, ctl_flag_get_type (&item), error);

      if (value == NULL)
        return NULL;
      heptad_builder_add_value (list, value);
    }
  return heptad_builder_end (list);
}

static HeptadValue *
convert_secret (const CtlFlag *flag, GPtrArray *given, GError **error)
{
  g_autofree char *secret =
      ctl_secret_read (given != NULL ? given->pdata[0] : NULL, flag->flag, error);

  if (secret == NULL)
    return NULL;
  if (g_utf8_validate (secret, -1, NULL))
    return heptad_value_new_string (secret);
  ctl_set_usage_error (error, "The %s is not UTF-8", flag->flag);
  return NULL;
}

static gboolean
add_member (HeptadBuilder *body,
            const CtlFlag *flag,
            GPtrArray *given,
            const HeptadValue *base,
            GError **error)
{
  const HeptadValue *present = heptad_value_get_member (base, flag->name);
  g_autoptr (HeptadValue) value = NULL;

  if (given == NULL && (present != NULL || !flag->secret || !flag->required))
    {
      if (present != NULL)
        heptad_builder_set_value (body, flag->name, present);
      return TRUE;
    }
  if (flag->secret)
    value = convert_secret (flag, given, error);
  else if (strcmp (ctl_flag_get_type (flag), "array") == 0)
    value = convert_items (given, flag, error);
  else
    value = convert_text (given->pdata[0], flag, ctl_flag_get_type (flag), error);
  if (value == NULL)
    return FALSE;
  heptad_builder_set_value (body, flag->name, value);
  return TRUE;
}

static const CtlFlag *
find_member (const CtlCommand *command, const char *name)
{
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];

      if (flag->place == CTL_IN_BODY && strcmp (flag->name, name) == 0)
        return flag;
    }
  return NULL;
}

static gboolean
read_input (const char *input, HeptadValue **base, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) failure = NULL;
  gsize length;

  if (input == NULL)
    return TRUE;
  if (*input != '@')
    {
      *base = heptad_value_parse (input, -1, &failure);
    }
  else if (!g_file_get_contents (input + 1, &text, &length, &failure))
    {
      ctl_set_usage_error (error, "--input cannot be read: %s", failure->message);
      return FALSE;
    }
  else
    {
      *base = heptad_value_parse (text, (gssize) length, &failure);
    }
  if (*base == NULL)
    ctl_set_usage_error (error, "--input is no JSON: %s", failure->message);
  return *base != NULL;
}

/* The members of --input that no flag is known for. */
static void
copy_others (HeptadBuilder *body, const CtlCommand *command, const HeptadValue *base)
{
  for (guint i = 0; i < heptad_value_get_size (base); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (base, i, &name);

      if (find_member (command, name) == NULL)
        heptad_builder_set_value (body, name, value);
    }
}

HeptadValue *
ctl_body_new (const CtlCommand *command, CtlGiven *given, const char *input, GError **error)
{
  g_autoptr (HeptadValue) base = NULL;
  g_autoptr (HeptadBuilder) body = heptad_builder_new_object ();
  gboolean any = FALSE;

  if (!read_input (input, &base, error))
    return NULL;
  if (base != NULL && heptad_value_get_value_type (base) != HEPTAD_VALUE_OBJECT)
    return g_steal_pointer (&base);
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      GPtrArray *texts = ctl_given_get_all (given, flag);

      if (flag->place != CTL_IN_BODY)
        continue;
      if (!add_member (body, flag, texts, base, error))
        return NULL;
      any = any || texts != NULL || flag->secret;
    }
  copy_others (body, command, base);
  return any || base != NULL || command->body_required ? heptad_builder_end (body) : NULL;
}
