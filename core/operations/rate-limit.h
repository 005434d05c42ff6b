/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * HeptadRateLimit:
 * @per_second: calls a second that may go on for ever; 0 for no limit
 * @burst: calls that may come at once
 *
 * A limit, by the generic cell rate algorithm (ITU-T I.371): one number a caller, the time at which
 * its bucket is empty again, moved forward by one exchange.
 */
typedef struct {
  guint per_second;
  guint burst;
} HeptadRateLimit;

/**
 * HeptadRateCell:
 *
 * One caller's state; all zero bytes is a full allowance. Shared between threads.
 */
typedef struct {
  gint64 empty_at_us;
} HeptadRateCell;

/**
 * heptad_rate_cell_take:
 * @now_us: monotonic time in microseconds
 * @retry_after_us: (out): set only when refused: how long to wait
 *
 * Takes one call. Any thread.
 *
 * Returns: whether the call is within the limit
 */
gboolean heptad_rate_cell_take (HeptadRateCell *cell,
                                const HeptadRateLimit *limit,
                                gint64 now_us,
                                gint64 *retry_after_us);
