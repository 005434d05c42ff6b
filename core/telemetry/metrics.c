/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/metrics.h"

#include <string.h>

#include "core/telemetry/process-metrics.h"

#define MAX_SERIES_PER_NAME 1000
#define MAX_CELLS           65536
#define CELLS_PER_BLOCK     256
#define N_BLOCKS            (MAX_CELLS / CELLS_PER_BLOCK)
#define OVERFLOW_LABELS     "overflow=\"true\""

/* The upper bounds of a histogram's buckets, in microseconds; the last one has none. */
static const gint64 bounds_us[] = { 50,     100,     250,     500,     1000,    2500,
                                    5000,   10000,   25000,   50000,   100000,  250000,
                                    500000, 1000000, 2500000, 5000000, 10000000 };

/* Cells of a histogram: one a bucket, one for what is above the last bound, one for the sum. */
#define N_BUCKETS           (G_N_ELEMENTS (bounds_us) + 1)
#define CELLS_PER_HISTOGRAM (N_BUCKETS + 1)

typedef enum {
  COUNTER,
  GAUGE,
  HISTOGRAM,
} Kind;

typedef struct {
  char *labels;
  guint first_cell;
  HeptadGaugeFunc read; /* of a gauge */
  gpointer data;
} Series;

typedef struct {
  char *name;
  char *help;
  Kind kind;
  GPtrArray *series;
} Family;

/* A thread's cells, in blocks that are made when first counted in and then stay. Only the thread
 * itself writes; who prints reads each cell atomically. */
typedef struct {
  guint64 *blocks[N_BLOCKS];
} Shard;

struct _HeptadMetrics {
  guint64 serial; /* tells this object from an earlier one at the same address */
  GMutex mutex;   /* over all that follows */
  GPtrArray *families;
  GHashTable *by_name;
  GPtrArray *shards;
  guint n_cells;
};

typedef struct {
  guint64 serial;
  Shard *shard;
} Own;

static _Thread_local Own own;

static void
series_free (gpointer data)
{
  Series *series = data;

  g_free (series->labels);
  g_free (series);
}

static void
family_free (gpointer data)
{
  Family *family = data;

  g_free (family->name);
  g_free (family->help);
  g_ptr_array_unref (family->series);
  g_free (family);
}

static void
shard_free (gpointer data)
{
  Shard *shard = data;

  for (guint i = 0; i < N_BLOCKS; i++)
    g_free (shard->blocks[i]);
  g_free (shard);
}

HeptadMetrics *
heptad_metrics_new (void)
{
  static gsize next_serial = 1;
  HeptadMetrics *metrics = g_new0 (HeptadMetrics, 1);

  metrics->serial = (guint64) g_atomic_pointer_add (&next_serial, 1);
  g_mutex_init (&metrics->mutex);
  metrics->families = g_ptr_array_new_with_free_func (family_free);
  metrics->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  metrics->shards = g_ptr_array_new_with_free_func (shard_free);
  return metrics;
}

void
heptad_metrics_free (HeptadMetrics *metrics)
{
  g_ptr_array_unref (metrics->shards);
  g_hash_table_unref (metrics->by_name);
  g_ptr_array_unref (metrics->families);
  g_mutex_clear (&metrics->mutex);
  g_free (metrics);
}

static Family *
get_family (HeptadMetrics *self, const char *name, const char *help, Kind kind)
{
  Family *family = g_hash_table_lookup (self->by_name, name);

  if (family == NULL)
    {
      family = g_new0 (Family, 1);
      family->name = g_strdup (name);
      family->help = g_strdup (help);
      family->kind = kind;
      family->series = g_ptr_array_new_with_free_func (series_free);
      g_ptr_array_add (self->families, family);
      g_hash_table_insert (self->by_name, family->name, family);
    }
  g_return_val_if_fail (family->kind == kind, family);
  return family;
}

static Series *
find_series (Family *family, const char *labels)
{
  for (guint i = 0; i < family->series->len; i++)
    {
      Series *series = g_ptr_array_index (family->series, i);

      if (g_str_equal (series->labels, labels))
        return series;
    }
  return NULL;
}

static Series *
get_series (HeptadMetrics *self, Family *family, const char *labels, guint n_cells)
{
  const char *wanted = labels != NULL ? labels : "";
  Series *series = find_series (family, wanted);

  if (series == NULL
      && (family->series->len >= MAX_SERIES_PER_NAME || self->n_cells + n_cells > MAX_CELLS))
    {
      wanted = OVERFLOW_LABELS;
      series = find_series (family, wanted);
    }
  if (series != NULL)
    return series;

  series = g_new0 (Series, 1);
  series->labels = g_strdup (wanted);
  series->first_cell = MIN (self->n_cells, MAX_CELLS - CELLS_PER_HISTOGRAM);
  self->n_cells += n_cells;
  g_ptr_array_add (family->series, series);
  return series;
}

HeptadMetric
heptad_metrics_add_counter (HeptadMetrics *metrics,
                            const char *name,
                            const char *help,
                            const char *labels)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&metrics->mutex);

  return get_series (metrics, get_family (metrics, name, help, COUNTER), labels, 1)->first_cell;
}

HeptadMetric
heptad_metrics_add_histogram (HeptadMetrics *metrics,
                              const char *name,
                              const char *help,
                              const char *labels)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&metrics->mutex);
  Family *family = get_family (metrics, name, help, HISTOGRAM);

  return get_series (metrics, family, labels, CELLS_PER_HISTOGRAM)->first_cell;
}

void
heptad_metrics_add_gauge (HeptadMetrics *metrics,
                          const char *name,
                          const char *help,
                          const char *labels,
                          HeptadGaugeFunc read,
                          gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&metrics->mutex);
  Series *series = get_series (metrics, get_family (metrics, name, help, GAUGE), labels, 0);

  series->read = read;
  series->data = data;
}

static Shard *
get_shard (HeptadMetrics *self)
{
  if (G_LIKELY (own.serial == self->serial))
    return own.shard;

  own.shard = g_new0 (Shard, 1);
  own.serial = self->serial;
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->shards, own.shard);
  g_mutex_unlock (&self->mutex);
  return own.shard;
}

/* A plain load and store: nobody else writes the cell, and on the reader's side no torn value can
 * be seen. */
static void
add_to_cell (Shard *shard, guint cell, guint64 n)
{
  guint64 **block = &shard->blocks[cell / CELLS_PER_BLOCK];
  guint64 *at;

  if (G_UNLIKELY (*block == NULL))
    __atomic_store_n (block, g_new0 (guint64, CELLS_PER_BLOCK), __ATOMIC_RELEASE);
  at = &(*block)[cell % CELLS_PER_BLOCK];
  __atomic_store_n (at, *at + n, __ATOMIC_RELAXED);
}

void
heptad_metrics_count (HeptadMetrics *metrics, HeptadMetric metric, guint64 n)
{
  add_to_cell (get_shard (metrics), metric, n);
}

void
heptad_metrics_observe (HeptadMetrics *metrics, HeptadMetric metric, gint64 duration_us)
{
  Shard *shard = get_shard (metrics);
  guint bucket = 0;

  while (bucket < G_N_ELEMENTS (bounds_us) && duration_us > bounds_us[bucket])
    bucket++;
  add_to_cell (shard, metric + bucket, 1);
  add_to_cell (shard, metric + N_BUCKETS, (guint64) MAX (duration_us, 0));
}

static guint64
sum_cell (HeptadMetrics *self, guint cell)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->shards->len; i++)
    {
      Shard *shard = g_ptr_array_index (self->shards, i);
      guint64 *block = __atomic_load_n (&shard->blocks[cell / CELLS_PER_BLOCK], __ATOMIC_ACQUIRE);

      if (block != NULL)
        sum += __atomic_load_n (&block[cell % CELLS_PER_BLOCK], __ATOMIC_RELAXED);
    }
  return sum;
}

static void
print_double (GString *into, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (into, g_ascii_formatd (buffer, sizeof buffer, "%.12g", number));
}

/* NAME{LABELS,extra} and a space */
static void
print_series_name (
    GString *into, const char *name, const char *suffix, const char *labels, const char *extra)
{
  g_string_append_printf (into, "%s%s", name, suffix);
  if (*labels != '\0' || *extra != '\0')
    g_string_append_printf (into, "{%s%s%s}", labels, *labels != '\0' && *extra != '\0' ? "," : "",
                            extra);
  g_string_append_c (into, ' ');
}

static void
print_histogram (HeptadMetrics *self, const Family *family, const Series *series, GString *into)
{
  guint64 count = 0;

  for (guint i = 0; i < N_BUCKETS; i++)
    {
      g_autoptr (GString) bound = g_string_new ("le=\"");

      count += sum_cell (self, series->first_cell + i);
      if (i < G_N_ELEMENTS (bounds_us))
        print_double (bound, (double) bounds_us[i] / G_USEC_PER_SEC);
      else
        g_string_append (bound, "+Inf");
      g_string_append_c (bound, '"');
      print_series_name (into, family->name, "_bucket", series->labels, bound->str);
      g_string_append_printf (into, "%" G_GUINT64_FORMAT "\n", count);
    }
  print_series_name (into, family->name, "_sum", series->labels, "");
  print_double (into, (double) sum_cell (self, series->first_cell + N_BUCKETS) / G_USEC_PER_SEC);
  g_string_append_c (into, '\n');
  print_series_name (into, family->name, "_count", series->labels, "");
  g_string_append_printf (into, "%" G_GUINT64_FORMAT "\n", count);
}

static void
print_family (HeptadMetrics *self, const Family *family, GString *into)
{
  static const char *const kinds[] = { "counter", "gauge", "histogram" };

  g_string_append_printf (into, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help,
                          family->name, kinds[family->kind]);
  for (guint i = 0; i < family->series->len; i++)
    {
      const Series *series = g_ptr_array_index (family->series, i);

      if (family->kind == HISTOGRAM)
        {
          print_histogram (self, family, series, into);
          continue;
        }
      print_series_name (into, family->name, "", series->labels, "");
      if (family->kind == GAUGE)
        print_double (into, series->read (series->data));
      else
        g_string_append_printf (into, "%" G_GUINT64_FORMAT, sum_cell (self, series->first_cell));
      g_string_append_c (into, '\n');
    }
}

static int
compare_families (gconstpointer a, gconstpointer b)
{
  const Family *const *first = a;
  const Family *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

void
heptad_metrics_print (HeptadMetrics *metrics, GString *into)
{
  g_mutex_lock (&metrics->mutex);
  g_ptr_array_sort (metrics->families, compare_families);
  for (guint i = 0; i < metrics->families->len; i++)
    print_family (metrics, g_ptr_array_index (metrics->families, i), into);
  g_mutex_unlock (&metrics->mutex);
  heptad_process_metrics_print (into);
}

void
heptad_metrics_print_label (GString *labels, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  if (labels->len > 0)
    g_string_append_c (labels, ',');
  g_string_append_printf (labels, "%s=\"", name);
  for (const char *at = valid; *at != '\0'; at++)
    {
      if (*at == '\n')
        g_string_append (labels, "\\n");
      else if (*at == '"' || *at == '\\')
        g_string_append_printf (labels, "\\%c", *at);
      else
        g_string_append_c (labels, *at);
    }
  g_string_append_c (labels, '"');
}
