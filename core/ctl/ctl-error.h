/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-error.h"
#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/* The command line was wrong; everything else that fails is in the HEPTAD_ERROR domain. */
#define CTL_USAGE_ERROR (ctl_usage_error_quark ())
GQuark ctl_usage_error_quark (void);

void ctl_set_usage_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

typedef enum {
  CTL_EXIT_OK = 0,
  CTL_EXIT_FAILED = 1,
  CTL_EXIT_USAGE = 2,
  CTL_EXIT_NOT_FOUND = 3,
  CTL_EXIT_DENIED = 4,
  CTL_EXIT_UNAVAILABLE = 5,
  CTL_EXIT_CONFLICT = 6,
} CtlExit;

CtlExit ctl_exit_of_error (const GError *error);

/* The exit codes as --help tells them. */
const char *ctl_exit_get_help (void);

/**
 * ctl_problem_to_error:
 * @status: the answer's HTTP status
 * @body: (nullable): the problem (RFC 9457), where the answer holds one
 *
 * Reads a problem aloud: what was wrong, each violation on a line, what to do.
 *
 * Returns: (transfer full): the error, with the problem's code
 */
GError *ctl_problem_to_error (guint status, const HeptadValue *body);

G_END_DECLS
