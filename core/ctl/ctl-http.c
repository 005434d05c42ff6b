/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-http.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-secret.h"

#define MAX_JSON_BYTES (64 * 1024 * 1024)
#define UNIX_BASE      "http://localhost"

struct _CtlServer {
  SoupSession *session;
  char *name;
  const char *base;
  char *authorization;
};

static gboolean
read_key (CtlServer *self, const CtlArguments *arguments, GError **error)
{
  const char *variable = g_getenv ("HEPTAD_API_KEY");
  g_autofree char *key = NULL;

  if (variable != NULL && *variable != '\0')
    key = g_strdup (variable);
  else if (arguments->key_file != NULL)
    key = ctl_secret_read (arguments->key_file, "API key", error);
  else
    return TRUE;
  if (key == NULL)
    return FALSE;
  g_strstrip (key);
  if (strpbrk (key, "\r\n") == NULL && g_str_is_ascii (key))
    {
      self->authorization = g_strconcat ("Bearer ", key, NULL);
      return TRUE;
    }
  ctl_set_usage_error (error, "The API key holds a character that no key has");
  return FALSE;
}

static gboolean
trust (CtlServer *self, const char *ca_file, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) failure = NULL;

  if (ca_file == NULL)
    return TRUE;
  database = g_tls_file_database_new (ca_file, &failure);
  if (database == NULL)
    {
      ctl_set_usage_error (error, "The certificates in %s cannot be read: %s", ca_file,
                           failure->message);
      return FALSE;
    }
  soup_session_set_tls_database (self->session, database);
  return TRUE;
}

CtlServer *
ctl_server_new (const CtlArguments *arguments, GError **error)
{
  g_autoptr (CtlServer) self = g_new0 (CtlServer, 1);
  g_autoptr (GSocketAddress) address = NULL;

  self->name = g_strdup (arguments->server);
  self->base = self->name;
  if (g_str_has_prefix (arguments->server, "unix:"))
    {
      address = g_unix_socket_address_new (arguments->server + strlen ("unix:"));
      self->base = UNIX_BASE;
    }
  self->session = soup_session_new_with_options ("timeout", arguments->timeout_s, "user-agent",
                                                 "heptadctl ", "remote-connectable", address, NULL);
  if (!read_key (self, arguments, error) || !trust (self, arguments->ca_file, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ctl_server_free (CtlServer *server)
{
  g_clear_object (&server->session);
  g_free (server->name);
  g_free (server->authorization);
  g_free (server);
}

static SoupMessage *
make_message (CtlServer *self, const CtlRequest *request)
{
  g_autofree char *uri = g_strconcat (self->base, request->target, NULL);
  SoupMessage *message = soup_message_new (request->method, uri);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_append (headers, request->headers->pdata[i],
                                 request->headers->pdata[i + 1]);
  if (self->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", self->authorization);
  if (request->body != NULL)
    soup_message_set_request_body (message, request->body_type, request->body,
                                   (gssize) request->body_length);
  /* A key goes to the server that was named and to no other. */
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return message;
}

static void
set_transport_error (CtlServer *self, const GError *failure, GError **error)
{
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE,
                 "%s did not answer in time; wait longer with --timeout SECONDS", self->name);
  else if (failure->domain == G_TLS_ERROR)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                 "The certificate of %s is not trusted: %s; name its authority with --ca-file PATH",
                 self->name, failure->message);
  else
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                 "%s cannot be reached: %s; start the host with 'heptadd', or name another with "
                 "--server or HEPTAD_SERVER",
                 self->name, failure->message);
}

GInputStream *
ctl_server_open (CtlServer *server,
                 const CtlRequest *request,
                 SoupMessage **message,
                 GError **error)
{
  g_autoptr (SoupMessage) sent = make_message (server, request);
  g_autoptr (GError) failure = NULL;
  GInputStream *body;

  if (sent == NULL)
    {
      ctl_set_usage_error (error, "'%s' is no server", server->name);
      return NULL;
    }
  body = soup_session_send (server->session, sent, NULL, &failure);
  if (body == NULL)
    set_transport_error (server, failure, error);
  else
    *message = g_steal_pointer (&sent);
  return body;
}

HeptadValue *
ctl_server_read_json (GInputStream *body, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 chunk[16384];
  gssize n_read;

  while ((n_read = g_input_stream_read (body, chunk, sizeof chunk, NULL, error)) > 0)
    {
      if (bytes->len + (gsize) n_read > MAX_JSON_BYTES)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                       "The answer is larger than %d MiB; ask for less, such as with --limit",
                       MAX_JSON_BYTES / 1024 / 1024);
          return NULL;
        }
      g_byte_array_append (bytes, chunk, (guint) n_read);
    }
  if (n_read < 0 || bytes->len == 0)
    return NULL;
  return heptad_value_parse ((const char *) bytes->data, bytes->len, error);
}

GError *
ctl_server_read_problem (SoupMessage *message, GInputStream *body)
{
  g_autoptr (HeptadValue) problem = ctl_server_read_json (body, NULL);

  return ctl_problem_to_error (soup_message_get_status (message), problem);
}

HeptadValue *
ctl_server_get (CtlServer *server, const char *target, GError **error)
{
  g_autoptr (CtlRequest) request = ctl_request_new_get (target);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) body = ctl_server_open (server, request, &message, error);

  if (body == NULL)
    return NULL;
  if (soup_message_get_status (message) == 200)
    return ctl_server_read_json (body, error);
  g_propagate_error (error, ctl_server_read_problem (message, body));
  return NULL;
}
