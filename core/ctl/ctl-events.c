/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-events.h"

#include <stdio.h>
#include <string.h>

#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-text.h"

#define PAUSE_US G_USEC_PER_SEC
#define MAX_LOST 30

/* A server-sent event as it is read, and the place to go on from. */
typedef struct {
  char *topic;
  GString *data;
  char *cursor;
  char *next_cursor;
  gboolean as_json;
  guint n_lost;
} Tail;

static void
print_event (Tail *self)
{
  g_autofree char *topic = NULL;
  g_autofree char *data = NULL;

  if (self->next_cursor != NULL)
    {
      g_free (self->cursor);
      self->cursor = g_steal_pointer (&self->next_cursor);
    }
  if (self->data->len == 0)
    return;
  topic = ctl_text_clean (self->topic != NULL ? self->topic : "message");
  data = ctl_text_clean (self->data->str);
  if (self->as_json)
    printf ("%s\n", data);
  else
    printf ("%-28s %s\n", topic, data);
  fflush (stdout);
  g_string_truncate (self->data, 0);
  g_clear_pointer (&self->topic, g_free);
}

/* A line of the stream: a field, a comment, or the end of an event. */
static void
take_line (Tail *self, const char *line)
{
  gsize length = strcspn (line, ":");
  const char *value = line[length] == ':' ? line + length + 1 : line + length;

  value += *value == ' ';
  if (*line == '\0')
    {
      print_event (self);
    }
  else if (length == 2 && strncmp (line, "id", 2) == 0)
    {
      g_free (self->next_cursor);
      self->next_cursor = g_strdup (value);
    }
  else if (length == 5 && strncmp (line, "event", 5) == 0)
    {
      g_free (self->topic);
      self->topic = g_strdup (value);
    }
  else if (length == 4 && strncmp (line, "data", 4) == 0)
    {
      g_string_append_printf (self->data, "%s%s", self->data->len > 0 ? "\n" : "", value);
    }
}

static char *
make_target (const char *const *topics)
{
  g_autofree char *list = topics[0] != NULL ? g_strjoinv (",", (char **) topics) : g_strdup ("*");
  g_autofree char *escaped = g_uri_escape_string (list, ",*", FALSE);

  return g_strconcat ("/events?topics=", escaped, NULL);
}

/* Reads until the connection ends. An event is not lost by that: only whole ones move the cursor.
 */
static void
read_stream (Tail *self, GInputStream *body)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (body);
  char *line;

  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      self->n_lost = 0;
      take_line (self, line);
      g_free (line);
    }
  g_string_truncate (self->data, 0);
  g_clear_pointer (&self->next_cursor, g_free);
}

static gboolean
connect_once (Tail *self, CtlServer *server, const char *target, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new_get (target);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) body = NULL;

  g_ptr_array_add (request->headers, g_strdup ("Accept"));
  g_ptr_array_add (request->headers, g_strdup ("text/event-stream"));
  if (self->cursor != NULL)
    {
      g_ptr_array_add (request->headers, g_strdup ("Last-Event-ID"));
      g_ptr_array_add (request->headers, g_strdup (self->cursor));
    }
  body = ctl_server_open (server, request, &message, error);
  if (body == NULL)
    return FALSE;
  if (soup_message_get_status (message) != 200)
    {
      g_propagate_error (error, ctl_server_read_problem (message, body));
      return FALSE;
    }
  read_stream (self, body);
  return TRUE;
}

gboolean
ctl_events_tail (CtlServer *server, const char *const *topics, gboolean as_json, GError **error)
{
  g_autofree char *target = make_target (topics);
  Tail self = { .data = g_string_new (NULL), .as_json = as_json };
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      g_autoptr (GError) failure = NULL;
      gboolean was_open = connect_once (&self, server, target, &failure);

      goes_on = was_open
                || (self.cursor != NULL && ctl_exit_of_error (failure) == CTL_EXIT_UNAVAILABLE
                    && self.n_lost++ < MAX_LOST);
      if (goes_on)
        g_usleep (PAUSE_US);
      else
        g_propagate_error (error, g_steal_pointer (&failure));
    }
  g_string_free (self.data, TRUE);
  g_free (self.cursor);
  g_free (self.topic);
  return FALSE;
}
