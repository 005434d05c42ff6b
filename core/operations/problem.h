/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/violation.h"
#include "sdk/heptad-error.h"

#define HEPTAD_PROBLEM_TYPE "application/problem+json"

/**
 * HeptadProblem:
 * @code: what went wrong
 * @status: the HTTP status; 0 takes the code's
 * @detail: a sentence: what was wrong, where, what to do
 * @instance: (nullable): the path of the request
 * @request_id: (nullable): to find the call in the log
 * @violations: (nullable): each way in which the input was wrong
 * @retry_after_us: microseconds to wait before trying again; 0 when not known
 *
 * An RFC 9457 problem.
 */
typedef struct {
  HeptadError code;
  guint status;
  const char *detail;
  const char *instance;
  const char *request_id;
  const HeptadViolations *violations;
  gint64 retry_after_us;
} HeptadProblem;

/**
 * heptad_problem_to_value:
 *
 * Returns: (transfer full): the problem as a JSON object
 */
HeptadValue *heptad_problem_to_value (const HeptadProblem *problem);

/**
 * heptad_problem_print:
 *
 * Returns: (transfer full): the problem as JSON text
 */
GBytes *heptad_problem_print (const HeptadProblem *problem);

/**
 * heptad_problem_code_of_status:
 *
 * Returns: the code nearest to an HTTP status that is not ours
 */
HeptadError heptad_problem_code_of_status (guint status);
