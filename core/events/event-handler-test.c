/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/events/event-fixture.h"
#include "core/store/ledger.h"

typedef struct {
  gint n_runs;
  gint fails_until; /* runs */
} Plugin;

static gboolean
on_item_added (HeptadEvent *event,
               HeptadTenant *tenant,
               HeptadTransaction *transaction,
               gpointer data,
               GError **error)
{
  Plugin *plugin = data;
  gint run = g_atomic_int_add (&plugin->n_runs, 1) + 1;
  const char *id = heptad_event_get_id (event);

  if (!heptad_transaction_execute (transaction, "INSERT INTO seen VALUES ($1, $2)",
                                   HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text ("k")), NULL,
                                   error))
    return FALSE;
  if (run > plugin->fails_until)
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "not yet");
  return FALSE;
}

static const HeptadEventEntry entry = { "cost.item.added", on_item_added };

static void
add_handler (EventFixture *fixture, HeptadStore *consumer, Plugin *plugin)
{
  HeptadEventHandlerSpec spec = {
    .plugin_id = "docs", .store = consumer, .entry = &entry, .plugin = plugin
  };
  g_autoptr (GError) error = NULL;

  heptad_event_hub_add_handler (fixture->hub, "acme", &spec, &error);
  g_assert_no_error (error);
}

static void
wait_for_reading (HeptadStore *store, const char *sql, const char *expected)
{
  gint64 end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end_us)
    {
      g_autofree char *found = store_fixture_read_all (store, sql, NULL);
      if (g_strcmp0 (found, expected) == 0)
        return;
      g_usleep (5000);
    }
  store_assert_reads (store, sql, NULL, expected);
}

static HeptadStore *
open_consumer (EventFixture *fixture)
{
  return heptad_store_hub_open (fixture->stores->hub, "acme", "docs",
                                fixture->stores->migrations_dir, NULL);
}

static void
test_handler (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_autoptr (HeptadStore) consumer = open_consumer (fixture);
  Plugin plugin = { .fails_until = 2 };

  add_handler (fixture, consumer, &plugin);
  event_fixture_add_items (fixture, 1, 200);
  wait_for_reading (consumer, "SELECT count(*), count(DISTINCT event_id) FROM seen", "200|200");
  heptad_event_hub_remove_handlers (fixture->hub, "acme", "docs");
  event_fixture_add_items (fixture, 201, 210);
  add_handler (fixture, consumer, &plugin);
  wait_for_reading (consumer, "SELECT count(*), count(DISTINCT event_id) FROM seen", "210|210");
  heptad_event_hub_remove_handlers (fixture->hub, "acme", "docs");
}

static void
test_dead_letter (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_autoptr (HeptadStore) consumer = open_consumer (fixture);
  Plugin plugin = { .fails_until = 5 };
  g_autoptr (GError) error = NULL;

  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*dead letter: not yet*");
  add_handler (fixture, consumer, &plugin);
  event_fixture_add_items (fixture, 1, 2);
  wait_for_reading (consumer, "SELECT count(*) FROM seen", "1");
  g_test_assert_expected_messages ();
  g_autoptr (HeptadValue) letters = event_consumer_list_dead_letters (consumer, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heptad_value_get_size (letters), ==, 1);
  const HeptadValue *letter = heptad_value_get_item (letters, 0);
  g_assert_cmpint (heptad_value_get_member_int64 (letter, "data"), ==, 1);
  g_assert_cmpstr (heptad_value_get_member_string (letter, "error"), ==, "not yet");
  gint64 number = heptad_value_get_member_int64 (letter, "number");
  g_assert_true (heptad_event_hub_retry_dead_letter (fixture->hub, "acme", "docs",
                                                     "cost.item.added", number, &error));
  g_assert_no_error (error);
  store_assert_reads (consumer, "SELECT count(DISTINCT event_id) FROM seen", NULL, "2");
  g_assert_false (heptad_event_hub_retry_dead_letter (fixture->hub, "acme", "docs",
                                                      "cost.item.added", number, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
  heptad_event_hub_remove_handlers (fixture->hub, "acme", "docs");
}

static void
on_signal (HeptadEvents *events, HeptadEvent *event, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_signals (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadEvents) events = heptad_event_hub_get_events (
      fixture->hub, "acme", "cost", fixture->stores->store, NULL, &error);
  g_autoptr (HeptadValue) value = heptad_value_new_int64 (1);
  guint n_added = 0, n_other = 0;

  g_assert_no_error (error);
  g_signal_connect (events, "event::cost.item.added", G_CALLBACK (on_signal), &n_added);
  g_signal_connect (events, "event::cost.other", G_CALLBACK (on_signal), &n_other);
  g_assert_true (heptad_events_publish (events, "cost.item.added", NULL, value, NULL, &error));
  for (guint i = 0; i < 2000 && n_added == 0; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpuint (n_added, ==, 1);
  g_assert_cmpuint (n_other, ==, 0);
}

/* A child publishes and handles until it is killed; then nothing is lost or doubled. */ static int
run_child (const char *data_dir, const char *migrations_dir, gint64 from)
{
  Plugin plugin = { 0 };
  EventFixture fixture = { .stores = g_new0 (StoreFixture, 1) };
  StoreFixture *stores = fixture.stores;

  stores->hub = heptad_store_hub_new (data_dir, NULL, NULL);
  stores->migrations_dir = g_strdup (migrations_dir);
  event_fixture_start_hub (&fixture);
  stores->store = heptad_store_hub_open (stores->hub, "acme", "cost", migrations_dir, NULL);
  HeptadStore *consumer = heptad_store_hub_open (stores->hub, "acme", "docs", migrations_dir, NULL);
  add_handler (&fixture, consumer, &plugin);
  for (gint64 id = from;; id += 3)
    event_fixture_add_items (&fixture, id, id + 2);
  return 0;
}

static const char *self_path;

static void
kill_one_child (StoreFixture *stores, guint round)
{
  g_autofree char *from = g_strdup_printf ("%u", 1 + round * 1000000);
  pid_t child = fork ();

  if (child == 0)
    {
      execl (self_path, self_path, "--publish-until-killed", stores->data_dir,
             stores->migrations_dir, from, NULL);
      _exit (5);
    }
  g_usleep ((gulong) g_test_rand_int_range (40, 150) * 1000);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
}

static void
test_kill (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { 0 };
  Plugin plugin = { 0 };
  StoreFixture *stores = fixture->stores;
  g_autoptr (HeptadStore) consumer = open_consumer (fixture);
  g_autofree char *begin = heptad_event_hub_get_cursor (fixture->hub, "acme", NULL);

  add_handler (fixture, consumer, &plugin);
  g_clear_pointer (&fixture->hub, heptad_event_hub_free);
  g_clear_object (&consumer);
  g_clear_object (&stores->store);
  g_clear_pointer (&stores->hub, heptad_store_hub_free);
  for (guint round = 0; round < 8; round++)
    kill_one_child (stores, round);
  stores->hub = heptad_store_hub_new (stores->data_dir, NULL, NULL);
  event_fixture_start_hub (fixture);
  stores->store = heptad_store_hub_open (stores->hub, "acme", "cost", stores->migrations_dir, NULL);
  consumer = open_consumer (fixture);
  add_handler (fixture, consumer, &plugin);
  g_autofree char *count = store_fixture_read (stores->store, "SELECT count(*) FROM item", NULL);
  g_autofree char *expected = g_strdup_printf ("%s|%s", count, count);
  g_test_message ("%s events over 8 kills", count);
  wait_for_reading (consumer, "SELECT count(*), count(DISTINCT event_id) FROM seen", expected);
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, begin);
  event_listener_wait (&listener, (guint) atoi (count));
  event_fixture_settle ();
  g_assert_cmpuint (listener.numbers->len, ==, atoi (count));
  for (guint i = 1; i < listener.numbers->len; i++)
    g_assert_cmpint (g_array_index (listener.numbers, gint64, i), >,
                     g_array_index (listener.numbers, gint64, i - 1));
  heptad_event_subscription_cancel (subscription);
  heptad_event_hub_remove_handlers (fixture->hub, "acme", "docs");
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--publish-until-killed") == 0)
    return run_child (argv[2], argv[3], atoll (argv[4]));
  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/signals-carry-the-topic", test_signals);
  g_test_add_func ("/events/handlers/each-event-takes-effect-once", test_handler);
  g_test_add_func ("/events/handlers/what-keeps-failing-is-a-dead-letter", test_dead_letter);
  g_test_add_func ("/events/kill-9-loses-and-doubles-nothing", test_kill);
  return g_test_run ();
}
