/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/trace-context.h"
#include "core/doors/websocket/websocket-client.h"
#include "core/doors/websocket/websocket-message.h"
#include "core/operations/input.h"

#include <string.h>

/* One operation called over a socket. Once dispatched it belongs to the dispatcher; what the
 * connection's thread keeps of it is its cancellable. */
typedef struct {
  HeptadRequest request; /* first: the dispatcher's view */
  WebsocketClient *client;
  HeptadValue *id;
  HeptadTraceContext trace;
  char *tenant_id;
  char *idempotency_key; /* (nullable) */
  GCancellable *cancellable;
  gsize max_result_bytes;
} WebsocketCall;

static void
call_free (WebsocketCall *self)
{
  heptad_request_clear (&self->request);
  heptad_listener_unref (&self->client->listener);
  heptad_value_unref (self->id);
  g_free (self->idempotency_key);
  g_object_unref (self->cancellable);
  g_free (self->tenant_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebsocketCall, call_free)

/* ---- The answer: made on whatever thread it comes from, sent on the connection's ---- */

typedef struct {
  WebsocketClient *client;
  GCancellable *cancellable;
  GBytes *message;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  heptad_listener_unref (&answer->client->listener);
  g_object_unref (answer->cancellable);
  g_bytes_unref (answer->message);
  g_free (answer);
}

static gboolean
send_answer (gpointer data)
{
  Answer *answer = data;

  g_hash_table_remove (answer->client->calls, answer->cancellable);
  websocket_client_send (answer->client, answer->message);
  return G_SOURCE_REMOVE;
}

/* @message: (transfer full) */
static void
post_answer (WebsocketCall *self, GBytes *message)
{
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){ .client = self->client,
                      .cancellable = g_object_ref (self->cancellable),
                      .message = message };
  heptad_listener_ref (&self->client->listener);
  heptad_listener_post (&self->client->listener, send_answer, answer, answer_free);
}

static GBytes *
make_problem (WebsocketCall *self, const HeptadReply *reply)
{
  HeptadProblem problem = { .code = heptad_error_code_of (reply->error),
                            .status = reply->status,
                            .detail = reply->error->message,
                            .request_id = self->trace.trace_id,
                            .violations = reply->violations,
                            .retry_after_us = reply->retry_after_us };

  return websocket_message_new_problem (self->id, &problem);
}

static GBytes *
make_error (WebsocketCall *self, HeptadError code, const char *format)
{
  g_autofree char *detail = g_strdup_printf (format, self->request.operation->qualified);
  HeptadProblem problem = { .code = code, .detail = detail, .request_id = self->trace.trace_id };

  return websocket_message_new_problem (self->id, &problem);
}

static HeptadBuilder *
begin_result (WebsocketCall *self, const HeptadReply *reply)
{
  HeptadBuilder *builder = websocket_message_begin ("result", self->id);

  heptad_builder_set_int64 (builder, "status", reply->status);
  heptad_builder_set_string (builder, "requestId", self->trace.trace_id);
  if (reply->next_cursor != NULL)
    heptad_builder_set_string (builder, "nextCursor", reply->next_cursor);
  if (reply->job_id != NULL)
    {
      g_autofree char *url = g_strdup_printf ("/api/v1/host/jobs/%s", reply->job_id);

      heptad_builder_set_object (builder, "job");
      heptad_builder_set_string (builder, "id", reply->job_id);
      heptad_builder_set_string (builder, "url", url);
      heptad_builder_close (builder);
    }
  return builder;
}

/* The value's text goes behind the other members, so that a large one is not copied into a tree. */
static GBytes *
make_result (WebsocketCall *self, const HeptadReply *reply)
{
  g_autoptr (HeptadBuilder) builder = begin_result (self, reply);
  g_autoptr (HeptadValue) value = heptad_builder_end (builder);
  GString *text = g_string_sized_new (512);

  heptad_value_print_to (value, text);
  if (reply->value != NULL)
    {
      g_string_truncate (text, text->len - 1);
      g_string_append (text, ",\"value\":");
      heptad_value_print_to (reply->value, text);
      g_string_append_c (text, '}');
    }
  if (text->len <= self->max_result_bytes)
    return g_string_free_to_bytes (text);
  g_string_free (text, TRUE);
  return make_error (self, HEPTAD_ERROR_TOO_LARGE,
                     "The answer of '%s' is too large for this socket; ask for less, or call it "
                     "over REST");
}

static void
on_reply (HeptadRequest *request, const HeptadReply *reply)
{
  WebsocketCall *self = (WebsocketCall *) request;

  post_answer (self, reply->error != NULL ? make_problem (self, reply) : make_result (self, reply));
}

static const char streamed_detail[] =
    "'%s' takes or gives what a socket's messages do not carry: a stream, or a cookie; call it "
    "over REST";

static GOutputStream *
on_reply_stream (HeptadRequest *request, guint status, const char *content_type)
{
  WebsocketCall *self = (WebsocketCall *) request;

  post_answer (self, make_error (self, HEPTAD_ERROR_UNSUPPORTED, streamed_detail));
  return g_memory_output_stream_new (NULL, 0, NULL, NULL); /* refuses the first byte */
}

static GCancellable *
on_get_cancellable (HeptadRequest *request)
{
  return ((WebsocketCall *) request)->cancellable;
}

static void
on_release (HeptadRequest *request)
{
  call_free ((WebsocketCall *) request);
}

static const HeptadReplySink reply_sink = {
  .reply = on_reply,
  .reply_stream = on_reply_stream,
  .get_cancellable = on_get_cancellable,
  .release = on_release,
};

/* ---- The call ---- */

static gboolean
has_json (GArray *media)
{
  for (guint i = 0; i < media->len; i++)
    {
      const char *type = g_array_index (media, HeptadMediaType, i).type;

      if (strcmp (type, "application/json") == 0 || g_str_has_suffix (type, "+json"))
        return TRUE;
    }
  return media->len == 0;
}

static gboolean
is_carried (const HeptadOperation *operation)
{
  if (operation->stream_input || operation->session != HEPTAD_SESSION_UNTOUCHED
      || !has_json (operation->body))
    return FALSE;
  for (guint i = 0; i < operation->responses->len; i++)
    if (!has_json (g_array_index (operation->responses, HeptadResponse, i).media))
      return FALSE;
  return TRUE;
}

static gboolean
find_operation (WebsocketCall *self, const HeptadValue *message, GError **error)
{
  const char *name = heptad_value_get_member_string (message, "operation");
  HeptadRequest *request = &self->request;

  if (name != NULL)
    request->operation = g_hash_table_lookup (request->snapshot->by_name, name);
  if (request->operation == NULL)
    g_set_error (error, HEPTAD_ERROR,
                 name != NULL ? HEPTAD_ERROR_NOT_FOUND : HEPTAD_ERROR_INVALID_INPUT,
                 "There is no operation '%.80s'; a call names one as PLUGIN.operationId in its "
                 "'operation'",
                 name != NULL ? name : "");
  else if (!is_carried (request->operation))
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED, streamed_detail,
                 request->operation->qualified);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_room (WebsocketClient *client, GError **error)
{
  if (g_hash_table_size (client->calls) < client->config->max_calls
      && heptad_listener_has_room (&client->listener))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY,
               "A connection has at most %u calls in flight and reads its answers; wait for one",
               client->config->max_calls);
  return FALSE;
}

static gboolean
prepare (WebsocketCall *self,
         const HeptadValue *message,
         HeptadViolations *violations,
         gint64 *retry_after_us,
         GError **error)
{
  HeptadRequest *request = &self->request;
  HeptadRestDoor *rest = heptad_audience_get_rest (self->client->listener.audience);

  if (!check_room (self->client, error) || !find_operation (self, message, error))
    return FALSE;
  request->input = heptad_input_from_arguments (
      request->operation, heptad_value_get_member (message, "input"), &request->body, violations);
  if (request->input == NULL)
    {
      g_propagate_error (error, heptad_violations_to_error (violations));
      return FALSE;
    }
  request->content_type = request->body != NULL ? "application/json" : NULL;
  return heptad_dispatcher_admit (heptad_rest_door_get_config (rest)->dispatcher, request,
                                  retry_after_us, error);
}

static WebsocketCall *
call_new (WebsocketClient *client, const HeptadValue *message)
{
  WebsocketCall *self = g_new0 (WebsocketCall, 1);
  HeptadRestDoor *rest = heptad_audience_get_rest (client->listener.audience);
  HeptadPrincipal *principal = client->listener.principal;

  heptad_listener_ref (&client->listener);
  self->client = client;
  self->id = heptad_value_ref (heptad_value_get_member (message, "id"));
  self->cancellable = g_cancellable_new ();
  self->max_result_bytes = client->config->max_result_bytes;
  self->tenant_id = g_strdup (heptad_principal_get_tenant_id (principal));
  self->idempotency_key = g_strdup (heptad_value_get_member_string (message, "idempotencyKey"));
  heptad_trace_context_init (&self->trace, heptad_value_get_member_string (message, "traceparent"));
  self->request.sink = &reply_sink;
  self->request.snapshot =
      heptad_operation_registry_get_snapshot (heptad_rest_door_get_config (rest)->registry);
  self->request.principal = heptad_principal_ref (principal);
  self->request.tenant_id = self->tenant_id;
  self->request.request_id = self->trace.trace_id;
  self->request.idempotency_key = self->idempotency_key;
  return self;
}

void
websocket_client_call (WebsocketClient *client, const HeptadValue *message)
{
  HeptadRestDoor *rest = heptad_audience_get_rest (client->listener.audience);
  g_autoptr (WebsocketCall) self = call_new (client, message);
  g_auto (HeptadViolations) violations = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 retry_after_us = 0;

  if (!prepare (self, message, &violations, &retry_after_us, &error))
    {
      HeptadReply refusal = { .error = error,
                              .violations = &violations,
                              .retry_after_us = retry_after_us };
      g_autoptr (GBytes) answer = make_problem (self, &refusal);

      websocket_client_send (client, answer);
      return;
    }
  g_hash_table_add (client->calls, g_object_ref (self->cancellable));
  heptad_dispatcher_call (heptad_rest_door_get_config (rest)->dispatcher,
                          (HeptadRequest *) g_steal_pointer (&self));
}

void
websocket_client_cancel_calls (WebsocketClient *client)
{
  g_autolist (GCancellable) calls = g_hash_table_get_keys (client->calls);

  g_list_foreach (calls, (GFunc) (void (*) (void)) g_object_ref, NULL);
  g_hash_table_remove_all (client->calls);
  for (GList *call = calls; call != NULL; call = call->next)
    g_cancellable_cancel (call->data);
}
