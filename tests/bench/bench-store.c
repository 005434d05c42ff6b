/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sqlite3.h>
#include <time.h>

#include "core/store/store-fixture.h"

/* Prints what the store costs beside bare sqlite3 on the same machine. */

enum {
  N_THREADS = 32,
  N_WRITES = 300, /* a thread */
  N_SINGLE = 500,
  N_ROWS = 200000,
  N_COLUMNS = 20,
  N_READS = 100000,
};

static double
get_seconds (clockid_t clock)
{
  struct timespec now;
  clock_gettime (clock, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static gpointer
write_many (gpointer data)
{
  for (guint i = 0; i < N_WRITES; i++)
    store_fixture_run (data, "INSERT INTO small (name) VALUES ($1)",
                       HEPTAD_SQL (heptad_sql_text ("a row")));
  return NULL;
}

static double
measure_bare_commits (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "bare.db", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *insert = NULL;

  sqlite3_open (path, &db);
  sqlite3_exec (db,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "CREATE TABLE small (id INTEGER PRIMARY KEY, name TEXT)",
                NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "INSERT INTO small (name) VALUES ('a row')", -1, &insert, NULL);
  double start = get_seconds (CLOCK_MONOTONIC);
  for (guint i = 0; i < N_SINGLE; i++)
    {
      sqlite3_step (insert);
      sqlite3_reset (insert);
    }
  double rate = N_SINGLE / (get_seconds (CLOCK_MONOTONIC) - start);
  sqlite3_finalize (insert);
  sqlite3_close (db);
  return rate;
}

static void
bench_group_commit (StoreFixture *fixture)
{
  GThread *threads[N_THREADS];
  double bare = measure_bare_commits (fixture->data_dir);
  double start = get_seconds (CLOCK_MONOTONIC);

  for (guint i = 0; i < N_SINGLE; i++)
    store_fixture_run (fixture->store, "INSERT INTO small (name) VALUES ('x')", NULL);
  double alone = N_SINGLE / (get_seconds (CLOCK_MONOTONIC) - start);
  start = get_seconds (CLOCK_MONOTONIC);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("writer", write_many, fixture->store);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  double together = N_THREADS * N_WRITES / (get_seconds (CLOCK_MONOTONIC) - start);
  g_print (
      "durable writes/s   bare sqlite3, one commit each %.0f; one thread %.0f; %d threads %.0f "
      "= %.1f x bare, %.1f x one thread\n",
      bare, alone, N_THREADS, together, together / bare, together / alone);
}

static gboolean
write_bulk (HeptadTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (HeptadBulk) bulk = heptad_transaction_begin_bulk (transaction, "wide", data, error);
  HeptadDecimal amount = HEPTAD_DECIMAL_ZERO;

  heptad_decimal_parse ("12.3456789", -1, &amount, NULL);
  for (guint row = 0; row < N_ROWS; row++)
    {
      for (guint i = 0; i < 12; i++)
        heptad_bulk_add_text (bulk, "us-east-1 something", 19);
      for (guint i = 0; i < 4; i++)
        heptad_bulk_add_int64 (bulk, row);
      for (guint i = 0; i < 2; i++)
        heptad_bulk_add_decimal (bulk, amount);
      heptad_bulk_add_time (bulk, 1700000000000000 + row);
      heptad_bulk_add_null (bulk);
      if (!heptad_bulk_end_row (bulk, error))
        return FALSE;
    }
  return TRUE;
}

static void
bench_bulk (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_COLUMNS; i++)
    g_ptr_array_add (columns, g_strdup_printf ("c%u", i));
  g_ptr_array_add (columns, NULL);
  double start = get_seconds (CLOCK_MONOTONIC);
  double start_cpu = get_seconds (CLOCK_PROCESS_CPUTIME_ID);
  heptad_store_write (fixture->store, write_bulk, columns->pdata, NULL, &error);
  g_assert_no_error (error);
  g_print ("bulk rows/s        %.0f of %d columns; %.0f a CPU second\n",
           N_ROWS / (get_seconds (CLOCK_MONOTONIC) - start), N_COLUMNS,
           N_ROWS / (get_seconds (CLOCK_PROCESS_CPUTIME_ID) - start_cpu));
}

static double
measure_bare_reads (StoreFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->data_dir, "tenants", "acme", "cost.db", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;
  gsize length = 0;

  sqlite3_open (path, &db);
  sqlite3_prepare_v2 (db, "SELECT name FROM small WHERE id = ?1", -1, &select, NULL);
  double start = get_seconds (CLOCK_PROCESS_CPUTIME_ID);
  for (guint i = 0; i < N_READS; i++)
    {
      sqlite3_bind_int64 (select, 1, 1 + i % N_SINGLE);
      sqlite3_step (select);
      length += (gsize) sqlite3_column_bytes (select, 0);
      sqlite3_reset (select);
    }
  double cost = (get_seconds (CLOCK_PROCESS_CPUTIME_ID) - start) / N_READS;
  g_assert_cmpuint (length, >, 0);
  sqlite3_finalize (select);
  sqlite3_close (db);
  return cost * 1e6;
}

static void
bench_point_read (StoreFixture *fixture)
{
  double bare = measure_bare_reads (fixture);
  double start = get_seconds (CLOCK_PROCESS_CPUTIME_ID);
  gsize length = 0;

  for (guint i = 0; i < N_READS; i++)
    {
      g_autoptr (HeptadRows) rows =
          heptad_store_query (fixture->store, "SELECT name FROM small WHERE id = $1",
                              HEPTAD_SQL (heptad_sql_int64 (1 + i % N_SINGLE)), NULL, NULL);
      if (heptad_rows_next (rows, NULL))
        length += strlen (heptad_rows_get_text (rows, 0));
    }
  double cost = (get_seconds (CLOCK_PROCESS_CPUTIME_ID) - start) / N_READS * 1e6;
  g_assert_cmpuint (length, >, 0);
  g_print ("point read CPU     bare sqlite3 %.2f us; HeptadStore %.2f us = %.2f x\n", bare, cost,
           cost / bare);
}

int
main (void)
{
  g_autoptr (GString) schema =
      g_string_new ("CREATE TABLE small (id INTEGER PRIMARY KEY, name TEXT);"
                    "CREATE TABLE wide (");

  for (guint i = 0; i < N_COLUMNS; i++)
    g_string_append_printf (schema, "%sc%u %s", i > 0 ? ", " : "", i,
                            i < 12   ? "TEXT"
                            : i < 16 ? "BIGINT"
                            : i < 18 ? "DECIMAL"
                            : i < 19 ? "TIMESTAMP"
                                     : "TEXT");
  g_string_append (schema, ");");
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema->str, NULL);
  bench_group_commit (fixture);
  bench_bulk (fixture);
  bench_point_read (fixture);
  return 0;
}
