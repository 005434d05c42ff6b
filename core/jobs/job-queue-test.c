/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-queue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/store-fixture.h"
#include "sdk/backend/heptad-store-backend.h"

static const char schema[] = "CREATE TABLE step (job TEXT NOT NULL, n BIGINT NOT NULL,"
                             " attempt BIGINT NOT NULL, PRIMARY KEY (job, n));";

typedef struct {
  gint n_runs;
  gint fails_until; /* runs */
  HeptadError failure;
  HeptadJob *held; /* the first run, kept by the test of the fence */
  gint release;
} Plugin;

typedef struct {
  HeptadJob *job;
  gint64 n;
} Step;

static gboolean
write_step (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Step *step = data;
  g_autoptr (HeptadValue) checkpoint = heptad_value_new_int64 (step->n);

  return heptad_transaction_execute (
             transaction, "INSERT INTO step VALUES ($1, $2, $3)",
             HEPTAD_SQL (heptad_sql_text (heptad_job_get_id (step->job)),
                         heptad_sql_int64 (step->n),
                         heptad_sql_int64 (heptad_job_get_attempt (step->job))),
             NULL, error)
         && heptad_job_set_checkpoint (step->job, transaction, checkpoint, error);
}

/* Writes 1 … input, each step with its checkpoint. */
static HeptadValue *
run_count (HeptadJob *job, gpointer data, GError **error)
{
  Plugin *plugin = data;
  gint64 total = heptad_value_get_int64 (heptad_job_get_input (job));
  gint run = g_atomic_int_add (&plugin->n_runs, 1) + 1;

  for (gint64 n = heptad_value_get_int64 (heptad_job_get_checkpoint (job)) + 1; n <= total; n++)
    {
      Step step = { job, n };
      if (!heptad_store_write (heptad_job_get_store (job), write_step, &step,
                               heptad_job_get_cancellable (job), error))
        return NULL;
      heptad_job_set_progress (job, n, total, "counting");
      if (run <= plugin->fails_until && n >= total / 2)
        {
          g_set_error_literal (error, HEPTAD_ERROR, (int) plugin->failure, "stumbled");
          return NULL;
        }
    }
  return heptad_value_new_string ("counted");
}

static HeptadValue *
run_endless (HeptadJob *job, gpointer data, GError **error)
{
  Plugin *plugin = data;

  g_atomic_int_inc (&plugin->n_runs);
  heptad_job_set_progress (job, 1, 2, "waiting");
  while (!g_cancellable_set_error_if_cancelled (heptad_job_get_cancellable (job), error))
    g_usleep (1000);
  return NULL;
}

static const HeptadJobEntry entries[] = { { "count", run_count },
                                          { "endless", run_endless },
                                          { NULL, NULL } };

typedef struct {
  StoreFixture *stores;
  HeptadJobQueue *queue;
  Plugin plugin;
} Fixture;

static void
start_queue (Fixture *fixture)
{
  HeptadJobSpec spec = { .tenant_id = "acme",
                         .plugin_id = "cost",
                         .store = fixture->stores->store,
                         .entries = entries,
                         .plugin = &fixture->plugin };
  g_autoptr (GError) error = NULL;

  fixture->queue = heptad_job_queue_new (fixture->stores->hub, 2);
  heptad_job_queue_register (fixture->queue, &spec, &error);
  g_assert_no_error (error);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->stores = store_fixture_new (schema, NULL);
  start_queue (fixture);
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_clear_pointer (&fixture->queue, heptad_job_queue_free);
  store_fixture_free (fixture->stores);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
restart (Fixture *fixture)
{
  g_clear_pointer (&fixture->queue, heptad_job_queue_free);
  store_fixture_reopen (fixture->stores);
  start_queue (fixture);
}

typedef struct {
  const char *kind;
  gint64 input;
  char *id;
  gboolean fails;
} Enqueue;

static gboolean
enqueue (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Enqueue *request = data;
  g_autoptr (HeptadValue) input = heptad_value_new_int64 (request->input);

  g_free (request->id);
  request->id = heptad_transaction_enqueue (transaction, request->kind, input, error);
  if (request->fails)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED, "no");
  return request->id != NULL && !request->fails;
}

static char *
add_job (HeptadStore *store, const char *kind, gint64 input)
{
  Enqueue request = { .kind = kind, .input = input };
  g_autoptr (GError) error = NULL;

  heptad_store_write (store, enqueue, &request, NULL, &error);
  g_assert_no_error (error);
  return request.id;
}

static HeptadValue *
wait_for_state (Fixture *fixture, const char *id, const char *state)
{
  gint64 end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autoptr (HeptadValue) job = NULL;

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (GError) error = NULL;
      g_clear_pointer (&job, heptad_value_unref);
      job = heptad_job_queue_get (fixture->queue, "acme", id, &error);
      g_assert_no_error (error);
      if (strcmp (heptad_value_get_member_string (job, "state"), state) == 0)
        return g_steal_pointer (&job);
      g_usleep (2000);
    }
  g_assert_cmpstr (heptad_value_get_member_string (job, "state"), ==, state);
  return NULL;
}

static void
test_success (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = add_job (fixture->stores->store, "count", 10);
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "succeeded");

  g_assert_true (g_str_has_prefix (id, "cost."));
  g_assert_cmpstr (heptad_value_get_member_string (job, "result"), ==, "counted");
  g_assert_cmpstr (heptad_value_get_member_string (job, "plugin"), ==, "cost");
  g_assert_cmpint (heptad_value_get_member_int64 (job, "attempt"), ==, 1);
  g_assert_nonnull (heptad_value_get_member_string (job, "finishedAt"));
  g_autoptr (HeptadValue) list = heptad_job_queue_list (fixture->queue, "acme", NULL, 10, NULL);
  g_assert_cmpuint (heptad_value_get_size (list), ==, 1);
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      fixture->stores->store,
      "SELECT count(*) FROM _heptad_outbox WHERE topic = 'host.job.finished'", NULL, NULL, NULL);
  g_assert_true (heptad_rows_next (rows, NULL));
  g_assert_cmpint (heptad_rows_get_int64 (rows, 0), ==, 1);
}

static void
test_many (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (guint i = 0; i < 1500; i++)
    {
      g_autofree char *id = add_job (fixture->stores->store, "count", 0);
    }
  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (HeptadRows) rows = heptad_store_query_core (
          fixture->stores->store, "SELECT count(*) FROM _heptad_jobs WHERE state <> 'succeeded'",
          NULL, NULL, NULL);
      if (heptad_rows_next (rows, NULL) && heptad_rows_get_int64 (rows, 0) == 0)
        break;
      g_usleep (5000);
    }
  g_assert_cmpint (fixture->plugin.n_runs, ==, 1500);
}

static void
test_uncommitted (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Enqueue request = { .kind = "count", .fails = TRUE };

  g_assert_false (heptad_store_write (fixture->stores->store, enqueue, &request, NULL, NULL));
  g_free (request.id);
  g_usleep (50 * 1000);
  g_assert_cmpint (fixture->plugin.n_runs, ==, 0);
}

static void
test_retry (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  fixture->plugin.fails_until = 1;
  fixture->plugin.failure = HEPTAD_ERROR_UPSTREAM;
  g_autofree char *id = add_job (fixture->stores->store, "count", 10);
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "succeeded");

  g_assert_cmpint (heptad_value_get_member_int64 (job, "attempt"), ==, 2);
  store_assert_reads (fixture->stores->store, "SELECT attempt, count(*) FROM step GROUP BY attempt",
                      NULL, "1|5;2|5");
}

static void
test_no_retry (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  fixture->plugin.fails_until = 100;
  fixture->plugin.failure = HEPTAD_ERROR_INVALID_INPUT;
  g_autofree char *id = add_job (fixture->stores->store, "count", 10);
  g_autofree char *unknown = add_job (fixture->stores->store, "unknown", 10);
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "failed");
  g_autoptr (HeptadValue) other = wait_for_state (fixture, unknown, "failed");
  const HeptadValue *failure = heptad_value_get_member (job, "error");

  g_assert_cmpint (fixture->plugin.n_runs, ==, 1);
  g_assert_cmpstr (heptad_value_get_member_string (failure, "code"), ==, "invalid-input");
  g_assert_cmpstr (heptad_value_get_member_string (failure, "message"), ==, "stumbled");
}

static void
test_cancel (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *first = add_job (fixture->stores->store, "endless", 0);
  g_autofree char *second = add_job (fixture->stores->store, "endless", 0);
  g_autoptr (HeptadValue) running = wait_for_state (fixture, first, "running");
  g_autoptr (HeptadValue) also = wait_for_state (fixture, second, "running");
  g_autofree char *queued = add_job (fixture->stores->store, "endless", 0);
  g_autoptr (GError) error = NULL;

  g_usleep (20 * 1000);
  g_autoptr (HeptadValue) seen = heptad_job_queue_get (fixture->queue, "acme", first, NULL);
  g_assert_cmpint (
      heptad_value_get_member_int64 (heptad_value_get_member (seen, "progress"), "total"), ==, 2);
  g_assert_true (heptad_job_queue_cancel (fixture->queue, "acme", queued, &error));
  g_assert_true (heptad_job_queue_cancel (fixture->queue, "acme", first, &error));
  g_assert_true (heptad_job_queue_cancel (fixture->queue, "acme", second, &error));
  g_autoptr (HeptadValue) a = wait_for_state (fixture, queued, "cancelled");
  g_autoptr (HeptadValue) b = wait_for_state (fixture, first, "cancelled");
  g_autoptr (HeptadValue) c = wait_for_state (fixture, second, "cancelled");
  g_assert_cmpint (fixture->plugin.n_runs, ==, 2);
  g_assert_false (heptad_job_queue_cancel (fixture->queue, "acme", first, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (heptad_job_queue_cancel (fixture->queue, "acme", "cost.none", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (heptad_job_queue_cancel (fixture->queue, "other", first, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
}

static void
test_restart (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = add_job (fixture->stores->store, "endless", 0);
  g_autoptr (HeptadValue) running = wait_for_state (fixture, id, "running");

  restart (fixture);
  g_autoptr (HeptadValue) again = wait_for_state (fixture, id, "running");
  /* An orderly stop is no failed attempt. */
  g_assert_cmpint (heptad_value_get_member_int64 (again, "attempt"), ==, 1);
  g_assert_cmpint (fixture->plugin.n_runs, >=, 1);
  g_assert_true (heptad_job_queue_cancel (fixture->queue, "acme", id, NULL));
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "cancelled");
}

static void
test_unregister (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *id = add_job (fixture->stores->store, "endless", 0);
  g_autoptr (HeptadValue) running = wait_for_state (fixture, id, "running");

  heptad_job_queue_unregister (fixture->queue, "acme", "cost");
  g_assert_cmpuint (heptad_job_queue_get_n_running (fixture->queue), ==, 0);
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "queued");
}

static void
test_fence (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (HeptadValue) checkpoint = heptad_value_new_int64 (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JobClaim) stale = NULL;
  g_autoptr (JobClaim) current = NULL;
  JobOutcome outcome = { .state = "succeeded" };

  g_clear_pointer (&fixture->queue, heptad_job_queue_free);
  HeptadStore *store = fixture->stores->store;
  g_autofree char *id = add_job (store, "count", 10);
  g_assert_true (job_ledger_claim (store, id, &stale, NULL));
  g_assert_true (
      job_ledger_recover (store, NULL)); /* as another host does that takes it for dead */
  g_assert_true (job_ledger_claim (store, id, &current, NULL));
  g_assert_cmpuint (current->attempt, ==, stale->attempt + 1);
  g_assert_false (job_ledger_finish (store, stale, &outcome, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  g_assert_true (job_ledger_finish (store, current, &outcome, NULL));
}

static guint
count_jobs (Fixture *fixture)
{
  g_autoptr (HeptadValue) list = heptad_job_queue_list (fixture->queue, "acme", "cost", 1000, NULL);
  return heptad_value_get_size (list);
}

static gboolean
set_last_fired (HeptadTransaction *transaction, gpointer data, GError **error)
{
  return heptad_transaction_execute_core (transaction, "UPDATE _heptad_schedules SET last_us = $1",
                                          HEPTAD_SQL (heptad_sql_int64 (*(gint64 *) data)), NULL,
                                          error);
}

static void
add_schedule (Fixture *fixture, GError **error)
{
  heptad_job_queue_add_schedule (fixture->queue, "acme", "cost", "often", "* * * * *", "UTC",
                                 "count", NULL, error);
}

static void
test_schedule (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 long_ago_us = g_get_real_time () - G_TIME_SPAN_HOUR;

  add_schedule (fixture, &error);
  g_assert_no_error (error);
  g_usleep (50 * 1000);
  guint n_before = count_jobs (fixture); /* 0, or 1 when the minute just turned */
  g_assert_cmpuint (n_before, <=, 1);
  /* An hour of missed minutes is made up for once. */
  heptad_store_write (fixture->stores->store, set_last_fired, &long_ago_us, NULL, NULL);
  restart (fixture);
  add_schedule (fixture, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 1000 && count_jobs (fixture) == n_before; i++)
    g_usleep (2000);
  g_usleep (50 * 1000);
  g_assert_cmpuint (count_jobs (fixture), <=, n_before + 2);
  g_assert_cmpuint (count_jobs (fixture), >=, n_before + 1);
  guint n_after = count_jobs (fixture);
  restart (fixture);
  add_schedule (fixture, &error);
  g_usleep (50 * 1000);
  g_assert_cmpuint (count_jobs (fixture), <=, n_after + 1);
}

static void
test_wrong_schedules (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_job_queue_add_schedule (fixture->queue, "acme", "cost", "x", "61 * * * *",
                                                 "UTC", "count", NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_false (heptad_job_queue_add_schedule (fixture->queue, "acme", "cost", "x", "@daily",
                                                 "Mars/Olympus", "count", NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
}

/* A child runs a job until it is killed. */
static int
run_child (const char *data_dir, const char *migrations_dir)
{
  Fixture fixture = { .stores = g_new0 (StoreFixture, 1) };

  fixture.stores->hub = heptad_store_hub_new (data_dir, NULL, NULL);
  fixture.stores->store =
      heptad_store_hub_open (fixture.stores->hub, "acme", "cost", migrations_dir, NULL);
  start_queue (&fixture);
  pause ();
  return 0;
}

static const char *self_path;

static void
kill_one_child (StoreFixture *stores)
{
  pid_t child = fork ();

  if (child == 0)
    {
      execl (self_path, self_path, "--run-until-killed", stores->data_dir, stores->migrations_dir,
             NULL);
      _exit (5);
    }
  g_usleep ((gulong) g_test_rand_int_range (150, 350) * 1000);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
}

static void
test_kill (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->queue, heptad_job_queue_free);
  g_autofree char *id = add_job (fixture->stores->store, "count", 1500);
  g_clear_object (&fixture->stores->store);
  g_clear_pointer (&fixture->stores->hub, heptad_store_hub_free);
  for (guint i = 0; i < 3; i++)
    kill_one_child (fixture->stores);
  fixture->stores->hub = heptad_store_hub_new (fixture->stores->data_dir, NULL, NULL);
  fixture->stores->store = heptad_store_hub_open (fixture->stores->hub, "acme", "cost",
                                                  fixture->stores->migrations_dir, &error);
  g_assert_no_error (error);
  start_queue (fixture);
  g_autoptr (HeptadValue) job = wait_for_state (fixture, id, "succeeded");
  g_test_message ("attempt %" G_GINT64_FORMAT, heptad_value_get_member_int64 (job, "attempt"));
  /* Each step once, whichever attempt took it: the primary key would have said otherwise. */
  store_assert_reads (fixture->stores->store, "SELECT count(*), min(n), max(n) FROM step", NULL,
                      "1500|1|1500");
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--run-until-killed") == 0)
    return run_child (argv[2], argv[3]);
  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jobs/a-job-runs-and-tells-its-result", test_success);
  g_test_add_func ("/jobs/more-than-fit-in-memory-all-run-once", test_many);
  g_test_add_func ("/jobs/an-undone-write-enqueues-nothing", test_uncommitted);
  g_test_add_func ("/jobs/a-retry-goes-on-from-the-checkpoint", test_retry);
  g_test_add_func ("/jobs/a-fault-of-the-caller-is-not-retried", test_no_retry);
  g_test_add_func ("/jobs/queued-and-running-jobs-are-cancelled", test_cancel);
  g_test_add_func ("/jobs/a-stop-interrupts-and-a-start-resumes", test_restart);
  g_test_add_func ("/jobs/unregister-waits-for-what-runs", test_unregister);
  g_test_add_func ("/jobs/a-stale-run-cannot-finish", test_fence);
  g_test_add_func ("/jobs/missed-times-are-made-up-for-once", test_schedule);
  g_test_add_func ("/jobs/wrong-schedules-are-refused", test_wrong_schedules);
  g_test_add_func ("/jobs/kill-9-resumes-from-the-checkpoint", test_kill);
  return g_test_run ();
}
