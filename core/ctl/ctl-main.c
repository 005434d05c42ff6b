/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heptadctl: every operation of a host as a command, made from the host's own declaration. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "core/ctl/ctl-builtin.h"
#include "core/ctl/ctl-call.h"
#include "core/ctl/ctl-completion.h"
#include "core/ctl/ctl-document.h"
#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-events.h"
#include "core/ctl/ctl-help.h"
#include "core/ctl/ctl-template.h"

static CtlCommands *
load_commands (CtlServer *server, const CtlArguments *arguments, GError **error)
{
  g_autoptr (HeptadValue) document = ctl_document_load (server, arguments->server, error);

  return document != NULL ? ctl_commands_new (document) : NULL;
}

/* Help that needs no host is given without one, too. */
static gboolean
print_help (CtlServer *server, const CtlArguments *arguments, GError **error)
{
  const char *const *words = (const char *const *) arguments->rest;
  g_autoptr (GError) failure = NULL;
  g_autoptr (CtlCommands) commands = load_commands (server, arguments, &failure);
  const CtlCommand *command = NULL;
  g_autofree char *help = NULL;
  guint n_used;

  if (commands != NULL)
    command = ctl_commands_find (commands, words, &n_used);
  help = command != NULL ? ctl_help_print_command (command) : ctl_help_print_list (commands, words);
  if (help == NULL && failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (help == NULL)
    ctl_set_usage_error (error, "There is no command '%s'; see heptadctl --help", words[0]);
  if (help == NULL)
    return FALSE;
  fputs (help, stdout);
  if (failure != NULL)
    fprintf (stderr, "\nWhat the host offers is not known: %s\n", failure->message);
  return TRUE;
}

static gboolean
run_operation (CtlServer *server, const CtlArguments *arguments, GError **error)
{
  const char *const *words = (const char *const *) arguments->rest;
  g_autoptr (CtlCommands) commands = load_commands (server, arguments, error);
  g_autofree char *typed = g_strjoinv (" ", arguments->rest);
  g_autofree char *help = NULL;
  const CtlCommand *command;
  guint n_used;

  if (commands == NULL)
    return FALSE;
  command = ctl_commands_find (commands, words, &n_used);
  if (command != NULL)
    return ctl_call_run (server, command, words + n_used, arguments, error);
  help = ctl_help_print_list (commands, words);
  if (help != NULL)
    ctl_set_usage_error (error, "'%s' is not a whole command.\n%s", typed, g_strchomp (help));
  else
    ctl_set_usage_error (error, "'%s' is no command of this host; see heptadctl --help", typed);
  return FALSE;
}

/* NAME [--directory DIR] */
static gboolean
run_plugin_new (const char *const *tokens, GError **error)
{
  const char *name = NULL;
  const char *directory = NULL;

  for (guint i = 0; tokens[i] != NULL; i++)
    {
      if (g_str_has_prefix (tokens[i], "--directory="))
        directory = tokens[i] + strlen ("--directory=");
      else if (strcmp (tokens[i], "--directory") == 0 && tokens[i + 1] != NULL)
        directory = tokens[++i];
      else if (name == NULL && tokens[i][0] != '-')
        name = tokens[i];
      else
        name = "";
    }
  if (name == NULL || *name == '\0')
    {
      ctl_set_usage_error (error, "Say what to make: heptadctl plugin new NAME [--directory DIR]");
      return FALSE;
    }
  if (!ctl_template_write (name, directory, error))
    return FALSE;
  printf ("%s holds a new plugin. Build and load it:\n\n"
          "  cd %s\n  meson setup build && meson test -C build\n"
          "  heptadctl plugin load %s\n\nIts README.md has the rest.\n",
          directory != NULL ? directory : name, directory != NULL ? directory : name, name);
  return TRUE;
}

static gboolean
run_completion (const char *const *tokens, GError **error)
{
  const char *script = ctl_completion_get_script (tokens[0]);

  if (script == NULL)
    {
      ctl_set_usage_error (error, "Name the shell: heptadctl completion bash, zsh or fish");
      return FALSE;
    }
  fputs (script, stdout);
  return TRUE;
}

/* A shell waits for this, so the copy of the declaration is good enough. */
static gboolean
run_complete (CtlServer *server, const char *const *tokens, const CtlArguments *arguments)
{
  g_autoptr (HeptadValue) document = ctl_document_load_copy (arguments->server);
  g_autoptr (CtlCommands) commands = NULL;
  g_autofree char *lines = NULL;

  commands =
      document != NULL ? ctl_commands_new (document) : load_commands (server, arguments, NULL);
  if (g_strcmp0 (tokens[0], "--") == 0)
    tokens++;
  lines = ctl_completion_suggest (commands, tokens);
  fputs (lines, stdout);
  return TRUE;
}

static gboolean
run_builtin (CtlBuiltin builtin,
             CtlServer *server,
             const char *const *tokens,
             const CtlArguments *arguments,
             GError **error)
{
  if (arguments->help)
    {
      fputs (ctl_builtin_get_usage (builtin), stdout);
      return TRUE;
    }
  switch (builtin)
    {
    case CTL_BUILTIN_PLUGIN_NEW:
      return run_plugin_new (tokens, error);
    case CTL_BUILTIN_EVENT_TAIL:
      return ctl_events_tail (server, tokens, arguments->json, error);
    case CTL_BUILTIN_COMPLETION:
      return run_completion (tokens, error);
    default:
      return run_complete (server, tokens, arguments);
    }
}

static gboolean
run (const CtlArguments *arguments, GError **error)
{
  const char *const *words = (const char *const *) arguments->rest;
  g_autoptr (CtlServer) server = NULL;
  CtlBuiltin builtin;
  guint n_used;

  if (arguments->version)
    {
      puts ("heptadctl " HEPTAD_VERSION);
      return TRUE;
    }
  server = ctl_server_new (arguments, error);
  if (server == NULL)
    return FALSE;
  builtin = ctl_builtin_find (words, &n_used);
  if (builtin != CTL_BUILTIN_NONE)
    return run_builtin (builtin, server, words + n_used, arguments, error);
  if (words[0] == NULL || arguments->help)
    return print_help (server, arguments, error);
  return run_operation (server, arguments, error);
}

int
main (int argc, char **argv)
{
  const char *const *arguments = (const char *const *) argv + MIN (argc, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlArguments) parsed = NULL;

  setlocale (LC_ALL, "");
  parsed = ctl_arguments_new (arguments, &error);
  if (parsed != NULL)
    run (parsed, &error);
  if (error != NULL)
    fprintf (stderr, "heptadctl: %s\n", error->message);
  return (int) ctl_exit_of_error (error);
}
