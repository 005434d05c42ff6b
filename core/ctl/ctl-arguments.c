/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-arguments.h"

#include <stddef.h>
#include <string.h>

#include "core/ctl/ctl-error.h"

#define DEFAULT_SERVER    "http://127.0.0.1:8080"
#define DEFAULT_TIMEOUT_S 60
#define MAX_TIMEOUT_S     86400

typedef struct {
  const char *name;
  const char *argument;
  gsize offset;
  const char *help;
} Entry;

#define AT(member) offsetof (CtlArguments, member)

static const Entry entries[] = {
  { "server", "URL", AT (server),
    "The host: http://…, https://… or unix:PATH. HEPTAD_SERVER; default " DEFAULT_SERVER },
  { "key-file", "PATH", AT (key_file),
    "The file of the API key. HEPTAD_API_KEY_FILE, or the key itself in HEPTAD_API_KEY" },
  { "ca-file", "PATH", AT (ca_file), "Certificates to trust, in PEM. HEPTAD_CA_FILE" },
  { "timeout", "SECONDS", AT (timeout_s), "Give up after so long without an answer; default 60" },
  { "input", "JSON", AT (input), "The whole body, or @PATH of it; flags add to it" },
  { "file", "PATH", AT (file), "The body's file; - for standard input" },
  { "json", NULL, AT (json), "Print the answer as JSON, for programs" },
  { "no-wait", NULL, AT (no_wait), "Print the job and do not follow it" },
  { "help", NULL, AT (help), "Explain the command" },
  { "version", NULL, AT (version), "Print the version" },
};

gboolean
ctl_arguments_is_reserved (const char *flag)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strcmp (entries[i].name, flag) == 0)
      return TRUE;
  return FALSE;
}

const char *
ctl_arguments_get_name (guint index)
{
  return index < G_N_ELEMENTS (entries) ? entries[index].name : NULL;
}

char *
ctl_arguments_print_help (void)
{
  GString *help = g_string_new ("Every command takes:\n");

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autofree char *usage =
          g_strconcat ("--", entries[i].name, entries[i].argument != NULL ? " " : "",
                       entries[i].argument != NULL ? entries[i].argument : "", NULL);

      g_string_append_printf (help, "  %-18s %s\n", usage, entries[i].help);
    }
  return g_string_free (help, FALSE);
}

static const Entry *
find_entry (const char *token)
{
  gsize length = strcspn (token, "=");

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strlen (entries[i].name) == length && strncmp (entries[i].name, token, length) == 0)
      return &entries[i];
  return NULL;
}

static gboolean
set_entry (CtlArguments *self, const Entry *entry, const char *value, GError **error)
{
  gpointer target = (char *) self + entry->offset;
  guint64 number;

  if (entry->argument == NULL)
    {
      *(gboolean *) target = TRUE;
      return TRUE;
    }
  if (value == NULL)
    {
      ctl_set_usage_error (error, "--%s needs a value: --%s %s", entry->name, entry->name,
                           entry->argument);
      return FALSE;
    }
  if (entry->offset != AT (timeout_s))
    {
      g_free (*(char **) target);
      *(char **) target = g_strdup (value);
      return TRUE;
    }
  if (!g_ascii_string_to_unsigned (value, 10, 1, MAX_TIMEOUT_S, &number, NULL))
    {
      ctl_set_usage_error (error, "--timeout is a number of seconds from 1 to %d, not '%s'",
                           MAX_TIMEOUT_S, value);
      return FALSE;
    }
  self->timeout_s = (guint) number;
  return TRUE;
}

static gboolean
read_flags (CtlArguments *self, const char *const *arguments, GStrvBuilder *rest, GError **error)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    {
      const char *token = strcmp (arguments[i], "-h") == 0 ? "--help" : arguments[i];
      const Entry *entry = g_str_has_prefix (token, "--") ? find_entry (token + 2) : NULL;
      const char *equals = strchr (token, '=');
      const char *value;

      if (strcmp (token, "--") == 0)
        {
          g_strv_builder_addv (rest, (const char **) arguments + i);
          return TRUE;
        }
      if (entry == NULL)
        {
          g_strv_builder_add (rest, token);
          continue;
        }
      value = equals != NULL ? equals + 1 : NULL;
      if (value == NULL && entry->argument != NULL && arguments[i + 1] != NULL)
        value = arguments[++i];
      if (!set_entry (self, entry, value, error))
        return FALSE;
    }
  return TRUE;
}

static void
take_environment (char **setting, const char *variable, const char *fallback)
{
  const char *value = g_getenv (variable);

  if (*setting == NULL)
    *setting = g_strdup (value != NULL && *value != '\0' ? value : fallback);
}

static gboolean
check_server (CtlArguments *self, GError **error)
{
  gsize length = strlen (self->server);

  while (length > 0 && self->server[length - 1] == '/')
    self->server[--length] = '\0';
  if (g_str_has_prefix (self->server, "unix:/")
      || ((g_str_has_prefix (self->server, "http://")
           || g_str_has_prefix (self->server, "https://"))
          && g_uri_is_valid (self->server, G_URI_FLAGS_NONE, NULL)))
    return TRUE;
  ctl_set_usage_error (error,
                       "'%s' is no server: give http://HOST:PORT, https://HOST:PORT or "
                       "unix:/PATH",
                       self->server);
  return FALSE;
}

CtlArguments *
ctl_arguments_new (const char *const *arguments, GError **error)
{
  g_autoptr (CtlArguments) self = g_new0 (CtlArguments, 1);
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();

  self->timeout_s = DEFAULT_TIMEOUT_S;
  if (!read_flags (self, arguments, rest, error))
    return NULL;
  self->rest = g_strv_builder_end (rest);
  take_environment (&self->server, "HEPTAD_SERVER", DEFAULT_SERVER);
  take_environment (&self->key_file, "HEPTAD_API_KEY_FILE", NULL);
  take_environment (&self->ca_file, "HEPTAD_CA_FILE", NULL);
  return check_server (self, error) ? g_steal_pointer (&self) : NULL;
}

void
ctl_arguments_free (CtlArguments *arguments)
{
  g_free (arguments->server);
  g_free (arguments->key_file);
  g_free (arguments->ca_file);
  g_free (arguments->input);
  g_free (arguments->file);
  g_strfreev (arguments->rest);
  g_free (arguments);
}
