/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-request.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "core/ctl/ctl-body.h"
#include "core/ctl/ctl-error.h"

CtlRequest *
ctl_request_new_get (const char *target)
{
  CtlRequest *request = g_new0 (CtlRequest, 1);

  request->method = "GET";
  request->target = g_strdup (target);
  request->headers = g_ptr_array_new_with_free_func (g_free);
  return request;
}

void
ctl_request_free (CtlRequest *request)
{
  g_free (request->target);
  g_ptr_array_unref (request->headers);
  g_clear_object (&request->body);
  g_free (request);
}

static char *
expand_path (const CtlCommand *command, CtlGiven *given)
{
  GString *path = g_string_new (command->path);

  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      g_autofree char *mark = g_strconcat ("{", flag->name, "}", NULL);
      g_autofree char *value = NULL;

      if (flag->place != CTL_IN_PATH)
        continue;
      value = g_uri_escape_string (ctl_given_get (given, flag), NULL, FALSE);
      g_string_replace (path, mark, value, 1);
    }
  return g_string_free (path, FALSE);
}

static char *
make_target (const CtlCommand *command, CtlGiven *given)
{
  g_autofree char *path = expand_path (command, given);
  GString *target = g_string_new (path);
  char separator = '?';

  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      GPtrArray *values = ctl_given_get_all (given, flag);

      for (guint j = 0; flag->place == CTL_IN_QUERY && values != NULL && j < values->len; j++)
        {
          g_string_append_c (target, separator);
          g_string_append_uri_escaped (target, flag->name, NULL, FALSE);
          g_string_append_c (target, '=');
          g_string_append_uri_escaped (target, values->pdata[j], NULL, FALSE);
          separator = '&';
        }
    }
  return g_string_free (target, FALSE);
}

static gboolean
add_headers (CtlRequest *request, const CtlCommand *command, CtlGiven *given, GError **error)
{
  for (guint i = 0; i < command->flags->len; i++)
    {
      const CtlFlag *flag = command->flags->pdata[i];
      const char *value = ctl_given_get (given, flag);

      if (flag->place != CTL_IN_HEADER || value == NULL)
        continue;
      if (strpbrk (value, "\r\n") != NULL)
        {
          ctl_set_usage_error (error, "The value of --%s holds a line break", flag->flag);
          return FALSE;
        }
      g_ptr_array_add (request->headers, g_strdup (flag->name));
      g_ptr_array_add (request->headers, g_strdup (value));
    }
  return TRUE;
}

/* The declared type that fits the file's name, else the first. */
static const char *
choose_type (const CtlCommand *command, const char *path)
{
  g_autofree char *guess = g_content_type_guess (path, NULL, 0, NULL);
  g_autofree char *mime = g_content_type_get_mime_type (guess);

  for (guint i = 0; i < command->body_types->len; i++)
    if (g_strcmp0 (command->body_types->pdata[i], mime) == 0)
      return command->body_types->pdata[i];
  return command->body_types->len > 0 ? command->body_types->pdata[0] : "application/json";
}

static gboolean
open_file (CtlRequest *request, const CtlCommand *command, const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) failure = NULL;

  request->body_type = choose_type (command, path);
  request->body_length = -1;
  if (strcmp (path, "-") == 0)
    {
      request->body = g_unix_input_stream_new (STDIN_FILENO, FALSE);
      return TRUE;
    }
  file = g_file_new_for_commandline_arg (path);
  stream = g_file_read (file, NULL, &failure);
  if (stream == NULL)
    {
      ctl_set_usage_error (error, "The file %s cannot be read: %s", path, failure->message);
      return FALSE;
    }
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  if (info != NULL
      && g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_REGULAR)
    request->body_length = g_file_info_get_size (info);
  request->body = G_INPUT_STREAM (g_steal_pointer (&stream));
  return TRUE;
}

static gboolean
add_json (CtlRequest *request,
          const CtlCommand *command,
          CtlGiven *given,
          const CtlArguments *arguments,
          GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadValue) body = ctl_body_new (command, given, arguments->input, &failure);
  char *text;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (body == NULL)
    return TRUE;
  text = heptad_value_print (body);
  request->body_length = (gint64) strlen (text);
  request->body = g_memory_input_stream_new_from_data (text, request->body_length, g_free);
  request->body_type = "application/json";
  return TRUE;
}

static gboolean
add_body (CtlRequest *request,
          const CtlCommand *command,
          CtlGiven *given,
          const CtlArguments *arguments,
          GError **error)
{
  gboolean takes_file = command->body_types->len > 0 || command->takes_json;

  if (arguments->file != NULL && arguments->input != NULL)
    ctl_set_usage_error (error, "--file and --input both give the body; drop one of the two");
  else if (arguments->file != NULL && !takes_file)
    ctl_set_usage_error (error, "This command takes no --file");
  else if (arguments->input != NULL && !command->takes_json)
    ctl_set_usage_error (error, "This command takes no --input");
  else if (arguments->file != NULL)
    return open_file (request, command, arguments->file, error);
  else if (!command->takes_json && command->body_required)
    ctl_set_usage_error (error, "This command takes a file: --file PATH, or - for standard input");
  else
    return !command->takes_json || add_json (request, command, given, arguments, error);
  return FALSE;
}

CtlRequest *
ctl_request_new (const CtlCommand *command,
                 CtlGiven *given,
                 const CtlArguments *arguments,
                 GError **error)
{
  g_autofree char *target = make_target (command, given);
  g_autoptr (CtlRequest) request = ctl_request_new_get (target);

  request->method = command->method;
  if (!add_headers (request, command, given, error)
      || !add_body (request, command, given, arguments, error))
    return NULL;
  return g_steal_pointer (&request);
}
