/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-help.h"

#include <string.h>

#include "core/ctl/ctl-arguments.h"
#include "core/ctl/ctl-builtin.h"
#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-text.h"

#define NAME_WIDTH 30

static void
print_entry (GString *into, const char *name, const char *text)
{
  g_autofree char *clean = ctl_text_clean (text);

  g_string_append_printf (into, "  %-*s %s\n", NAME_WIDTH, name, clean);
}

static gboolean
begins_with (char **name, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_strcmp0 (name[i], words[i]) != 0)
      return FALSE;
  return TRUE;
}

/* What a plugin's tag says of it. */
static const char *
find_title (const CtlCommands *commands, const char *group)
{
  const HeptadValue *tags = heptad_value_get_member (commands->document, "tags");

  for (guint i = 0; i < heptad_value_get_size (tags); i++)
    {
      const HeptadValue *tag = heptad_value_get_item (tags, i);

      if (g_strcmp0 (heptad_value_get_member_string (tag, "name"), group) == 0)
        return heptad_value_get_member_string (tag, "description");
    }
  return NULL;
}

static void
print_groups (const CtlCommands *commands, GString *into)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < commands->list->len; i++)
    {
      const CtlCommand *command = commands->list->pdata[i];
      const char *group = command->words[0];
      const char *title = find_title (commands, group);
      g_autofree char *others = g_strdup_printf ("Commands for a %s; see %s --help", group, group);

      if (!g_hash_table_add (seen, command->words[0]))
        continue;
      if (title == NULL)
        title = command->words[1] == NULL ? command->summary : others;
      print_entry (into, group, title);
    }
}

static void
print_commands (const CtlCommands *commands, const char *const *words, GString *into)
{
  for (guint i = 0; i < commands->list->len; i++)
    {
      const CtlCommand *command = commands->list->pdata[i];
      g_autofree char *name = g_strjoinv (" ", command->words);

      if (begins_with (command->words, words))
        print_entry (into, name, command->summary);
    }
}

static void
print_frame (const CtlCommands *commands, GString *into)
{
  g_autofree char *globals = ctl_arguments_print_help ();

  g_string_append (into, "Usage: heptadctl COMMAND … [--FLAG VALUE …]\n\n"
                         "Does what a Heptad host does, in the host's own words.\n\n");
  if (commands != NULL)
    {
      g_string_append (into, "What this host offers (add --help to learn more):\n");
      print_groups (commands, into);
      g_string_append_c (into, '\n');
    }
  g_string_append (into, "Always there:\n");
  ctl_builtin_print_help (NULL, into);
  g_string_append_printf (into, "\n%s\n%s", globals, ctl_exit_get_help ());
}

char *
ctl_help_print_list (const CtlCommands *commands, const char *const *words)
{
  g_autoptr (GString) into = g_string_new (NULL);

  if (words[0] == NULL)
    {
      print_frame (commands, into);
    }
  else
    {
      if (commands != NULL)
        print_commands (commands, words, into);
      ctl_builtin_print_help (words, into);
      if (into->len == 0)
        return NULL;
      g_string_prepend (into, "Commands (add --help to one to learn more):\n");
    }
  return g_string_free (g_steal_pointer (&into), FALSE);
}

static void
print_usage (const CtlCommand *command, GString *into)
{
  g_autofree char *name = g_strjoinv (" ", command->words);

  g_string_append_printf (into, "Usage: heptadctl %s", name);
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      g_autofree char *mark = g_utf8_strup (flag->flag, -1);

      if (flag->place == CTL_IN_PATH)
        g_string_append_printf (into, " %s", mark);
      else if (flag->required)
        g_string_append_printf (into, " --%s%s …", flag->flag, flag->secret ? "-file" : "");
    }
  if (command->body_types->len > 0 && !command->takes_json)
    g_string_append (into, command->body_required ? " --file PATH" : " [--file PATH]");
  g_string_append (into, " [--FLAG VALUE …]\n");
}

static void
append_choices (const HeptadValue *choices, GString *into)
{
  for (guint i = 0; i < heptad_value_get_size (choices); i++)
    {
      g_autofree char *clean =
          ctl_text_clean (heptad_value_get_text (heptad_value_get_item (choices, i), NULL));

      g_string_append_printf (into, "%s%s", i == 0 ? "One of " : ", ", clean);
    }
  if (heptad_value_get_size (choices) > 0)
    g_string_append (into, ". ");
}

static char *
explain_flag (const CtlFlag *flag)
{
  const HeptadValue *items = heptad_value_get_member (flag->schema, "items");
  const HeptadValue *fallback = heptad_value_get_member (flag->schema, "default");
  GString *text = g_string_new (NULL);

  if (flag->description != NULL)
    g_string_append_printf (text, "%s. ", flag->description);
  append_choices (heptad_value_get_member (flag->schema, "enum"), text);
  append_choices (heptad_value_get_member (items, "enum"), text);
  if (items != NULL)
    g_string_append (text, "May be given more than once. ");
  if (flag->secret)
    g_string_append (text, "Its first line; - for standard input; asked for when it is missing. ");
  if (fallback != NULL)
    {
      g_autofree char *printed = heptad_value_print (fallback);

      g_string_append_printf (text, "Default %s. ", printed);
    }
  if (flag->required)
    g_string_append (text, "Required. ");
  g_strchomp (text->str);
  return g_string_free (text, FALSE);
}

static void
print_flag (const CtlFlag *flag, GString *into)
{
  g_autofree char *type = g_ascii_strup (ctl_flag_get_type (flag), -1);
  g_autofree char *text = explain_flag (flag);

  if (flag->secret)
    g_string_append_printf (into, "  --%s-file PATH\n", flag->flag);
  else if (strcmp (type, "BOOLEAN") == 0)
    g_string_append_printf (into, "  --%s, --no-%s\n", flag->flag, flag->flag);
  else
    g_string_append_printf (into, "  --%s %s\n", flag->flag,
                            strcmp (type, "ARRAY") == 0 ? "ITEM" : type);
  if (*text != '\0')
    ctl_text_wrap (into, text, 6);
}

static void
print_body (const CtlCommand *command, GString *into)
{
  if (command->takes_json)
    g_string_append (into, "  --input JSON\n      The whole body, or @PATH of it.\n");
  if (command->body_types->len == 0)
    return;
  g_string_append (into, "  --file PATH\n      The body; - for standard input. ");
  for (guint i = 0; i < command->body_types->len; i++)
    {
      g_autofree char *clean = ctl_text_clean (command->body_types->pdata[i]);

      g_string_append_printf (into, "%s%s", i > 0 ? ", " : "", clean);
    }
  g_string_append (into, ".\n");
}

char *
ctl_help_print_command (const CtlCommand *command)
{
  GString *into = g_string_new (NULL);

  print_usage (command, into);
  g_string_append_c (into, '\n');
  if (command->summary != NULL)
    ctl_text_wrap (into, command->summary, 0);
  if (command->description != NULL)
    {
      g_string_append_c (into, '\n');
      ctl_text_wrap (into, command->description, 0);
    }
  g_string_append (into, "\nFlags:\n");
  for (guint i = 0; i < command->flags->len; i++)
    print_flag (command->flags->pdata[i], into);
  print_body (command, into);
  g_string_append (into, "  Every command's flags and the exit codes: heptadctl --help\n");
  return g_string_free (into, FALSE);
}
