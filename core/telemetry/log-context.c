/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/log-context.h"

static _Thread_local const HeptadLogContext *current;

const HeptadLogContext *
heptad_log_context_enter (const HeptadLogContext *context)
{
  const HeptadLogContext *before = current;

  current = context;
  return before;
}

void
heptad_log_context_leave (const HeptadLogContext *before)
{
  current = before;
}

const HeptadLogContext *
heptad_log_context_get (void)
{
  return current;
}
