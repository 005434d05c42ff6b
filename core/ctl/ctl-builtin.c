/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-builtin.h"

#include <string.h>

typedef struct {
  CtlBuiltin builtin;
  const char *name;
  const char *summary;
  const char *usage;
} Entry;

static const Entry entries[] = {
  { CTL_BUILTIN_PLUGIN_NEW, "plugin new", "Makes the source of a new plugin; needs no host",
    "Usage: heptadctl plugin new NAME [--directory DIR]\n\n"
    "Makes DIR (default: NAME) with a plugin in C that builds, has a test and answers\n"
    "GET /api/v1/NAME/greeting. NAME is small letters, digits and dashes.\n" },
  { CTL_BUILTIN_EVENT_TAIL, "event tail", "Prints events as they come",
    "Usage: heptadctl event tail [TOPIC …]\n\n"
    "Prints events as they come, of all topics or of those given, and goes on behind the\n"
    "last one when the connection breaks. With --json, one JSON value a line.\n" },
  { CTL_BUILTIN_COMPLETION, "completion", "Prints a script that completes commands in a shell",
    "Usage: heptadctl completion bash|zsh|fish\n\n"
    "  bash   source <(heptadctl completion bash)\n"
    "  zsh    source <(heptadctl completion zsh)\n"
    "  fish   heptadctl completion fish | source\n" },
};

#define COMPLETE_WORD "__complete"

CtlBuiltin
ctl_builtin_find (const char *const *words, guint *n_used)
{
  *n_used = 1;
  if (g_strcmp0 (words[0], COMPLETE_WORD) == 0)
    return CTL_BUILTIN_COMPLETE;
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_auto (GStrv) name = g_strsplit (entries[i].name, " ", -1);
      guint j = 0;

      while (name[j] != NULL && g_strcmp0 (name[j], words[j]) == 0)
        j++;
      *n_used = j;
      if (name[j] == NULL)
        return entries[i].builtin;
    }
  return CTL_BUILTIN_NONE;
}

void
ctl_builtin_print_help (const char *const *words, GString *into)
{
  g_autofree char *prefix = words != NULL ? g_strjoinv (" ", (char **) words) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (prefix == NULL || g_str_has_prefix (entries[i].name, prefix))
      g_string_append_printf (into, "  %-30s %s\n", entries[i].name, entries[i].summary);
}

const char *
ctl_builtin_get_name (guint index)
{
  return index < G_N_ELEMENTS (entries) ? entries[index].name : NULL;
}

const char *
ctl_builtin_get_usage (CtlBuiltin builtin)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].builtin == builtin)
      return entries[i].usage;
  return NULL;
}
