/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

/**
 * HEPTAD_VIOLATIONS_MAX:
 *
 * The most violations that one problem lists.
 */
#define HEPTAD_VIOLATIONS_MAX 20

/**
 * HeptadViolation:
 * @in: `path`, `query`, `header`, `body` or `arguments`
 * @name: (nullable): the parameter
 * @pointer: JSON Pointer inside the parameter or body, empty for the whole
 * @detail: what was expected and what was found
 *
 * One way in which an input is not what its operation declares.
 */
typedef struct {
  const char *in;
  char *name;
  char *pointer;
  char *detail;
} HeptadViolation;

/**
 * HeptadViolations:
 *
 * A list of violations, empty until the first one, so that valid input costs nothing.
 */
typedef struct {
  GPtrArray *list; /* (nullable) HeptadViolation */
} HeptadViolations;

gboolean heptad_violations_any (const HeptadViolations *violations);
void heptad_violations_clear (HeptadViolations *violations);

/**
 * heptad_violations_add:
 * @detail: (transfer full): a sentence
 *
 * Adds one; what comes after %HEPTAD_VIOLATIONS_MAX is dropped.
 */
void heptad_violations_add (HeptadViolations *violations,
                            const char *in,
                            const char *name,
                            const char *pointer,
                            char *detail);

/**
 * heptad_violations_to_error:
 *
 * Returns: (transfer full): %HEPTAD_ERROR_INVALID_INPUT with the first violation as its message
 */
GError *heptad_violations_to_error (const HeptadViolations *violations);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeptadViolations, heptad_violations_clear)
