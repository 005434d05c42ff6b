/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-http.h"

G_BEGIN_DECLS

/**
 * ctl_events_tail:
 * @topics: (array zero-terminated=1): those wanted; all when empty
 * @as_json: one JSON value a line
 *
 * Prints events as they come, and goes on behind the last one when the connection breaks. Ends only
 * by an error.
 *
 * Returns: %FALSE, always
 */
gboolean
ctl_events_tail (CtlServer *server, const char *const *topics, gboolean as_json, GError **error);

G_END_DECLS
