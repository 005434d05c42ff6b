/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/metrics.h"

#include <string.h>

#include "core/telemetry/health.h"

#define N_THREADS 4
#define N_COUNTS  50000

static void
assert_prints (HeptadMetrics *metrics, const char *line)
{
  g_autoptr (GString) text = g_string_new (NULL);

  heptad_metrics_print (metrics, text);
  if (strstr (text->str, line) == NULL)
    g_error ("lacks '%s':\n%s", line, text->str);
}

typedef struct {
  HeptadMetrics *metrics;
  HeptadMetric counter;
  HeptadMetric histogram;
} Work;

static gpointer
count_much (gpointer data)
{
  Work *work = data;

  for (guint i = 0; i < N_COUNTS; i++)
    {
      heptad_metrics_count (work->metrics, work->counter, 2);
      heptad_metrics_observe (work->metrics, work->histogram, i % 2 == 0 ? 60 : 20000000);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (HeptadMetrics) metrics = heptad_metrics_new ();
  Work work = { metrics, heptad_metrics_add_counter (metrics, "a_total", "As.", "x=\"1\""),
                heptad_metrics_add_histogram (metrics, "b_seconds", "Bs.", NULL) };
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("count", count_much, &work);
  for (guint i = 0; i < 20; i++)
    assert_prints (metrics, "# TYPE a_total counter\n");
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  assert_prints (metrics, "a_total{x=\"1\"} 400000\n");
  assert_prints (metrics, "b_seconds_bucket{le=\"5e-05\"} 0\n");
  assert_prints (metrics, "b_seconds_bucket{le=\"0.0001\"} 100000\n");
  assert_prints (metrics, "b_seconds_bucket{le=\"10\"} 100000\n");
  assert_prints (metrics, "b_seconds_bucket{le=\"+Inf\"} 200000\n");
  assert_prints (metrics, "b_seconds_count 200000\n");
  assert_prints (metrics, "b_seconds_sum 2000006\n");
}

static void
test_bounded (void)
{
  g_autoptr (HeptadMetrics) metrics = heptad_metrics_new ();

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GString) labels = g_string_new (NULL);
      g_autofree char *value = g_strdup_printf ("%u", i);

      heptad_metrics_print_label (labels, "id", value);
      heptad_metrics_count (metrics,
                            heptad_metrics_add_counter (metrics, "a_total", "As.", labels->str), 1);
    }
  assert_prints (metrics, "a_total{id=\"999\"} 1\n");
  assert_prints (metrics, "a_total{overflow=\"true\"} 4000\n");
}

static void
test_same (void)
{
  g_autoptr (HeptadMetrics) metrics = heptad_metrics_new ();

  g_assert_cmpuint (heptad_metrics_add_counter (metrics, "a_total", "As.", "x=\"1\""), ==,
                    heptad_metrics_add_counter (metrics, "a_total", "As.", "x=\"1\""));
  g_assert_cmpuint (heptad_metrics_add_counter (metrics, "a_total", "As.", "x=\"1\""), !=,
                    heptad_metrics_add_counter (metrics, "a_total", "As.", "x=\"2\""));
}

static double
read_answer (gpointer data)
{
  return 42.5;
}

static void
test_gauges_and_labels (void)
{
  g_autoptr (HeptadMetrics) metrics = heptad_metrics_new ();
  g_autoptr (GString) labels = g_string_new (NULL);

  heptad_metrics_print_label (labels, "a", "say \"hi\"\n\\");
  heptad_metrics_print_label (labels, "b", "x");
  g_assert_cmpstr (labels->str, ==, "a=\"say \\\"hi\\\"\\n\\\\\",b=\"x\"");
  heptad_metrics_add_gauge (metrics, "answer", "The answer.", NULL, read_answer, NULL);
  assert_prints (metrics, "# TYPE answer gauge\nanswer 42.5\n");
  assert_prints (metrics, "\nprocess_resident_memory_bytes ");
  assert_prints (metrics, "\nprocess_cpu_seconds_total ");
}

static void
test_health (void)
{
  g_autoptr (HeptadHealth) health = heptad_health_new ();
  g_autoptr (HeptadValue) value = NULL;

  g_assert_true (heptad_health_is_ready (health));
  heptad_health_set (health, "plugins", HEPTAD_HEALTH_STARTING, "two plugins are starting");
  g_assert_false (heptad_health_is_ready (health));
  heptad_health_set (health, "plugins", HEPTAD_HEALTH_OK, NULL);
  heptad_health_set (health, "plugin/cost", HEPTAD_HEALTH_DEGRADED, "its migration failed");
  g_assert_true (heptad_health_is_ready (health));
  value = heptad_health_describe (health);
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (value, "/parts/0/reason")),
                   ==, "its migration failed");
  heptad_health_set_stopping (health);
  g_assert_false (heptad_health_is_ready (health));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/threads-count-apart-and-are-added-up", test_threads);
  g_test_add_func ("/metrics/labels-are-bounded", test_bounded);
  g_test_add_func ("/metrics/the-same-name-and-labels-are-one-series", test_same);
  g_test_add_func ("/metrics/gauges-are-read-when-printed", test_gauges_and_labels);
  g_test_add_func ("/health/a-degraded-part-does-not-stop-the-host", test_health);
  return g_test_run ();
}
