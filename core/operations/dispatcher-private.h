/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/deadline-watch.h"
#include "core/operations/dispatcher.h"
#include "sdk/backend/heptad-call-backend.h"

/* Between the dispatcher's steps (dispatcher.c) and what a handler asks of its call
 * (dispatcher-call.c). */

struct _HeptadDispatcher {
  HeptadDispatcherConfig config;
  HeptadWorkerPool *pool;
  HeptadDeadlineWatch *watch;
  HeptadCallRecorder recorder;
  gpointer recorder_data;
  gint in_flight; /* atomic */
};

/* What stands behind a HeptadCall in the host's process; its data is the #HeptadRequest. */
extern const HeptadCallBackend heptad_dispatcher_call_backend;

void heptad_dispatcher_record (HeptadDispatcher *self,
                               HeptadRequest *request,
                               guint status,
                               const GError *error);

/* Whoever comes first answers the door: the handler, the deadline, or a refusal. */
gboolean heptad_dispatcher_claim_reply (HeptadRequest *request);
void heptad_dispatcher_send_reply (HeptadRequest *request, const HeptadReply *reply);
void heptad_dispatcher_reply_error (HeptadRequest *request,
                                    const GError *error,
                                    const HeptadViolations *violations);

/* (transfer none): made when it is first asked for */
GCancellable *heptad_request_get_cancellable (HeptadRequest *request);
