/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/dispatcher-private.h"

#include "core/operations/idempotency.h"
#include "core/operations/input.h"
#include "core/operations/serial-slot.h"
#include "core/telemetry/log-context.h"

static gboolean
check_permission (HeptadRequest *request, GError **error)
{
  HeptadOperation *operation = request->operation;
  const char *resource;

  if (operation->anonymous)
    return TRUE;
  if (request->principal == NULL)
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED,
          "This operation needs a credential: send an API key as 'Authorization: Bearer …' "
          "or sign in");
      return FALSE;
    }
  if (operation->resource != NULL)
    request->resource = heptad_input_expand_resource (operation->resource, request->input);
  resource = request->resource;
  if (heptad_principal_is_allowed (request->principal, operation->permission, resource))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED,
               "%s lacks the permission '%s'%s%s; an administrator can grant it",
               heptad_principal_get_id (request->principal), operation->permission,
               resource != NULL ? " on " : "", resource != NULL ? resource : "");
  return FALSE;
}

gboolean
heptad_dispatcher_admit (HeptadDispatcher *self,
                         HeptadRequest *request,
                         gint64 *retry_after_us,
                         GError **error)
{
  g_autoptr (GError) refusal = NULL;

  request->dispatcher = self;
  request->started_us = g_get_monotonic_time ();
  if (!check_permission (request, &refusal))
    {
      heptad_dispatcher_record (
          self, request, heptad_error_get_info ((HeptadError) refusal->code)->http_status, refusal);
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  if (request->principal == NULL
      || heptad_rate_cell_take (heptad_principal_get_rate_cell (request->principal),
                                &self->config.limit, request->started_us, retry_after_us))
    return TRUE;

  g_set_error (&refusal, HEPTAD_ERROR, HEPTAD_ERROR_RATE_LIMITED,
               "%s may make %u calls a second; wait %.3f seconds",
               heptad_principal_get_id (request->principal), self->config.limit.per_second,
               (double) *retry_after_us / G_USEC_PER_SEC);
  heptad_dispatcher_record (self, request, 429, refusal);
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
validate (HeptadRequest *request, HeptadViolations *violations)
{
  heptad_input_validate (request->operation, request->input, violations);
  heptad_input_validate_body (request->operation, request->body, request->content_type, violations);
  if (heptad_violations_any (violations))
    return FALSE;
  if (request->body != NULL)
    request->body =
        heptad_input_fill_body (request->operation, request->body, request->content_type);
  return TRUE;
}

static gboolean
find_tenant (HeptadRequest *request, GError **error)
{
  const HeptadOperationTarget *target = heptad_operation_set_get_target (request->operation->set);

  request->tenant = target->get_tenant (target->data, request->tenant_id);
  if (request->tenant != NULL)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
               "The plugin '%s' is not enabled for tenant '%s'",
               heptad_operation_set_get_plugin_id (request->operation->set), request->tenant_id);
  return FALSE;
}

static HeptadCall *
make_call (HeptadRequest *request)
{
  HeptadCallContext context = {
    .backend = &heptad_dispatcher_call_backend,
    .data = request,
    .input = g_steal_pointer (&request->input),
    .body = request->body,
    .content_type = request->content_type,
    .tenant = request->tenant,
    .principal =
        request->principal != NULL ? heptad_principal_get_id (request->principal) : "anonymous",
    .deadline_us = request->deadline_us,
  };

  return heptad_call_new (&context);
}

static void
enter_handler (HeptadRequest *request)
{
  HeptadOperationSet *set = request->operation->set;
  const HeptadLogContext context = { .tenant_id = request->tenant_id,
                                     .plugin_id = heptad_operation_set_get_plugin_id (set),
                                     .call_id = request->request_id,
                                     .trace_id = request->request_id };
  const HeptadLogContext *before = heptad_log_context_enter (&context);

  request->operation->handle (request->call, heptad_operation_set_get_plugin (set));
  heptad_log_context_leave (before);
}

/* The handler has returned: the slot goes to the next, and the host's reference is dropped, which
 * ends the call unless the handler kept one to answer later. */
static void
leave_handler (HeptadRequest *request)
{
  HeptadDispatcher *self = request->dispatcher;
  HeptadSerialSlot *slot = g_steal_pointer (&request->slot);

  if (slot != NULL)
    heptad_serial_slot_leave (slot);
  if (!heptad_call_is_answered (request->call))
    heptad_deadline_watch_add (self->watch, request);
  g_object_unref (request->call);
}

static HeptadRequest *
request_of_work (HeptadWork *work)
{
  return (HeptadRequest *) (gpointer) ((char *) work - offsetof (HeptadRequest, work));
}

/* Repeats the answer that the key had before. */
static void
reply_again (HeptadRequest *request, const HeptadIdempotentResult *earlier)
{
  HeptadReply reply = { .status = earlier->status };

  reply.value = heptad_value_get_member (earlier->result, "value");
  reply.job_id = heptad_value_get_member_string (earlier->result, "jobId");
  if (heptad_dispatcher_claim_reply (request))
    heptad_dispatcher_send_reply (request, &reply);
}

static void
enter_handler_once (HeptadRequest *request)
{
  g_autoptr (HeptadIdempotentResult) earlier = NULL;
  g_autoptr (GError) error = NULL;

  if (request->idempotency_key == NULL || heptad_operation_is_safe (request->operation))
    {
      enter_handler (request);
      return;
    }
  request->claimed = heptad_idempotency_claim (request, &earlier, &error);
  if (request->claimed)
    {
      enter_handler (request);
      return;
    }
  if (earlier != NULL)
    reply_again (request, earlier);
  else
    heptad_dispatcher_reply_error (request, error, NULL);
  /* The door has its answer; the call is closed without the handler. */
  heptad_call_take_error (request->call,
                          g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT, ""));
}

static void
run_on_pool (HeptadWork *work)
{
  HeptadRequest *request = request_of_work (work);

  /* One whose time ran out, or whose caller left, while it waited is not begun. */
  if (g_atomic_int_get (&request->replied))
    {
      g_autoptr (GError) late = g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE, "late");

      heptad_call_take_error (request->call, g_steal_pointer (&late));
    }
  else
    {
      enter_handler_once (request);
    }
  leave_handler (request);
}

static void
refuse_busy (HeptadRequest *request)
{
  g_autoptr (GError) error = g_error_new (
      HEPTAD_ERROR, HEPTAD_ERROR_BUSY, "Too many calls wait for '%s'; try again in a moment",
      heptad_operation_set_get_plugin_id (request->operation->set));

  heptad_call_take_error (request->call, g_steal_pointer (&error));
}

static void
queue_call (HeptadDispatcher *self, HeptadRequest *request, HeptadSerialSlot *slot)
{
  gboolean waiting = FALSE;

  request->work.run = run_on_pool;
  request->slot = slot;
  heptad_deadline_watch_add (self->watch, request);
  if (slot != NULL
      && !heptad_serial_slot_enter_or_wait (slot, &request->work, self->pool,
                                            self->config.max_queued, &waiting))
    {
      request->slot = NULL;
      refuse_busy (request);
      g_object_unref (request->call);
      return;
    }
  if (waiting || heptad_worker_pool_push (self->pool, &request->work))
    return;
  refuse_busy (request);
  leave_handler (request);
}

static void
call_handler (HeptadDispatcher *self, HeptadRequest *request)
{
  const HeptadOperationTarget *target = heptad_operation_set_get_target (request->operation->set);
  HeptadSerialSlot *slot = target->serial ? heptad_serial_slot_get (request->tenant) : NULL;

  if (request->operation->is_inline && request->idempotency_key == NULL
      && (slot == NULL || heptad_serial_slot_try_enter (slot)))
    {
      request->slot = slot;
      enter_handler (request);
      leave_handler (request);
      return;
    }
  queue_call (self, request, slot);
}

void
heptad_dispatcher_call (HeptadDispatcher *self, HeptadRequest *request)
{
  g_auto (HeptadViolations) violations = { 0 };
  g_autoptr (GError) error = NULL;

  g_atomic_int_inc (&self->in_flight);
  g_mutex_init (&request->mutex);
  request->dispatcher = self;
  request->deadline_us = request->started_us + request->operation->deadline_us;
  if (!validate (request, &violations))
    error = heptad_violations_to_error (&violations);
  else
    find_tenant (request, &error);

  if (error == NULL)
    {
      request->call = make_call (request);
      call_handler (self, request);
      return;
    }
  heptad_dispatcher_reply_error (request, error,
                                 heptad_violations_any (&violations) ? &violations : NULL);
  g_mutex_clear (&request->mutex);
  request->sink->release (request);
  g_atomic_int_add (&self->in_flight, -1);
}

/* ---- Life ---- */

void
heptad_request_clear (HeptadRequest *request)
{
  g_clear_pointer (&request->snapshot, heptad_operation_snapshot_unref);
  g_clear_pointer (&request->principal, heptad_principal_unref);
  g_clear_pointer (&request->input, heptad_value_unref);
  g_clear_pointer (&request->body, heptad_value_unref);
  g_clear_pointer (&request->resource, g_free);
}

static void
on_deadline (HeptadRequest *request)
{
  g_autoptr (GError) error =
      g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE,
                   "'%s' did not answer within %" G_GINT64_FORMAT " seconds",
                   request->operation->qualified, request->operation->deadline_us / G_USEC_PER_SEC);

  g_cancellable_cancel (heptad_request_get_cancellable (request));
  heptad_dispatcher_reply_error (request, error, NULL);
}

HeptadDispatcher *
heptad_dispatcher_new (const HeptadDispatcherConfig *config,
                       HeptadCallRecorder recorder,
                       gpointer data)
{
  HeptadDispatcher *self = g_new0 (HeptadDispatcher, 1);

  self->config = *config;
  self->recorder = recorder;
  self->recorder_data = data;
  self->pool = heptad_worker_pool_new ("heptad-pool", config->n_threads, config->max_queued);
  self->watch = heptad_deadline_watch_new (on_deadline);
  return self;
}

void
heptad_dispatcher_free (HeptadDispatcher *self)
{
  if (self == NULL)
    return;
  while (g_atomic_int_get (&self->in_flight) > 0)
    g_usleep (1000);
  heptad_worker_pool_free (self->pool);
  heptad_deadline_watch_free (self->watch);
  g_free (self);
}

guint
heptad_dispatcher_get_in_flight (HeptadDispatcher *self)
{
  return (guint) g_atomic_int_get (&self->in_flight);
}

guint
heptad_dispatcher_get_queued (HeptadDispatcher *self)
{
  return heptad_worker_pool_get_queued (self->pool);
}
