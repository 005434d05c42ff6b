/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadMetrics:
 *
 * Counters, gauges and histograms of the host, printed in the Prometheus text format 0.0.4. Each
 * thread counts in cells of its own, which nobody else writes; printing adds them up. A thread's
 * cells outlive it.
 */
typedef struct _HeptadMetrics HeptadMetrics;

/**
 * HeptadMetric:
 *
 * One time series: a name and its labels. Valid as long as the metrics; made once and kept.
 */
typedef guint HeptadMetric;

HeptadMetrics *heptad_metrics_new (void);

/* No thread counts any more. */
void heptad_metrics_free (HeptadMetrics *metrics);

/**
 * heptad_metrics_add_counter:
 * @name: such as `heptad_events_published_total`
 * @help: one sentence
 * @labels: (nullable): such as `tenant="acme"`, made by heptad_metrics_print_label()
 *
 * The same name and labels give the same series. Labels are bounded: beyond 1,000 series a name,
 * further ones share one, whose labels are `overflow="true"`. Takes a lock; not on a hot path. Any
 * thread.
 */
HeptadMetric heptad_metrics_add_counter (HeptadMetrics *metrics,
                                         const char *name,
                                         const char *help,
                                         const char *labels);

/**
 * heptad_metrics_add_histogram:
 * @name: such as `heptad_store_commit_seconds`; what is observed are microseconds
 *
 * A histogram of durations, with buckets from 50 µs to 10 s.
 */
HeptadMetric heptad_metrics_add_histogram (HeptadMetrics *metrics,
                                           const char *name,
                                           const char *help,
                                           const char *labels);

/* Adds to a counter. Any thread; takes no lock. */
void heptad_metrics_count (HeptadMetrics *metrics, HeptadMetric metric, guint64 n);

/* Adds a duration to a histogram. Any thread; takes no lock. */
void heptad_metrics_observe (HeptadMetrics *metrics, HeptadMetric metric, gint64 duration_us);

typedef double (*HeptadGaugeFunc) (gpointer data);

/**
 * heptad_metrics_add_gauge:
 * @read: gives the value when the metrics are printed; any thread, must not block
 */
void heptad_metrics_add_gauge (HeptadMetrics *metrics,
                               const char *name,
                               const char *help,
                               const char *labels,
                               HeptadGaugeFunc read,
                               gpointer data);

/* Appends everything, by name, and the process's own metrics. Any thread. */
void heptad_metrics_print (HeptadMetrics *metrics, GString *into);

/* Appends `name="value"`, with what needs escaping escaped; to build @labels with. */
void heptad_metrics_print_label (GString *labels, const char *name, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadMetrics, heptad_metrics_free)

G_END_DECLS
