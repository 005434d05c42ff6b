/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/store-fixture.h"
#include "sdk/backend/heptad-deadline.h"

static const char schema[] = "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT NOT NULL);";

typedef struct {
  HeptadStore *store;
  gint64 id;
  gboolean is_slow;
  gint *n_waiting; /* all writes start together */
  guint n_runs;
  gboolean is_committed;
  GError *error;
} Writer;

static gboolean
write_row (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Writer *writer = data;
  const char *sql =
      writer->is_slow
          ? "INSERT INTO item WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i, 'slow' FROM n"
          : "INSERT INTO item VALUES ($1, 'fast')";

  writer->n_runs++;
  return heptad_transaction_execute (transaction, sql, HEPTAD_SQL (heptad_sql_int64 (writer->id)),
                                     NULL, error);
}

static gpointer
run_writer (gpointer data)
{
  Writer *writer = data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  if (writer->is_slow)
    heptad_cancellable_set_deadline (cancellable, g_get_monotonic_time () + 200 * 1000);
  g_atomic_int_add (writer->n_waiting, -1);
  while (g_atomic_int_get (writer->n_waiting) > 0)
    g_thread_yield ();
  writer->is_committed =
      heptad_store_write (writer->store, write_row, writer, cancellable, &writer->error);
  return NULL;
}

static void
test_one_of_32_times_out (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  Writer writers[32] = { 0 };
  GThread *threads[32];
  gint n_waiting = 32;
  guint n_reruns = 0;

  for (guint i = 0; i < 32; i++)
    {
      writers[i] = (Writer){ .store = fixture->store, .id = i + 1, .n_waiting = &n_waiting };
      if (i == 7)
        {
          writers[i].is_slow = TRUE;
          writers[i].id = 1000;
        }
      threads[i] = g_thread_new ("writer", run_writer, &writers[i]);
    }
  for (guint i = 0; i < 32; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < 32; i++)
    {
      n_reruns += writers[i].n_runs - 1;
      if (i == 7)
        g_assert_error (writers[i].error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE);
      else
        g_assert_no_error (writers[i].error);
      g_assert_cmpint (writers[i].is_committed, ==, i != 7);
      g_clear_error (&writers[i].error);
    }
  g_test_message ("%u functions ran again", n_reruns);
  store_assert_reads (fixture->store, "SELECT count(*), sum(id) FROM item WHERE name = 'fast'",
                      NULL, "31|520");
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "31");
}

/* Holds the group open until somebody else waits in line, so that both are surely in one group. */
typedef struct {
  HeptadStore *store;
  gint started;
  gint second_began;
  guint first_runs;
  guint second_runs;
  GCancellable *cancellable;
  GError *second_error;
} Pair;

static gboolean
write_first (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Pair *pair = data;

  pair->first_runs++;
  g_atomic_int_set (&pair->started, 1);
  for (guint i = 0; i < 2000 && g_atomic_int_get (&pair->second_began) == 0; i++)
    g_usleep (1000);
  g_usleep (5 * 1000);
  return heptad_transaction_execute (transaction, "INSERT INTO item VALUES (1, 'first')", NULL,
                                     NULL, error);
}

static gboolean
write_endless (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Pair *pair = data;

  pair->second_runs++;
  g_cancellable_cancel (pair->cancellable);
  return heptad_transaction_execute (
      transaction,
      "INSERT INTO item WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n)"
      " SELECT i, 'endless' FROM n",
      NULL, NULL, error);
}

static gpointer
run_second (gpointer data)
{
  Pair *pair = data;

  while (g_atomic_int_get (&pair->started) == 0)
    g_usleep (100);
  g_atomic_int_set (&pair->second_began, 1);
  heptad_store_write (pair->store, write_endless, pair, pair->cancellable, &pair->second_error);
  return NULL;
}

static void
test_survivors_run_again (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Pair pair = { .store = fixture->store, .cancellable = cancellable };
  GThread *thread = g_thread_new ("second", run_second, &pair);

  g_assert_true (heptad_store_write (fixture->store, write_first, &pair, NULL, &error));
  g_assert_no_error (error);
  g_thread_join (thread);
  g_assert_error (pair.second_error, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED);
  g_clear_error (&pair.second_error);
  g_assert_cmpuint (pair.second_runs, ==, 1);
  g_assert_cmpuint (pair.first_runs, ==, 2);
  store_assert_reads (fixture->store, "SELECT id, name FROM item", NULL, "1|first");
}

static gboolean
write_and_fail (HeptadTransaction *transaction, gpointer data, GError **error)
{
  if (!heptad_transaction_execute (transaction, "INSERT INTO item VALUES (1, 'a')", NULL, NULL,
                                   error))
    return FALSE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED, "not today");
  return FALSE;
}

static void
test_a_failed_write_changes_nothing (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_store_write (fixture->store, write_and_fail, NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
}

static gboolean
write_and_ignore (HeptadTransaction *transaction, gpointer data, GError **error)
{
  heptad_transaction_execute (transaction, "INSERT INTO item VALUES (1, 'a')", NULL, NULL, NULL);
  heptad_transaction_execute (transaction, "INSERT INTO item VALUES (1, 'b')", NULL, NULL, NULL);
  return TRUE;
}

static void
test_an_ignored_failure_fails (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_store_write (fixture->store, write_and_ignore, NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
}

static gboolean
write_nested (HeptadTransaction *transaction, gpointer data, GError **error)
{
  return heptad_store_execute (data, "INSERT INTO item VALUES (1, 'a')", NULL, NULL, error);
}

static void
test_nested_write (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_store_write (fixture->store, write_nested, fixture->store, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
}

static gboolean
write_returning (HeptadTransaction *transaction, gpointer data, GError **error)
{
  gint64 n_changed = 0;
  g_autoptr (HeptadRows) rows = heptad_transaction_query (
      transaction, "INSERT INTO item VALUES (1, 'a'), (2, 'b') RETURNING id", NULL, error);

  g_assert_nonnull (rows);
  g_assert_true (heptad_rows_next (rows, NULL));
  g_assert_cmpint (heptad_rows_get_int64 (rows, 0), ==, 1);
  g_clear_pointer (&rows, heptad_rows_free);
  g_assert_true (heptad_transaction_execute (transaction, "UPDATE item SET name = 'c'", NULL,
                                             &n_changed, error));
  g_assert_cmpint (n_changed, ==, 2);
  return TRUE;
}

static void
test_returning (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  g_assert_true (heptad_store_write (fixture->store, write_returning, NULL, NULL, NULL));
  store_assert_reads (fixture->store, "SELECT id, name FROM item ORDER BY id", NULL, "1|c;2|c");
}

static void
test_snapshot (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  guint n_rows = 0;

  store_fixture_run (fixture->store, "INSERT INTO item VALUES (1, 'a'), (2, 'b'), (3, 'c')", NULL);
  g_autoptr (HeptadRows) rows =
      heptad_store_query (fixture->store, "SELECT id FROM item", NULL, NULL, NULL);
  store_fixture_run (fixture->store, "DELETE FROM item", NULL);
  while (heptad_rows_next (rows, NULL))
    n_rows++;
  g_assert_cmpuint (n_rows, ==, 3);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
}

static void
test_query_is_cancelled (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  heptad_cancellable_set_deadline (cancellable, g_get_monotonic_time () + 50 * 1000);
  g_assert_null (heptad_store_query (
      fixture->store,
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
      NULL, cancellable, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE);
}

static void
test_readers_are_bounded (void)
{
  HeptadStoreConfig config = { .max_readers_per_store = 2, .reader_wait_us = 20 * 1000 };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, &config);
  g_autoptr (GError) error = NULL;
  HeptadRows *first = heptad_store_query (fixture->store, "SELECT 1", NULL, NULL, NULL);
  HeptadRows *second = heptad_store_query (fixture->store, "SELECT 1", NULL, NULL, NULL);

  g_assert_null (heptad_store_query (fixture->store, "SELECT 1", NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY);
  heptad_rows_free (first);
  store_assert_reads (fixture->store, "SELECT 2", NULL, "2");
  heptad_rows_free (second);
}

static gpointer
wait_for_reader (gpointer data)
{
  return store_fixture_read (data, "SELECT 'served'", NULL);
}

static void
test_a_waiting_reader_is_served (void)
{
  HeptadStoreConfig config = { .max_readers_per_store = 1 };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, &config);
  HeptadRows *rows = heptad_store_query (fixture->store, "SELECT 1", NULL, NULL, NULL);
  GThread *thread = g_thread_new ("reader", wait_for_reader, fixture->store);

  g_usleep (20 * 1000);
  heptad_rows_free (rows);
  g_autofree char *answer = g_thread_join (thread);
  g_assert_cmpstr (answer, ==, "served");
}

static void
test_connections_are_bounded (void)
{
  HeptadStoreConfig config = { .max_connections = 6 };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, &config);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *tenant = g_strdup_printf ("tenant-%u", i);
      g_autoptr (HeptadStore) store =
          heptad_store_hub_open (fixture->hub, tenant, "cost", fixture->migrations_dir, NULL);
      store_fixture_run (store, "INSERT INTO item VALUES (1, 'x')", NULL);
      store_assert_reads (store, "SELECT name FROM item", NULL, "x");
      g_assert_cmpuint (heptad_store_hub_get_n_connections (fixture->hub), <=, 6);
    }
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
}

static gboolean
write_bulk (HeptadTransaction *transaction, gpointer data, GError **error)
{
  static const char *const columns[] = { "name", "id", NULL };
  g_autoptr (HeptadBulk) bulk = heptad_transaction_begin_bulk (transaction, "item", columns, error);
  guint n_rows = GPOINTER_TO_UINT (data);

  for (guint i = 0; bulk != NULL && i < n_rows; i++)
    {
      g_autofree char *name = g_strdup_printf ("name %u", i);
      heptad_bulk_add_text (bulk, name, -1);
      heptad_bulk_add_int64 (bulk, i == 77777 ? 5 : i);
      if (!heptad_bulk_end_row (bulk, error))
        return FALSE;
    }
  return bulk != NULL;
}

static void
test_bulk (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      heptad_store_write (fixture->store, write_bulk, GUINT_TO_POINTER (100000), NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
  g_clear_error (&error);
  g_assert_true (
      heptad_store_write (fixture->store, write_bulk, GUINT_TO_POINTER (50000), NULL, &error));
  store_assert_reads (fixture->store, "SELECT count(*), max(name) FROM item", NULL,
                      "50000|name 9999");
}

static gboolean
write_short_row (HeptadTransaction *transaction, gpointer data, GError **error)
{
  static const char *const columns[] = { "name", "id", NULL };
  g_autoptr (HeptadBulk) bulk = heptad_transaction_begin_bulk (transaction, "item", columns, error);

  heptad_bulk_add_null (bulk);
  return heptad_bulk_end_row (bulk, error);
}

static void
test_bulk_row_of_wrong_size (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_store_write (fixture->store, write_short_row, NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
}

static void
test_queue_is_bounded (void)
{
  HeptadStoreConfig config = { .max_queued_writes = 4 };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, &config);
  Writer writers[32] = { 0 };
  GThread *threads[32];
  gint n_waiting = 32;
  guint n_busy = 0, n_ok = 0;

  for (guint i = 0; i < 32; i++)
    {
      writers[i] = (Writer){
        .store = fixture->store, .id = i + 1, .n_waiting = &n_waiting, .is_slow = TRUE
      };
      threads[i] = g_thread_new ("writer", run_writer, &writers[i]);
    }
  for (guint i = 0; i < 32; i++)
    {
      g_thread_join (threads[i]);
      n_busy += g_error_matches (writers[i].error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY);
      n_ok += writers[i].is_committed;
      g_clear_error (&writers[i].error);
    }
  g_assert_cmpuint (n_busy, >, 0);
  g_assert_cmpuint (n_ok, ==, 0);
  store_fixture_run (fixture->store, "INSERT INTO item VALUES (1, 'after')", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/write/one-of-32-times-out-and-31-commit", test_one_of_32_times_out);
  g_test_add_func ("/store/write/survivors-of-a-group-run-again", test_survivors_run_again);
  g_test_add_func ("/store/write/a-failed-write-changes-nothing",
                   test_a_failed_write_changes_nothing);
  g_test_add_func ("/store/write/an-ignored-failure-fails-the-write",
                   test_an_ignored_failure_fails);
  g_test_add_func ("/store/write/a-write-inside-a-write-is-refused", test_nested_write);
  g_test_add_func ("/store/write/returning-gives-rows", test_returning);
  g_test_add_func ("/store/write/a-full-queue-answers-busy", test_queue_is_bounded);
  g_test_add_func ("/store/read/a-cursor-keeps-its-snapshot", test_snapshot);
  g_test_add_func ("/store/read/a-query-ends-at-its-deadline", test_query_is_cancelled);
  g_test_add_func ("/store/read/readers-are-bounded", test_readers_are_bounded);
  g_test_add_func ("/store/read/a-waiting-reader-is-served-in-turn",
                   test_a_waiting_reader_is_served);
  g_test_add_func ("/store/read/connections-of-all-stores-are-bounded",
                   test_connections_are_bounded);
  g_test_add_func ("/store/bulk/a-failed-row-undoes-all", test_bulk);
  g_test_add_func ("/store/bulk/a-row-of-the-wrong-size-is-refused", test_bulk_row_of_wrong_size);
  return g_test_run ();
}
