/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-completion.h"

#include <string.h>

#include "core/ctl/ctl-arguments.h"
#include "core/ctl/ctl-builtin.h"

static const char bash_script[] =
    "_heptadctl() {\n"
    "  local IFS=$'\\n'\n"
    "  COMPREPLY=($(heptadctl __complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null))\n"
    "}\n"
    "complete -o default -F _heptadctl heptadctl\n";
static const char zsh_script[] =
    "#compdef heptadctl\n"
    "_heptadctl() {\n"
    "  local -a found\n"
    "  found=(${(f)\"$(heptadctl __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)\"})\n"
    "  compadd -a found || _files\n"
    "}\n"
    "compdef _heptadctl heptadctl\n";
static const char fish_script[] = "function __heptadctl_complete\n"
                                  "  set -l words (commandline -opc) (commandline -ct)\n"
                                  "  heptadctl __complete -- $words[2..-1] 2>/dev/null\n"
                                  "end\n"
                                  "complete -c heptadctl -f -a '(__heptadctl_complete)'\n";

const char *
ctl_completion_get_script (const char *shell)
{
  return g_strcmp0 (shell, "bash") == 0   ? bash_script
         : g_strcmp0 (shell, "zsh") == 0  ? zsh_script
         : g_strcmp0 (shell, "fish") == 0 ? fish_script
                                          : NULL;
}

typedef struct {
  GHashTable *seen;
  const char *current;
  GString *into;
} Suggestions;

static void
suggest (Suggestions *self, const char *prefix, const char *word)
{
  g_autofree char *whole = g_strconcat (prefix, word, NULL);

  if (g_str_has_prefix (whole, self->current) && !g_hash_table_contains (self->seen, whole))
    {
      g_string_append_printf (self->into, "%s\n", whole);
      g_hash_table_add (self->seen, g_steal_pointer (&whole));
    }
}

/* The word of a name that comes after the words that were typed. */
static void
suggest_next_word (Suggestions *self, char **name, const char *const *words, guint n_words)
{
  guint i = 0;

  while (i < n_words && name[i] != NULL && strcmp (name[i], words[i]) == 0)
    i++;
  if (i == n_words && name[i] != NULL)
    suggest (self, "", name[i]);
}

static void
suggest_flags (Suggestions *self, const CtlCommand *command)
{
  for (guint i = 0; command != NULL && i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];

      g_autofree char *name = g_strconcat (flag->flag, flag->secret ? "-file" : "", NULL);

      suggest (self, "--", name);
    }
  for (guint i = 0; ctl_arguments_get_name (i) != NULL; i++)
    suggest (self, "--", ctl_arguments_get_name (i));
}

/* What a flag's declaration lists, when the word before is that flag. */
static gboolean
suggest_values (Suggestions *self, const CtlCommand *command, const char *before)
{
  for (guint i = 0; command != NULL && i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      const HeptadValue *items = heptad_value_get_member (flag->schema, "items");
      const HeptadValue *choices =
          heptad_value_get_member (items != NULL ? items : flag->schema, "enum");

      if (before == NULL || !g_str_has_prefix (before, "--")
          || strcmp (before + 2, flag->flag) != 0)
        continue;
      for (guint j = 0; j < heptad_value_get_size (choices); j++)
        suggest (self, "", heptad_value_get_text (heptad_value_get_item (choices, j), NULL));
      return strcmp (ctl_flag_get_type (flag), "boolean") != 0;
    }
  return FALSE;
}

static void
suggest_words (Suggestions *self,
               const CtlCommands *commands,
               const char *const *words,
               guint n_words)
{
  for (guint i = 0; commands != NULL && i < commands->list->len; i++)
    suggest_next_word (self, ((CtlCommand *) commands->list->pdata[i])->words, words, n_words);
  for (guint i = 0; ctl_builtin_get_name (i) != NULL; i++)
    {
      g_auto (GStrv) name = g_strsplit (ctl_builtin_get_name (i), " ", -1);

      suggest_next_word (self, name, words, n_words);
    }
}

char *
ctl_completion_suggest (const CtlCommands *commands, const char *const *words)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_words = g_strv_length ((char **) words);
  guint n_before = n_words > 0 ? n_words - 1 : 0;
  guint n_used = 0;
  const CtlCommand *command =
      commands != NULL ? ctl_commands_find (commands, words, &n_used) : NULL;
  Suggestions self = { .seen = seen,
                       .current = n_words > 0 ? words[n_before] : "",
                       .into = g_string_new (NULL) };

  if (n_used > n_before)
    command = NULL;
  if (suggest_values (&self, command, n_before > 0 ? words[n_before - 1] : NULL))
    return g_string_free (self.into, FALSE);
  if (g_str_has_prefix (self.current, "-") || command != NULL)
    suggest_flags (&self, command);
  else
    suggest_words (&self, commands, words, n_before);
  return g_string_free (self.into, FALSE);
}
