/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-call.h"

#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/ctl/ctl-job.h"
#include "core/ctl/ctl-table.h"

static void
print_value (const HeptadValue *value, const CtlArguments *arguments)
{
  g_autofree char *text = arguments->json ? heptad_value_print (value) : ctl_table_print (value);

  fputs (text, stdout);
  if (arguments->json)
    fputc ('\n', stdout);
}

/* The next page is a link; a person is told the flag that asks for it. */
static void
tell_next_page (SoupMessage *message)
{
  const char *link =
      soup_message_headers_get_list (soup_message_get_response_headers (message), "Link");
  const char *start =
      link != NULL && strstr (link, "rel=\"next\"") != NULL ? strstr (link, "cursor=") : NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *cursor = NULL;

  if (start == NULL)
    return;
  start += strlen ("cursor=");
  escaped = g_strndup (start, strcspn (start, "&>"));
  cursor = g_uri_unescape_string (escaped, NULL);
  if (cursor != NULL && g_str_is_ascii (cursor))
    fprintf (stderr, "There is more: add --cursor '%s'\n", cursor);
}

static gboolean
finish_job (CtlServer *server,
            const HeptadValue *accepted,
            const CtlArguments *arguments,
            GError **error)
{
  const HeptadValue *job = heptad_value_get_member (accepted, "job");
  const char *id = heptad_value_get_member_string (job, "id");
  g_autoptr (HeptadValue) ended = NULL;
  const HeptadValue *result;

  if (arguments->no_wait || id == NULL)
    {
      print_value (accepted, arguments);
      return TRUE;
    }
  ended = ctl_job_follow (server, id, error);
  if (ended == NULL)
    return FALSE;
  result = heptad_value_get_member (ended, "result");
  print_value (result != NULL ? result : ended, arguments);
  return TRUE;
}

static gboolean
is_json (SoupMessage *message)
{
  const char *type =
      soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  return type != NULL
         && (strcmp (type, "application/json") == 0 || g_str_has_suffix (type, "+json"));
}

static gboolean
print_answer (CtlServer *server,
              SoupMessage *message,
              GInputStream *body,
              const CtlArguments *arguments,
              GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadValue) value = NULL;
  g_autoptr (GOutputStream) output = NULL;

  if (soup_message_get_status (message) == 204)
    {
      if (!arguments->json && isatty (STDERR_FILENO))
        fputs ("Done.\n", stderr);
      return TRUE;
    }
  if (!is_json (message))
    {
      output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
      return g_output_stream_splice (output, body, G_OUTPUT_STREAM_SPLICE_NONE, NULL, error) >= 0;
    }
  value = ctl_server_read_json (body, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (soup_message_get_status (message) == 202)
    return finish_job (server, value, arguments, error);
  if (value != NULL)
    print_value (value, arguments);
  tell_next_page (message);
  return TRUE;
}

gboolean
ctl_call_run (CtlServer *server,
              const CtlCommand *command,
              const char *const *tokens,
              const CtlArguments *arguments,
              GError **error)
{
  g_autoptr (CtlGiven) given = ctl_flags_parse (command, tokens, error);
  g_autoptr (CtlRequest) request = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) body = NULL;

  if (given == NULL)
    return FALSE;
  request = ctl_request_new (command, given, arguments, error);
  if (request == NULL)
    return FALSE;
  body = ctl_server_open (server, request, &message, error);
  if (body == NULL)
    return FALSE;
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return print_answer (server, message, body, arguments, error);
  g_propagate_error (error, ctl_server_read_problem (message, body));
  return FALSE;
}
