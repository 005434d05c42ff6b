/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/operation-metrics.h"

#include <string.h>

#define N_CLASSES      4 /* 2xx, 3xx, 4xx, 5xx */
#define ROWS_PER_PAGE  64
#define MAX_PAGES      256
#define MAX_OPERATIONS (ROWS_PER_PAGE * MAX_PAGES)

/* Upper bounds in microseconds; the last bucket has none. */
static const gint64 bounds_us[] = { 50,    100,   250,    500,    1000,   2500,    5000,    10000,
                                    25000, 50000, 100000, 250000, 1000000, 5000000, 30000000 };
#define N_BUCKETS (G_N_ELEMENTS (bounds_us) + 1)

/* Written by one thread with relaxed stores, read by others. */
typedef struct {
  guint64 classes[N_CLASSES];
  guint64 buckets[N_BUCKETS];
  guint64 sum_us;
} Row;

typedef struct _Table Table;
struct _Table {
  Table *next;
  Row *pages[MAX_PAGES]; /* made by the thread as it needs them */
};

struct _HeptadOperationMetrics {
  GMutex mutex;
  Table *tables;
  GPtrArray *names;
  GHashTable *indices;
  guint64 serial;
};

/* The table of this thread, and for which metrics it was made. */
static __thread Table *own_table;
static __thread guint64 own_serial;

HeptadOperationMetrics *
heptad_operation_metrics_new (void)
{
  static guint64 last_serial;
  HeptadOperationMetrics *metrics = g_new0 (HeptadOperationMetrics, 1);

  g_mutex_init (&metrics->mutex);
  metrics->names = g_ptr_array_new_with_free_func (g_free);
  metrics->indices = g_hash_table_new (g_str_hash, g_str_equal);
  metrics->serial = __atomic_add_fetch (&last_serial, 1, __ATOMIC_RELAXED);
  return metrics;
}

void
heptad_operation_metrics_free (HeptadOperationMetrics *metrics)
{
  if (metrics == NULL)
    return;
  for (Table *table = metrics->tables, *next; table != NULL; table = next)
    {
      next = table->next;
      for (guint i = 0; i < MAX_PAGES; i++)
        g_free (table->pages[i]);
      g_free (table);
    }
  g_hash_table_unref (metrics->indices);
  g_ptr_array_unref (metrics->names);
  g_mutex_clear (&metrics->mutex);
  g_free (metrics);
}

guint
heptad_operation_metrics_get_index (HeptadOperationMetrics *metrics, const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&metrics->mutex);
  gpointer index;
  char *copy;

  if (g_hash_table_lookup_extended (metrics->indices, name, NULL, &index))
    return GPOINTER_TO_UINT (index);
  /* What comes after the last row shares it, so that reloading for ever cannot grow the host. */
  if (metrics->names->len == MAX_OPERATIONS)
    return MAX_OPERATIONS - 1;
  copy = g_strdup (name);
  g_ptr_array_add (metrics->names, copy);
  g_hash_table_insert (metrics->indices, copy, GUINT_TO_POINTER (metrics->names->len - 1));
  return metrics->names->len - 1;
}

static Table *
get_table (HeptadOperationMetrics *metrics)
{
  g_autoptr (GMutexLocker) locker = NULL;

  if (own_serial == metrics->serial)
    return own_table;
  locker = g_mutex_locker_new (&metrics->mutex);
  own_table = g_new0 (Table, 1);
  own_serial = metrics->serial;
  own_table->next = metrics->tables;
  metrics->tables = own_table;
  return own_table;
}

static void
add (guint64 *counter, guint64 amount)
{
  __atomic_store_n (counter, *counter + amount, __ATOMIC_RELAXED);
}

void
heptad_operation_metrics_count (HeptadOperationMetrics *metrics,
                                guint index,
                                guint status,
                                gint64 duration_us)
{
  Table *table = get_table (metrics);
  Row **page = &table->pages[index / ROWS_PER_PAGE];
  guint bucket = 0;
  Row *row;

  if (*page == NULL)
    __atomic_store_n (page, g_new0 (Row, ROWS_PER_PAGE), __ATOMIC_RELEASE);
  row = &(*page)[index % ROWS_PER_PAGE];
  while (bucket < G_N_ELEMENTS (bounds_us) && duration_us > bounds_us[bucket])
    bucket++;
  add (&row->classes[CLAMP (status / 100, 2, 5) - 2], 1);
  add (&row->buckets[bucket], 1);
  add (&row->sum_us, (guint64) duration_us);
}

static void
sum_row (HeptadOperationMetrics *metrics, guint index, Row *sum)
{
  memset (sum, 0, sizeof *sum);
  for (Table *table = metrics->tables; table != NULL; table = table->next)
    {
      Row *page = __atomic_load_n (&table->pages[index / ROWS_PER_PAGE], __ATOMIC_ACQUIRE);
      const guint64 *from;
      guint64 *to = (guint64 *) (gpointer) sum;

      if (page == NULL)
        continue;
      from = (const guint64 *) (gconstpointer) &page[index % ROWS_PER_PAGE];
      for (gsize i = 0; i < sizeof *sum / sizeof (guint64); i++)
        to[i] += __atomic_load_n (&from[i], __ATOMIC_RELAXED);
    }
}

static void
print_histogram (const Row *row, const char *label, GString *into)
{
  guint64 count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bounds_us); i++)
    {
      count += row->buckets[i];
      g_string_append_printf (into,
                              "heptad_operation_duration_seconds_bucket{%s,le=\"%g\"} "
                              "%" G_GUINT64_FORMAT "\n",
                              label, (double) bounds_us[i] / G_USEC_PER_SEC, count);
    }
  count += row->buckets[N_BUCKETS - 1];
  g_string_append_printf (into,
                          "heptad_operation_duration_seconds_bucket{%s,le=\"+Inf\"} "
                          "%" G_GUINT64_FORMAT "\n"
                          "heptad_operation_duration_seconds_sum{%s} %.6f\n"
                          "heptad_operation_duration_seconds_count{%s} %" G_GUINT64_FORMAT "\n",
                          label, count, label, (double) row->sum_us / G_USEC_PER_SEC, label, count);
}

static char *
make_label (const char *name)
{
  const char *dot = strchr (name, '.');

  return g_strdup_printf ("plugin=\"%.*s\",operation=\"%s\"", (int) (dot - name), name, dot + 1);
}

void
heptad_operation_metrics_print (HeptadOperationMetrics *metrics, GString *into)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&metrics->mutex);
  g_autoptr (GString) histograms = g_string_new (
      "# HELP heptad_operation_duration_seconds Time from the head of a request to its answer\n"
      "# TYPE heptad_operation_duration_seconds histogram\n");
  Row row;

  g_string_append (into, "# HELP heptad_operation_calls_total Calls by operation and how they ended\n"
                         "# TYPE heptad_operation_calls_total counter\n");
  for (guint i = 0; i < metrics->names->len; i++)
    {
      g_autofree char *label = make_label (metrics->names->pdata[i]);

      sum_row (metrics, i, &row);
      for (guint class = 0; class < N_CLASSES; class++)
        g_string_append_printf (into,
                                "heptad_operation_calls_total{%s,status=\"%uxx\"} "
                                "%" G_GUINT64_FORMAT "\n",
                                label, class + 2, row.classes[class]);
      print_histogram (&row, label, histograms);
    }
  g_string_append_len (into, histograms->str, (gssize) histograms->len);
}
