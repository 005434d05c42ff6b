/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-exchange.h"
#include "core/doors/rest/rest-door.h"
#include "core/doors/rest/trace-context.h"
#include "core/operations/dispatcher.h"

/* One operation called over HTTP, from the head of its request to the end of its answer. */
typedef struct {
  HeptadRequest request; /* first: the dispatcher's view */
  HeptadRestDoor *door;
  HeptadHttpExchange *exchange; /* a reference once it is dispatched, before that borrowed */
  gboolean dispatched;
  HeptadTraceContext trace;
  char *content_type;
  GPtrArray *cookies; /* (nullable) values that inputs were read from */
  GInputStream *body_stream;
} HeptadRestCall;

extern const HeptadReplySink heptad_rest_reply_sink;

HeptadRestCall *heptad_rest_call_new (HeptadRestDoor *door, HeptadHttpExchange *exchange);
void heptad_rest_call_free (HeptadRestCall *call);

/**
 * heptad_rest_call_refuse:
 * @error: (transfer none): why
 * @violations: (nullable): with %HEPTAD_ERROR_INVALID_INPUT
 *
 * Answers with a problem.
 */
void heptad_rest_call_refuse (HeptadRestCall *call,
                              const GError *error,
                              const HeptadViolations *violations,
                              gint64 retry_after_us);

/**
 * heptad_rest_add_common_headers:
 * @trace: (nullable): of an operation's answer
 *
 * Sets what every answer carries: security headers, cross-origin headers, the request's id.
 */
void heptad_rest_add_common_headers (HeptadRestDoor *door,
                                     HeptadHttpExchange *exchange,
                                     const HeptadTraceContext *trace);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadRestCall, heptad_rest_call_free)
