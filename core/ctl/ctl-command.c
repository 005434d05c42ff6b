/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-command.h"

#include <string.h>

#include "core/ctl/ctl-arguments.h"
#include "core/ctl/ctl-text.h"

#define MAX_REFERENCES 16

/* Follows "#/components/…"; an unknown or endless reference gives NULL. */
static const HeptadValue *
resolve (const HeptadValue *document, const HeptadValue *value)
{
  for (guint i = 0; i < MAX_REFERENCES; i++)
    {
      const char *reference = heptad_value_get_member_string (value, "$ref");

      if (reference == NULL)
        return value;
      if (*reference != '#')
        return NULL;
      value = heptad_value_lookup_pointer (document, reference + 1);
    }
  return NULL;
}

const char *
ctl_flag_get_type (const CtlFlag *flag)
{
  const HeptadValue *type = heptad_value_get_member (flag->schema, "type");

  for (guint i = 0; i < heptad_value_get_size (type); i++)
    {
      const char *name = heptad_value_get_string (heptad_value_get_item (type, i));

      if (name != NULL && strcmp (name, "null") != 0)
        return name;
    }
  return heptad_value_get_string (type) != NULL ? heptad_value_get_string (type) : "string";
}

static void
flag_free (gpointer data)
{
  CtlFlag *flag = data;

  g_free (flag->flag);
  g_free (flag);
}

static void
command_free (gpointer data)
{
  CtlCommand *command = data;

  g_strfreev (command->words);
  g_free (command->method);
  g_ptr_array_unref (command->flags);
  g_ptr_array_unref (command->body_types);
  g_free (command);
}

static gboolean
is_secret (const char *flag, const HeptadValue *schema)
{
  static const char *const words[] = { "password", "passphrase", "secret" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_suffix (flag, words[i]))
      return TRUE;
  return g_strcmp0 (heptad_value_get_member_string (schema, "format"), "password") == 0;
}

static gboolean
has_flag (const CtlCommand *command, const char *name)
{
  for (guint i = 0; i < command->flags->len; i++)
    if (strcmp (((CtlFlag *) command->flags->pdata[i])->flag, name) == 0)
      return TRUE;
  return ctl_arguments_is_reserved (name);
}

static void
add_flag (CtlCommand *command,
          CtlPlace place,
          const char *name,
          const HeptadValue *schema,
          const char *description,
          gboolean required)
{
  static const char *const prefixes[] = { "path-", "query-", "header-", "body-" };
  CtlFlag *flag = g_new0 (CtlFlag, 1);
  g_autofree char *kebab = ctl_text_to_kebab (name);

  flag->flag =
      has_flag (command, kebab) ? g_strconcat (prefixes[place], kebab, NULL) : g_strdup (kebab);
  flag->name = name;
  flag->place = place;
  flag->schema = schema;
  flag->description =
      description != NULL ? description : heptad_value_get_member_string (schema, "description");
  flag->required = required;
  flag->secret = place == CTL_IN_BODY && is_secret (kebab, schema);
  g_ptr_array_add (command->flags, flag);
}

static void
add_parameter (CtlCommand *command, const HeptadValue *document, const HeptadValue *parameter)
{
  const char *in = heptad_value_get_member_string (parameter, "in");
  const char *name = heptad_value_get_member_string (parameter, "name");
  CtlPlace place = g_strcmp0 (in, "path") == 0    ? CTL_IN_PATH
                   : g_strcmp0 (in, "query") == 0 ? CTL_IN_QUERY
                                                  : CTL_IN_HEADER;

  if (name == NULL || g_strcmp0 (in, "cookie") == 0)
    return;
  add_flag (command, place, name, resolve (document, heptad_value_get_member (parameter, "schema")),
            heptad_value_get_member_string (parameter, "description"),
            place == CTL_IN_PATH || heptad_value_get_member_boolean (parameter, "required"));
}

static gboolean
is_parameter_of (const HeptadValue *parameters,
                 const HeptadValue *document,
                 const HeptadValue *other)
{
  for (guint i = 0; i < heptad_value_get_size (parameters); i++)
    {
      const HeptadValue *one = resolve (document, heptad_value_get_item (parameters, i));

      if (g_strcmp0 (heptad_value_get_member_string (one, "name"),
                     heptad_value_get_member_string (other, "name"))
              == 0
          && g_strcmp0 (heptad_value_get_member_string (one, "in"),
                        heptad_value_get_member_string (other, "in"))
                 == 0)
        return TRUE;
    }
  return FALSE;
}

/* An operation's own parameter replaces that of its path. */
static void
add_parameters (CtlCommand *command,
                const HeptadValue *document,
                const HeptadValue *of_path,
                const HeptadValue *of_operation)
{
  for (guint i = 0; i < heptad_value_get_size (of_path); i++)
    {
      const HeptadValue *parameter = resolve (document, heptad_value_get_item (of_path, i));

      if (!is_parameter_of (of_operation, document, parameter))
        add_parameter (command, document, parameter);
    }
  for (guint i = 0; i < heptad_value_get_size (of_operation); i++)
    add_parameter (command, document, resolve (document, heptad_value_get_item (of_operation, i)));
}

static gboolean
names_string (const HeptadValue *list, const char *name)
{
  for (guint i = 0; i < heptad_value_get_size (list); i++)
    if (g_strcmp0 (heptad_value_get_string (heptad_value_get_item (list, i)), name) == 0)
      return TRUE;
  return FALSE;
}

static void
add_members (CtlCommand *command,
             const HeptadValue *document,
             const HeptadValue *schema,
             guint depth)
{
  const HeptadValue *properties = heptad_value_get_member (schema, "properties");
  const HeptadValue *required = heptad_value_get_member (schema, "required");
  const HeptadValue *all = heptad_value_get_member (schema, "allOf");

  for (guint i = 0; i < heptad_value_get_size (properties); i++)
    {
      const char *name = NULL;
      const HeptadValue *member = heptad_value_get_member_at (properties, i, &name);

      add_flag (command, CTL_IN_BODY, name, resolve (document, member), NULL,
                names_string (required, name));
    }
  for (guint i = 0; i < heptad_value_get_size (all) && depth < MAX_REFERENCES; i++)
    add_members (command, document, resolve (document, heptad_value_get_item (all, i)), depth + 1);
}

static void
add_body (CtlCommand *command, const HeptadValue *document, const HeptadValue *body)
{
  const HeptadValue *content = heptad_value_get_member (body, "content");

  command->body_required = heptad_value_get_member_boolean (body, "required");
  for (guint i = 0; i < heptad_value_get_size (content); i++)
    {
      const char *type = NULL;
      const HeptadValue *media = heptad_value_get_member_at (content, i, &type);

      if (strcmp (type, "application/json") != 0)
        {
          g_ptr_array_add (command->body_types, (char *) type);
          continue;
        }
      command->takes_json = TRUE;
      add_members (command, document, resolve (document, heptad_value_get_member (media, "schema")),
                   0);
    }
}

/* Path parameters are also given by place, so they come first, in the order of the path. Secrets
 * come last: nobody types one for a command that is wrong in another way. */
static int
compare_flags (gconstpointer a, gconstpointer b, gpointer path)
{
  const CtlFlag *one = *(CtlFlag *const *) a;
  const CtlFlag *other = *(CtlFlag *const *) b;
  g_autofree char *one_mark = g_strconcat ("{", one->name, "}", NULL);
  g_autofree char *other_mark = g_strconcat ("{", other->name, "}", NULL);

  if (one->place == CTL_IN_PATH && other->place == CTL_IN_PATH)
    return strstr (path, one_mark) > strstr (path, other_mark) ? 1 : -1;
  if ((one->place == CTL_IN_PATH) != (other->place == CTL_IN_PATH))
    return one->place == CTL_IN_PATH ? -1 : 1;
  return one->secret - other->secret;
}

static CtlCommand *
command_new (const HeptadValue *document,
             const char *path,
             const HeptadValue *item,
             const char *method,
             const HeptadValue *operation)
{
  CtlCommand *command = g_new0 (CtlCommand, 1);

  command->method = g_ascii_strup (method, -1);
  command->path = path;
  command->summary = heptad_value_get_member_string (operation, "summary");
  command->description = heptad_value_get_member_string (operation, "description");
  command->flags = g_ptr_array_new_with_free_func (flag_free);
  command->body_types = g_ptr_array_new ();
  add_parameters (command, document, heptad_value_get_member (item, "parameters"),
                  heptad_value_get_member (operation, "parameters"));
  add_body (command, document,
            resolve (document, heptad_value_get_member (operation, "requestBody")));
  g_ptr_array_sort_with_data (command->flags, compare_flags, (char *) path);
  return command;
}

/* "cost.getCosts" is typed as "cost get-costs". */
static GStrv
name_words (const char *operation_id)
{
  const char *dot = strchr (operation_id, '.');
  g_autofree char *plugin = NULL;
  g_autofree char *verb = ctl_text_to_kebab (dot != NULL ? dot + 1 : operation_id);
  const char *words[3] = { NULL };

  if (dot == NULL)
    {
      words[0] = verb;
      return g_strdupv ((char **) words);
    }
  plugin = g_strndup (operation_id, (gsize) (dot - operation_id));
  words[0] = plugin;
  words[1] = verb;
  return g_strdupv ((char **) words);
}

static void
add_operation (CtlCommands *commands,
               const char *path,
               const HeptadValue *item,
               const char *method,
               const HeptadValue *operation)
{
  const HeptadValue *document = commands->document;
  const char *id = heptad_value_get_member_string (operation, "operationId");
  const char *alias =
      heptad_value_get_member_string (heptad_value_get_member (operation, "x-heptad"), "command");
  CtlCommand *command;

  if (id == NULL)
    return;
  if (alias != NULL && *alias != '\0')
    {
      command = command_new (document, path, item, method, operation);
      command->words = g_strsplit (alias, " ", -1);
      command->is_alias = TRUE;
      g_ptr_array_add (commands->list, command);
    }
  command = command_new (document, path, item, method, operation);
  command->words = name_words (id);
  g_ptr_array_add (commands->list, command);
}

CtlCommands *
ctl_commands_new (const HeptadValue *document)
{
  static const char *const methods[] = { "get", "put", "post", "delete", "patch", NULL };
  CtlCommands *commands = g_new0 (CtlCommands, 1);
  const HeptadValue *paths = heptad_value_get_member (document, "paths");

  commands->document = heptad_value_ref (document);
  commands->list = g_ptr_array_new_with_free_func (command_free);
  for (guint i = 0; i < heptad_value_get_size (paths); i++)
    {
      const char *path = NULL;
      const HeptadValue *item = heptad_value_get_member_at (paths, i, &path);

      for (guint j = 0; j < heptad_value_get_size (item); j++)
        {
          const char *method = NULL;
          const HeptadValue *operation = heptad_value_get_member_at (item, j, &method);

          if (g_strv_contains (methods, method))
            add_operation (commands, path, item, method, operation);
        }
    }
  return commands;
}

void
ctl_commands_free (CtlCommands *commands)
{
  g_ptr_array_unref (commands->list);
  heptad_value_unref (commands->document);
  g_free (commands);
}

static gboolean
begins_with (const char *const *words, const char *const *name)
{
  for (guint i = 0; name[i] != NULL; i++)
    if (g_strcmp0 (words[i], name[i]) != 0)
      return FALSE;
  return TRUE;
}

static guint
count_used (const char *const *words, const CtlCommand *command)
{
  return begins_with (words, (const char *const *) command->words) ? g_strv_length (command->words)
                                                                   : 0;
}

const CtlCommand *
ctl_commands_find (const CtlCommands *commands, const char *const *words, guint *n_used)
{
  const CtlCommand *best = NULL;

  *n_used = 0;
  for (guint i = 0; i < commands->list->len; i++)
    {
      const CtlCommand *command = commands->list->pdata[i];
      guint n_words = count_used (words, command);

      if (n_words > *n_used)
        {
          *n_used = n_words;
          best = command;
        }
    }
  return best;
}
