/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/principal.h"
#include "core/operations/operation-registry.h"
#include "core/operations/rate-limit.h"
#include "core/operations/violation.h"
#include "core/operations/worker-pool.h"

/**
 * HeptadDispatcher:
 *
 * Takes calls from every door through the same steps: authorise, limit, validate, call, record.
 */
typedef struct _HeptadDispatcher HeptadDispatcher;

typedef struct _HeptadRequest HeptadRequest;

/**
 * HeptadReply:
 *
 * How a call ended. Borrowed until the sink's function returns.
 */
typedef struct {
  guint status; /* an HTTP status, whatever the door */
  const HeptadValue *value;
  const char *job_id;
  const char *etag;
  const char *next_cursor;
  const GError *error;                /* (nullable) */
  const HeptadViolations *violations; /* (nullable) with %HEPTAD_ERROR_INVALID_INPUT */
  gint64 retry_after_us;              /* 0: not told */
} HeptadReply;

/**
 * HeptadReplySink:
 * @reply: called exactly once, from any thread, unless @reply_stream was
 * @reply_stream: called instead of @reply for an answer that is written as it is made
 * @get_body_stream: (nullable): the request's body as it comes
 * @get_cancellable: (nullable): cancelled when the caller goes away
 * @release: frees the request; the call has ended and nothing uses it any more
 *
 * A door's end of a call.
 */
typedef struct {
  void (*reply) (HeptadRequest *request, const HeptadReply *reply);
  GOutputStream *(*reply_stream) (HeptadRequest *request, guint status, const char *content_type);
  GInputStream *(*get_body_stream) (HeptadRequest *request);
  GCancellable *(*get_cancellable) (HeptadRequest *request);
  void (*release) (HeptadRequest *request);
} HeptadReplySink;

/**
 * HeptadRequest:
 *
 * One call on its way through the dispatcher; the first member of a door's own struct. The door
 * fills in what stands above the line and keeps it until @release.
 */
struct _HeptadRequest {
  const HeptadReplySink *sink;
  HeptadOperationSnapshot *snapshot; /* holds @operation */
  HeptadOperation *operation;
  HeptadPrincipal *principal; /* (nullable) */
  const char *tenant_id;
  const char *request_id;
  const char *content_type;    /* (nullable) */
  const char *idempotency_key; /* (nullable) */
  HeptadValue *input;          /* (nullable) */
  HeptadValue *body;           /* (nullable) */

  /*< private: the dispatcher's >*/
  HeptadWork work;
  HeptadDispatcher *dispatcher;
  gboolean claimed; /* the idempotency key is this call's */
  char *resource;   /* (nullable) what the permission was asked for */
  HeptadCall *call;
  HeptadTenant *tenant;
  GCancellable *cancellable; /* made when first asked for, or with a deadline */
  gpointer slot;
  gint64 started_us;
  gint64 deadline_us;
  gint replied; /* atomic */
  GList watch;  /* in the dispatcher's list of calls with a running deadline */
  gboolean watched;
  GMutex mutex;
};

/**
 * heptad_request_clear:
 *
 * Drops all that @request owns: snapshot, principal, input and body.
 */
void heptad_request_clear (HeptadRequest *request);

/**
 * HeptadDispatcherConfig:
 * @n_threads: pool threads
 * @max_queued: calls that may wait for one
 * @limit: calls a second of one principal
 * @validate_answers: hold every answer against its schema, for debug and test builds
 */
typedef struct {
  guint n_threads;
  guint max_queued;
  HeptadRateLimit limit;
  gboolean validate_answers;
} HeptadDispatcherConfig;

/**
 * HeptadCallRecord:
 *
 * What is told of a call when it has ended, for metrics, audit and the log.
 */
typedef struct {
  const HeptadRequest *request;
  const HeptadOperation *operation;
  guint status;
  const GError *error;
  gint64 duration_us;
} HeptadCallRecord;

typedef void (*HeptadCallRecorder) (const HeptadCallRecord *record, gpointer data);

HeptadDispatcher *heptad_dispatcher_new (const HeptadDispatcherConfig *config,
                                         HeptadCallRecorder recorder,
                                         gpointer data);

/**
 * heptad_dispatcher_free:
 *
 * Waits for the calls in flight, whose deadlines bound it.
 */
void heptad_dispatcher_free (HeptadDispatcher *dispatcher);

/**
 * heptad_dispatcher_admit:
 * @request: with operation, principal and input set
 * @retry_after_us: (out): with %HEPTAD_ERROR_RATE_LIMITED, how long to wait
 * @error: %HEPTAD_ERROR_UNAUTHENTICATED, %HEPTAD_ERROR_DENIED or %HEPTAD_ERROR_RATE_LIMITED
 *
 * Authorises and limits a call, before its body is taken. A refusal is recorded. Any thread.
 */
gboolean heptad_dispatcher_admit (HeptadDispatcher *dispatcher,
                                  HeptadRequest *request,
                                  gint64 *retry_after_us,
                                  GError **error);

/**
 * heptad_dispatcher_call:
 * @request: admitted; the dispatcher's until the sink's @release
 *
 * Validates and calls. Any thread; an inline handler runs, and the sink is told, before this
 * returns.
 */
void heptad_dispatcher_call (HeptadDispatcher *dispatcher, HeptadRequest *request);

guint heptad_dispatcher_get_in_flight (HeptadDispatcher *dispatcher);
guint heptad_dispatcher_get_queued (HeptadDispatcher *dispatcher);
