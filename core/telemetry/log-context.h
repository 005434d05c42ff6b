/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadLogContext:
 *
 * What the thread is working for; every line that it logs says so. Each (nullable), borrowed while
 * the context is entered.
 */
typedef struct {
  const char *tenant_id;
  const char *plugin_id;
  const char *call_id;
  const char *trace_id;
} HeptadLogContext;

/**
 * heptad_log_context_enter:
 * @context: must stay until heptad_log_context_leave()
 *
 * Costs a store into thread-local memory.
 *
 * Returns: (nullable): what was entered before, for leave
 */
const HeptadLogContext *heptad_log_context_enter (const HeptadLogContext *context);
void heptad_log_context_leave (const HeptadLogContext *before);

/* (nullable): the thread's */
const HeptadLogContext *heptad_log_context_get (void);

G_END_DECLS
