/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * HeptadTraceContext:
 *
 * Whose trace a call belongs to (W3C Trace Context, level 1), as lower-case hexadecimal.
 */
typedef struct {
  char trace_id[33];
  char parent_id[17]; /* empty when the trace begins here */
  char span_id[17];
  guint8 flags;
} HeptadTraceContext;

/**
 * heptad_trace_context_init:
 * @traceparent: (nullable): the header as it came
 *
 * Joins the trace that @traceparent names, or begins a new one when it is absent or not valid.
 */
void heptad_trace_context_init (HeptadTraceContext *context, const char *traceparent);
