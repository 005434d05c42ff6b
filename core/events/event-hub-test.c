/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/ledger.h"
#include "sdk/backend/heptad-store-backend.h"

static void
test_atomic (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { 0 };
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, NULL);
  EventAdd failing = { 100, 110, "cost.item.added", TRUE };
  EventAdd undeclared = { 200, 200, "cost.secret", FALSE };
  EventAdd unwanted = { 300, 300, "cost.other", FALSE };
  g_autoptr (GError) error = NULL;

  g_assert_false (
      heptad_store_write (fixture->stores->store, event_fixture_write, &failing, NULL, NULL));
  g_assert_false (
      heptad_store_write (fixture->stores->store, event_fixture_write, &undeclared, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_true (
      heptad_store_write (fixture->stores->store, event_fixture_write, &unwanted, NULL, NULL));
  event_fixture_add (fixture, 1, 3);
  event_listener_wait (&listener, 3);
  event_fixture_settle ();
  event_listener_assert (&listener, 1, 3);
  heptad_event_subscription_cancel (subscription);
}

static gboolean
refuse_odd (gpointer data, const HeptadValue *value, GError **error)
{
  if (heptad_value_get_int64 (value) % 2 == 0)
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "it is odd");
  return FALSE;
}

static void
test_schema (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  EventAdd odd = { 1, 1, "cost.item.added", FALSE };
  g_autoptr (GError) error = NULL;

  heptad_event_hub_declare_topic (fixture->hub, "cost", "cost.item.added", refuse_odd, NULL, NULL,
                                  NULL);
  g_assert_false (
      heptad_store_write (fixture->stores->store, event_fixture_write, &odd, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "it is odd"));
  event_fixture_add (fixture, 2, 2);
  g_clear_error (&error);
  g_assert_false (heptad_event_hub_declare_topic (fixture->hub, "docs", "cost.item.added", NULL,
                                                  NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
}

static gboolean
publish_of_core (HeptadTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (HeptadValue) value = heptad_value_new_boolean (TRUE);

  return heptad_transaction_publish_core (transaction, "host.job.finished", "cost.1", value, error);
}

static gboolean
publish_as_core (HeptadTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (HeptadValue) value = heptad_value_new_boolean (TRUE);

  return heptad_transaction_publish (transaction, "host.job.finished", "cost.1", value, error);
}

static void
test_core_topics (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (heptad_store_write (fixture->stores->store, publish_of_core, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (heptad_store_write (fixture->stores->store, publish_as_core, NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
}

static void
test_resume (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) first = { 0 };
  g_auto (EventListener) second = { 0 };
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &first, NULL);

  event_fixture_add (fixture, 1, 10);
  event_listener_wait (&first, 10);
  heptad_event_subscription_cancel (subscription);
  event_fixture_add (fixture, 11, 2000); /* more than is kept in memory */
  subscription = event_fixture_subscribe (fixture, &second, first.cursor);
  event_fixture_add (fixture, 2001, 2010);
  event_listener_wait (&second, 2000);
  event_fixture_settle ();
  event_listener_assert (&second, 11, 2010);
  heptad_event_subscription_cancel (subscription);
}

static void
test_wrong_cursors (void)
{
  static const char *const cursors[] = {
    "", "1", "1.5", "1.5.00000000", "2.1.00000000", "x", "1.ffffffffffffffff.0", "1.-1.0"
  };
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  EventListener listener = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (heptad_event_hub_subscribe (fixture->hub, "acme", event_fixture_all_items,
                                                 cursors[i], NULL, event_listener_on_event,
                                                 &listener, NULL, &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
    }
}

static void
test_expired (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *begin = heptad_event_hub_get_cursor (fixture->hub, "acme", NULL);
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, NULL);

  event_fixture_add (fixture, 1, 100);
  event_listener_wait (&listener, 100);
  heptad_event_subscription_cancel (subscription);
  heptad_event_hub_set_retention (fixture->hub, G_TIME_SPAN_DAY, 10);
  heptad_event_hub_trim (fixture->hub);
  g_assert_null (heptad_event_hub_subscribe (fixture->hub, "acme", event_fixture_all_items, begin,
                                             NULL, event_listener_on_event, &listener, NULL,
                                             &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_EXPIRED);
  subscription = event_fixture_subscribe (fixture, &listener, listener.cursor);
  heptad_event_subscription_cancel (subscription);
}

static void
test_pause (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { .pause_after = 5 };
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, NULL);

  event_fixture_add (fixture, 1, 3000);
  event_listener_wait (&listener, 5);
  event_fixture_settle ();
  g_assert_cmpuint (listener.numbers->len, ==, 5);
  listener.pause_after = 0;
  heptad_event_subscription_resume (subscription);
  event_listener_wait (&listener, 3000);
  event_listener_assert (&listener, 1, 3000);
  heptad_event_subscription_cancel (subscription);
}

static void
test_thousand (void)
{
  enum { N = 1000 };
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_autofree EventListener *listeners = g_new0 (EventListener, N);
  g_autofree HeptadEventSubscription **subscriptions = g_new0 (HeptadEventSubscription *, N);

  for (guint i = 0; i < N; i++)
    subscriptions[i] = event_fixture_subscribe (fixture, &listeners[i], NULL);
  event_fixture_settle ();
  gint64 start_us = g_get_monotonic_time ();
  event_fixture_add (fixture, 1, 1);
  event_listener_wait (&listeners[0], 1);
  for (guint i = 0; i < N; i++)
    event_listener_wait (&listeners[i], 1);
  gint64 took_us = g_get_monotonic_time () - start_us;
  g_test_message ("from write to the last of %d: %.1f ms", N, (double) took_us / 1000.0);
  g_assert_cmpint (took_us, <, 500 * 1000);
  for (guint i = 0; i < N; i++)
    {
      heptad_event_subscription_cancel (subscriptions[i]);
      event_listener_clear (&listeners[i]);
    }
}

static void
test_survives_restart (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { 0 };
  g_autofree char *begin = heptad_event_hub_get_cursor (fixture->hub, "acme", NULL);

  event_fixture_add (fixture, 1, 50);
  heptad_event_hub_free (fixture->hub);
  g_clear_object (&fixture->stores->store);
  g_clear_pointer (&fixture->stores->hub, heptad_store_hub_free);
  fixture->stores->hub = heptad_store_hub_new (fixture->stores->data_dir, NULL, NULL);
  event_fixture_start_hub (fixture);
  fixture->stores->store = heptad_store_hub_open (fixture->stores->hub, "acme", "cost",
                                                  fixture->stores->migrations_dir, NULL);
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, begin);
  event_fixture_add (fixture, 51, 60);
  event_listener_wait (&listener, 60);
  event_fixture_settle ();
  event_listener_assert (&listener, 1, 60);
  heptad_event_subscription_cancel (subscription);
}

/* Durable handlers. */

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
  event_fixture_add (fixture, 1, 200);
  wait_for_reading (consumer, "SELECT count(*), count(DISTINCT event_id) FROM seen", "200|200");
  heptad_event_hub_remove_handlers (fixture->hub, "acme", "docs");
  event_fixture_add (fixture, 201, 210);
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
  event_fixture_add (fixture, 1, 2);
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

/* A child publishes and handles until it is killed; then nothing is lost or doubled. */
static int
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
    event_fixture_add (&fixture, id, id + 2);
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
  g_test_add_func ("/events/the-core-publishes-its-own-topics-and-a-plugin-does-not",
                   test_core_topics);
  g_test_add_func ("/events/an-event-is-published-if-and-only-if-its-write-commits", test_atomic);
  g_test_add_func ("/events/data-that-does-not-fit-is-refused", test_schema);
  g_test_add_func ("/events/a-cursor-resumes-without-gap-or-repetition", test_resume);
  g_test_add_func ("/events/wrong-cursors-are-refused", test_wrong_cursors);
  g_test_add_func ("/events/an-expired-cursor-says-so", test_expired);
  g_test_add_func ("/events/a-paused-reader-catches-up-in-order", test_pause);
  g_test_add_func ("/events/a-thousand-readers-are-woken-together", test_thousand);
  g_test_add_func ("/events/the-log-survives-a-restart", test_survives_restart);
  g_test_add_func ("/events/signals-carry-the-topic", test_signals);
  g_test_add_func ("/events/handlers/each-event-takes-effect-once", test_handler);
  g_test_add_func ("/events/handlers/what-keeps-failing-is-a-dead-letter", test_dead_letter);
  g_test_add_func ("/events/kill-9-loses-and-doubles-nothing", test_kill);
  return g_test_run ();
}
