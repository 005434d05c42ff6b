/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * HeptadOperationMetrics:
 *
 * How often each operation was called, how it ended and how long it took. Each thread counts in a table of its
 * own, so that counting shares nothing; reading adds the tables up.
 */
typedef struct _HeptadOperationMetrics HeptadOperationMetrics;

HeptadOperationMetrics *heptad_operation_metrics_new (void);

/**
 * heptad_operation_metrics_free:
 *
 * No thread counts any more.
 */
void heptad_operation_metrics_free (HeptadOperationMetrics *metrics);

/**
 * heptad_operation_metrics_get_index:
 * @name: an operation's qualified name
 *
 * Returns: its row, the same for the same name as long as the host runs. Main or start thread
 */
guint heptad_operation_metrics_get_index (HeptadOperationMetrics *metrics, const char *name);

/**
 * heptad_operation_metrics_count:
 * @index: the operation's row
 * @status: an HTTP status
 * @duration_us: microseconds from the head of the request to the answer
 *
 * Counts one call. Any thread; takes no lock.
 */
void heptad_operation_metrics_count (HeptadOperationMetrics *metrics,
                                     guint index,
                                     guint status,
                                     gint64 duration_us);

/**
 * heptad_operation_metrics_print:
 *
 * Appends all rows in the Prometheus text format, version 0.0.4. Any thread.
 */
void heptad_operation_metrics_print (HeptadOperationMetrics *metrics, GString *into);
