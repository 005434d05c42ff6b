/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-error.h"
#include "value-tape.h"

G_BEGIN_DECLS

/*
 * heptad_json_scan:
 * @tape: an empty tape
 *
 * Scans one JSON text, strictly and in one pass, and leaves its root value as the only one open.
 * Any thread.
 */
gboolean heptad_json_scan (HeptadTape *tape, const char *text, gsize length, GError **error);

/*
 * heptad_json_set_error:
 * @at: where in the text from @begin to @end it happened
 * @expected: what had to stand there; unused when there is a @problem
 * @problem: (nullable): what is wrong
 *
 * Makes the sentence with its line and column.
 */
void heptad_json_set_error (GError **error,
                            HeptadError code,
                            const char *begin,
                            const char *at,
                            const char *end,
                            const char *expected,
                            const char *problem);

G_END_DECLS
