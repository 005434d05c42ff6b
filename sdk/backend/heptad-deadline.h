/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-error.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: a cancellable that knows until when. Whoever makes
 * a call's or a job's cancellable sets its deadline; whatever blocks under it asks both. */

/**
 * heptad_cancellable_set_deadline:
 * @deadline_us: on the monotonic clock
 *
 * Gives @cancellable its deadline. Once, before it is handed on.
 */
HEPTAD_API
void heptad_cancellable_set_deadline (GCancellable *cancellable, gint64 deadline_us);

/**
 * heptad_cancellable_get_deadline:
 * @cancellable: (nullable): any
 *
 * Returns: the deadline on the monotonic clock; %G_MAXINT64 when there is none. Any thread.
 */
HEPTAD_API
gint64 heptad_cancellable_get_deadline (GCancellable *cancellable);

/**
 * heptad_cancellable_is_over:
 * @cancellable: (nullable): any
 *
 * Returns: whether it was cancelled or its deadline has passed. Cheap; any thread.
 */
HEPTAD_API
gboolean heptad_cancellable_is_over (GCancellable *cancellable);

/**
 * heptad_cancellable_set_error:
 * @what: what was stopped, such as `The query`
 *
 * Sets @error to %HEPTAD_ERROR_DEADLINE or %HEPTAD_ERROR_CANCELLED, whichever it was.
 */
HEPTAD_API
void heptad_cancellable_set_error (GCancellable *cancellable, const char *what, GError **error);

G_END_DECLS
