/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

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

G_END_DECLS
