/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

/**
 * cost_run_ingest:
 *
 * The job that loads a bill. Lines go into the store block by block; the sums and the bill's new
 * state follow in one last write, so that nothing half-loaded can be asked for. After a crash it
 * begins again.
 */
HeptadValue *cost_run_ingest (HeptadJob *job, gpointer plugin, GError **error);
