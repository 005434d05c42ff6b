/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What every sample in this folder has in common: one operation that answers nothing. */

#include <heptad-plugin.h>

static inline void
on_ping (HeptadCall *call, gpointer plugin)
{
}

#define SAMPLE_OPERATIONS(id)                                                                      \
  static const HeptadOperationEntry operations[] = { HEPTAD_OPERATION (id, on_ping),               \
                                                     { NULL, NULL } }
