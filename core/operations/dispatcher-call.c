/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/dispatcher-private.h"

#include "core/operations/answer-check.h"
#include "core/operations/idempotency.h"
#include "sdk/backend/heptad-deadline.h"
#include "sdk/heptad-log.h"

static HeptadRequest *
request_of_call (HeptadCall *call)
{
  return heptad_call_get_backend_data (call);
}

void
heptad_dispatcher_record (HeptadDispatcher *self,
                          HeptadRequest *request,
                          guint status,
                          const GError *error)
{
  HeptadCallRecord entry = {
    .request = request, .operation = request->operation, .status = status, .error = error
  };

  entry.duration_us = request->started_us != 0 ? g_get_monotonic_time () - request->started_us : 0;
  self->recorder (&entry, self->recorder_data);
}

gboolean
heptad_dispatcher_claim_reply (HeptadRequest *request)
{
  return g_atomic_int_compare_and_exchange (&request->replied, FALSE, TRUE);
}

void
heptad_dispatcher_send_reply (HeptadRequest *request, const HeptadReply *reply)
{
  heptad_dispatcher_record (request->dispatcher, request, reply->status, reply->error);
  request->sink->reply (request, reply);
}

void
heptad_dispatcher_reply_error (HeptadRequest *request,
                               const GError *error,
                               const HeptadViolations *violations)
{
  HeptadReply reply = { .error = error, .violations = violations };

  reply.status = heptad_error_get_info (heptad_error_code_of (error))->http_status;
  if (heptad_dispatcher_claim_reply (request))
    heptad_dispatcher_send_reply (request, &reply);
}

static guint
choose_status (const HeptadRequest *request, const HeptadCallAnswer *answer)
{
  const HeptadResponse *first;

  if (answer->status != 0)
    return answer->status;
  if (answer->job_id != NULL)
    return 202;
  first = heptad_operation_find_response (request->operation, 0);
  if (answer->value == NULL)
    return heptad_operation_find_response (request->operation, 204) != NULL ? 204 : first->status;
  return first->status;
}

static void
on_call_answer (HeptadCall *call, const HeptadCallAnswer *answer)
{
  HeptadRequest *request = request_of_call (call);
  HeptadReply reply = { .value = answer->value,
                        .job_id = answer->job_id,
                        .etag = answer->etag,
                        .next_cursor = answer->next_cursor };
  g_autoptr (GError) wrong = NULL;

  if (answer->error != NULL)
    {
      if (request->claimed)
        heptad_idempotency_drop (request);
      heptad_dispatcher_reply_error (request, answer->error, NULL);
      return;
    }
  reply.status = choose_status (request, answer);
  if (request->claimed && !heptad_idempotency_keep (request, &reply, &wrong))
    {
      heptad_dispatcher_reply_error (request, wrong, NULL);
      return;
    }
  if (request->dispatcher->config.validate_answers
      && !heptad_answer_check (request->operation, reply.status, answer, &wrong))
    {
      heptad_log_warning ("%s", wrong->message);
      heptad_dispatcher_reply_error (request, wrong, NULL);
      return;
    }
  if (heptad_dispatcher_claim_reply (request))
    heptad_dispatcher_send_reply (request, &reply);
}

static GOutputStream *
on_call_answer_stream (HeptadCall *call, guint status, const char *content_type)
{
  HeptadRequest *request = request_of_call (call);

  if (request->claimed)
    heptad_idempotency_drop (request); /* an answer that was streamed cannot be repeated */
  if (!heptad_dispatcher_claim_reply (request))
    return g_memory_output_stream_new (NULL, 0, NULL, NULL); /* refuses the first byte */
  if (status == 0)
    status = heptad_operation_find_response (request->operation, 0)->status;
  heptad_dispatcher_record (request->dispatcher, request, status, NULL);
  heptad_deadline_watch_remove (request->dispatcher->watch, request);
  return request->sink->reply_stream (request, status, content_type);
}

static GInputStream *
on_call_get_body_stream (HeptadCall *call)
{
  HeptadRequest *request = request_of_call (call);

  if (request->sink->get_body_stream == NULL)
    return NULL;
  return request->sink->get_body_stream (request);
}

static void
forward_cancel (GCancellable *from, gpointer to)
{
  g_cancellable_cancel (to);
}

GCancellable *
heptad_request_get_cancellable (HeptadRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&request->mutex);
  GCancellable *door = NULL;

  if (request->cancellable != NULL)
    return request->cancellable;
  request->cancellable = g_cancellable_new ();
  heptad_cancellable_set_deadline (request->cancellable, request->deadline_us);
  if (request->sink->get_cancellable != NULL)
    door = request->sink->get_cancellable (request);
  if (door != NULL)
    g_cancellable_connect (door, G_CALLBACK (forward_cancel), g_object_ref (request->cancellable),
                           g_object_unref);
  return request->cancellable;
}

static GCancellable *
on_call_get_cancellable (HeptadCall *call)
{
  return heptad_request_get_cancellable (request_of_call (call));
}

static gboolean
on_call_is_allowed (HeptadCall *call, const char *permission, const char *resource)
{
  HeptadPrincipal *principal = request_of_call (call)->principal;

  return principal != NULL && heptad_principal_is_allowed (principal, permission, resource);
}

/* While this runs the call still has its last reference, so the watch may take one of its own; once
 * the call is finalized it no longer could. */
static void
on_call_ending (HeptadCall *call)
{
  HeptadRequest *request = request_of_call (call);

  heptad_deadline_watch_remove (request->dispatcher->watch, request);
}

static void
on_call_finalize (HeptadCall *call)
{
  HeptadRequest *request = request_of_call (call);
  HeptadDispatcher *self = request->dispatcher;

  g_clear_object (&request->tenant);
  g_clear_object (&request->cancellable);
  g_mutex_clear (&request->mutex);
  request->sink->release (request);
  g_atomic_int_add (&self->in_flight, -1);
}

const HeptadCallBackend heptad_dispatcher_call_backend = {
  .answer = on_call_answer,
  .answer_stream = on_call_answer_stream,
  .get_body_stream = on_call_get_body_stream,
  .get_cancellable = on_call_get_cancellable,
  .is_allowed = on_call_is_allowed,
  .ending = on_call_ending,
  .finalize = on_call_finalize,
};
