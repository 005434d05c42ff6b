/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <time.h>

#include "data/demo/demo-bill.h"
#include "tests/cost/ingest-fixture.h"

/* Prints how fast the cost plugin's own job loads a FOCUS bill into a real store: parse, check,
 * insert and rollups, on one thread. Beside it what bare sqlite3 needs to insert the values of the
 * same rows. */

#define BENCH_SHAPE ((DemoBillShape){ .n_days = 122, .n_accounts = 12, .n_resources = 20 })

typedef struct {
  double wall;
  double cpu;
} Seconds;

static double
get_seconds (clockid_t clock)
{
  struct timespec now;
  clock_gettime (clock, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static Seconds
get_now (void)
{
  return (Seconds){ get_seconds (CLOCK_MONOTONIC), get_seconds (CLOCK_PROCESS_CPUTIME_ID) };
}

static Seconds
get_since (Seconds start)
{
  Seconds now = get_now ();

  return (Seconds){ now.wall - start.wall, now.cpu - start.cpu };
}

static GInputStream *
make_bill (IngestFixture *fixture, guint64 *n_rows, goffset *size)
{
  g_autofree char *path = g_build_filename (fixture->stores->data_dir, "bill.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  FILE *out = g_fopen (path, "w");
  GFileInputStream *stream = NULL;

  *n_rows = demo_bill_write (BENCH_SHAPE, out);
  *size = (goffset) ftell (out);
  fclose (out);
  stream = g_file_read (file, NULL, &error);
  g_assert_no_error (error);
  return G_INPUT_STREAM (stream);
}

static guint64
bench_ingest (IngestFixture *fixture)
{
  g_autofree char *job_id = NULL;
  g_autofree char *digest = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n_rows = 0;
  goffset size = 0;
  gint64 bill_id = 0;
  g_autoptr (GInputStream) bill = make_bill (fixture, &n_rows, &size);
  g_autofree char *state =
      ingest_fixture_upload (fixture, bill, "focus-1.0", &bill_id, &job_id, &digest);
  Seconds start = get_now ();
  g_autoptr (HeptadValue) result =
      ingest_fixture_run_job (fixture, bill_id, job_id, digest, "focus-1.0", &error);
  Seconds taken = get_since (start);

  g_assert_no_error (error);
  g_assert_cmpint (heptad_value_get_member_int64 (result, "rows"), ==, (gint64) n_rows);
  g_print ("ingest rows/s      %.0f wall, %.0f a CPU second (%" G_GUINT64_FORMAT
           " FOCUS rows of 43 columns, %.0f MB; parse, check, insert, rollups)\n",
           (double) n_rows / taken.wall, (double) n_rows / taken.cpu, n_rows, (double) size / 1e6);
  return n_rows;
}

static int
count_columns (sqlite3 *db)
{
  sqlite3_stmt *select = NULL;
  int n_columns;

  sqlite3_prepare_v2 (db, "SELECT * FROM line_item", -1, &select, NULL);
  n_columns = sqlite3_column_count (select);
  sqlite3_finalize (select);
  return n_columns;
}

static sqlite3_stmt *
prepare_bare_insert (sqlite3 *db, int n_columns)
{
  g_autoptr (GString) table = g_string_new ("PRAGMA journal_mode=WAL; CREATE TABLE bare (");
  g_autoptr (GString) insert = g_string_new ("INSERT INTO bare VALUES (");
  sqlite3_stmt *statement = NULL;

  for (int i = 0; i < n_columns; i++)
    {
      g_string_append_printf (table, "%sc%d", i > 0 ? ", " : "", i);
      g_string_append (insert, i > 0 ? ", ?" : "?");
    }
  g_string_append (table, ")");
  g_string_append (insert, ")");
  g_assert_cmpint (sqlite3_exec (db, table->str, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, insert->str, -1, &statement, NULL);
  return statement;
}

/* Reads all line items, and inserts them when there is where to. */
static Seconds
copy_rows (sqlite3 *from, sqlite3 *to, sqlite3_stmt *insert, int n_columns)
{
  sqlite3_stmt *select = NULL;
  Seconds start = get_now ();

  sqlite3_prepare_v2 (from, "SELECT * FROM line_item", -1, &select, NULL);
  if (to != NULL)
    sqlite3_exec (to, "BEGIN", NULL, NULL, NULL);
  while (sqlite3_step (select) == SQLITE_ROW)
    {
      for (int i = 0; i < n_columns; i++)
        {
          sqlite3_value *value = sqlite3_column_value (select, i);
          if (insert != NULL)
            sqlite3_bind_value (insert, i + 1, value);
        }
      if (insert == NULL)
        continue;
      sqlite3_step (insert);
      sqlite3_reset (insert);
    }
  if (to != NULL)
    sqlite3_exec (to, "COMMIT", NULL, NULL, NULL);
  sqlite3_finalize (select);
  return get_since (start);
}

static void
bench_bare (IngestFixture *fixture, guint64 n_rows)
{
  g_autofree char *path =
      g_build_filename (fixture->stores->data_dir, "tenants", "acme", "cost.db", NULL);
  g_autofree char *bare_path = g_build_filename (fixture->stores->data_dir, "bare.db", NULL);
  sqlite3 *db = NULL, *bare = NULL;

  sqlite3_open (path, &db);
  sqlite3_open (bare_path, &bare);
  int n_columns = count_columns (db);
  sqlite3_stmt *insert = prepare_bare_insert (bare, n_columns);
  Seconds read = copy_rows (db, NULL, NULL, n_columns);
  Seconds both = copy_rows (db, bare, insert, n_columns);

  g_print (
      "bare sqlite3       %.0f wall, %.0f a CPU second (the same %d values a row, insert alone)\n",
      (double) n_rows / (both.wall - read.wall), (double) n_rows / (both.cpu - read.cpu),
      n_columns);
  sqlite3_finalize (insert);
  sqlite3_close (bare);
  sqlite3_close (db);
}

int
main (void)
{
  g_autoptr (IngestFixture) fixture = ingest_fixture_new ();
  guint64 n_rows = bench_ingest (fixture);

  bench_bare (fixture, n_rows);
  return 0;
}
