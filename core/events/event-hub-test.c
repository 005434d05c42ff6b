/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/events/event-fixture.h"
#include "core/store/ledger.h"
#include "sdk/backend/heptad-store-backend.h"

static void
assert_counts_up (const EventListener *listener, gint64 from, gint64 to)
{
  g_assert_cmpint (listener->numbers->len, ==, to - from + 1);
  for (guint i = 0; i < listener->numbers->len; i++)
    g_assert_cmpint (g_array_index (listener->numbers, gint64, i), ==, from + i);
}

static void
test_atomic (void)
{
  g_autoptr (EventFixture) fixture = event_fixture_new ();
  g_auto (EventListener) listener = { 0 };
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, NULL);
  EventItems failing = { 100, 110, "cost.item.added", TRUE };
  EventItems undeclared = { 200, 200, "cost.secret", FALSE };
  EventItems unwanted = { 300, 300, "cost.other", FALSE };
  g_autoptr (GError) error = NULL;

  g_assert_false (
      heptad_store_write (fixture->stores->store, event_fixture_write_items, &failing, NULL, NULL));
  g_assert_false (heptad_store_write (fixture->stores->store, event_fixture_write_items,
                                      &undeclared, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_true (heptad_store_write (fixture->stores->store, event_fixture_write_items, &unwanted,
                                     NULL, NULL));
  event_fixture_add_items (fixture, 1, 3);
  event_listener_wait (&listener, 3);
  event_fixture_settle ();
  assert_counts_up (&listener, 1, 3);
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
  EventItems odd = { 1, 1, "cost.item.added", FALSE };
  g_autoptr (GError) error = NULL;

  heptad_event_hub_declare_topic (fixture->hub, "cost", "cost.item.added", refuse_odd, NULL, NULL,
                                  NULL);
  g_assert_false (
      heptad_store_write (fixture->stores->store, event_fixture_write_items, &odd, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "it is odd"));
  event_fixture_add_items (fixture, 2, 2);
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

  event_fixture_add_items (fixture, 1, 10);
  event_listener_wait (&first, 10);
  heptad_event_subscription_cancel (subscription);
  event_fixture_add_items (fixture, 11, 2000); /* more than is kept in memory */
  subscription = event_fixture_subscribe (fixture, &second, first.cursor);
  event_fixture_add_items (fixture, 2001, 2010);
  event_listener_wait (&second, 2000);
  event_fixture_settle ();
  assert_counts_up (&second, 11, 2010);
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
                                                 cursors[i], NULL, event_listener_note, &listener,
                                                 NULL, &error));
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

  event_fixture_add_items (fixture, 1, 100);
  event_listener_wait (&listener, 100);
  heptad_event_subscription_cancel (subscription);
  heptad_event_hub_set_retention (fixture->hub, G_TIME_SPAN_DAY, 10);
  heptad_event_hub_trim (fixture->hub);
  g_assert_null (heptad_event_hub_subscribe (fixture->hub, "acme", event_fixture_all_items, begin,
                                             NULL, event_listener_note, &listener, NULL, &error));
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

  event_fixture_add_items (fixture, 1, 3000);
  event_listener_wait (&listener, 5);
  event_fixture_settle ();
  g_assert_cmpuint (listener.numbers->len, ==, 5);
  listener.pause_after = 0;
  heptad_event_subscription_resume (subscription);
  event_listener_wait (&listener, 3000);
  assert_counts_up (&listener, 1, 3000);
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
  event_fixture_add_items (fixture, 1, 1);
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

  event_fixture_add_items (fixture, 1, 50);
  heptad_event_hub_free (fixture->hub);
  g_clear_object (&fixture->stores->store);
  g_clear_pointer (&fixture->stores->hub, heptad_store_hub_free);
  fixture->stores->hub = heptad_store_hub_new (fixture->stores->data_dir, NULL, NULL);
  event_fixture_start_hub (fixture);
  fixture->stores->store = heptad_store_hub_open (fixture->stores->hub, "acme", "cost",
                                                  fixture->stores->migrations_dir, NULL);
  HeptadEventSubscription *subscription = event_fixture_subscribe (fixture, &listener, begin);
  event_fixture_add_items (fixture, 51, 60);
  event_listener_wait (&listener, 60);
  event_fixture_settle ();
  assert_counts_up (&listener, 1, 60);
  heptad_event_subscription_cancel (subscription);
}

/* Durable handlers. */

int
main (int argc, char **argv)
{
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
  return g_test_run ();
}
