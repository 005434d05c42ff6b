/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-fixture.h"

#include "sdk/backend/heptad-store-backend.h"

static const char schema[] = "CREATE TABLE item (id BIGINT PRIMARY KEY);"
                             "CREATE TABLE seen (event_id TEXT NOT NULL, key TEXT);";

void
event_fixture_start_hub (EventFixture *fixture)
{
  fixture->hub = heptad_event_hub_new (fixture->stores->hub);
  g_assert_true (heptad_event_hub_declare_topic (fixture->hub, "cost", "cost.item.added", NULL,
                                                 NULL, NULL, NULL));
  g_assert_true (
      heptad_event_hub_declare_topic (fixture->hub, "cost", "cost.other", NULL, NULL, NULL, NULL));
}

EventFixture *
event_fixture_new (void)
{
  EventFixture *fixture = g_new0 (EventFixture, 1);

  fixture->stores = store_fixture_new (schema, NULL);
  event_fixture_start_hub (fixture);
  return fixture;
}

void
event_fixture_free (EventFixture *fixture)
{
  heptad_event_hub_free (fixture->hub);
  store_fixture_free (fixture->stores);
  g_free (fixture);
}

gboolean
event_fixture_write (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const EventAdd *add = data;

  for (gint64 id = add->from; id <= add->to; id++)
    {
      g_autoptr (HeptadValue) value = heptad_value_new_int64 (id);
      if (!heptad_transaction_execute (transaction, "INSERT INTO item VALUES ($1)",
                                       HEPTAD_SQL (heptad_sql_int64 (id)), NULL, error)
          || !heptad_transaction_publish (transaction, add->topic, "key", value, error))
        return FALSE;
    }
  if (add->fails)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED, "no");
  return !add->fails;
}

void
event_fixture_add (EventFixture *fixture, gint64 from, gint64 to)
{
  EventAdd add = { from, to, "cost.item.added", FALSE };
  g_autoptr (GError) error = NULL;

  heptad_store_write (fixture->stores->store, event_fixture_write, &add, NULL, &error);
  g_assert_no_error (error);
}

gboolean
event_listener_on_event (HeptadEvent *event, gpointer data)
{
  EventListener *listener = data;

  listener->is_expired = event == NULL;
  if (event == NULL)
    return FALSE;
  gint64 number = heptad_value_get_int64 (heptad_event_get_data (event));
  g_array_append_val (listener->numbers, number);
  g_free (listener->cursor);
  listener->cursor = g_strdup (heptad_event_get_cursor (event));
  return listener->pause_after == 0 || listener->numbers->len < listener->pause_after;
}

void
event_listener_clear (EventListener *listener)
{
  g_clear_pointer (&listener->numbers, g_array_unref);
  g_clear_pointer (&listener->cursor, g_free);
}

const char *const event_fixture_all_items[] = { "cost.item.*", NULL };

HeptadEventSubscription *
event_fixture_subscribe (EventFixture *fixture, EventListener *listener, const char *cursor)
{
  g_autoptr (GError) error = NULL;

  if (listener->numbers == NULL)
    listener->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  HeptadEventSubscription *subscription =
      heptad_event_hub_subscribe (fixture->hub, "acme", event_fixture_all_items, cursor, NULL,
                                  event_listener_on_event, listener, NULL, &error);
  g_assert_no_error (error);
  return subscription;
}

void
event_listener_wait (const EventListener *listener, guint n_events)
{
  gint64 end_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (listener->numbers->len < n_events && g_get_monotonic_time () < end_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_cmpuint (listener->numbers->len, >=, n_events);
}

void
event_fixture_settle (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

void
event_listener_assert (const EventListener *listener, gint64 from, gint64 to)
{
  g_assert_cmpint (listener->numbers->len, ==, to - from + 1);
  for (guint i = 0; i < listener->numbers->len; i++)
    g_assert_cmpint (g_array_index (listener->numbers, gint64, i), ==, from + i);
}
