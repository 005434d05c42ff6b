/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-http.h"

G_BEGIN_DECLS

/**
 * ctl_job_follow:
 * @job_id: a job that was accepted
 *
 * Asks until the job has ended, with a progress bar where standard error is a terminal.
 *
 * Returns: (transfer full): the job; on failure %NULL with @error, which is the job's own where it
 * failed
 */
HeptadValue *ctl_job_follow (CtlServer *server, const char *job_id, GError **error);

/* The bar for a job: done, total, message. (transfer full) */
char *ctl_job_print_progress (const HeptadValue *job, guint columns);

G_END_DECLS
