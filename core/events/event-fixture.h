/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-hub.h"
#include "core/store/store-fixture.h"

/* For tests: an event hub over a store of an own directory, in which plugin `cost` of tenant `acme`
 * declares `cost.item.added` and `cost.other`. */
typedef struct {
  StoreFixture *stores;
  HeptadEventHub *hub;
} EventFixture;

EventFixture *event_fixture_new (void);
void event_fixture_free (EventFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventFixture, event_fixture_free)

/* A hub over the stores that are there, as after a restart. */
void event_fixture_start_hub (EventFixture *fixture);

/* What event_fixture_write_items() adds: rows with these ids, and an event for each. */
typedef struct {
  gint64 from;
  gint64 to;
  const char *topic;
  gboolean fails;
} EventItems;

/* A #HeptadWriteFunc; @data is #EventItems. */
gboolean event_fixture_write_items (HeptadTransaction *transaction, gpointer data, GError **error);
void event_fixture_add_items (EventFixture *fixture, gint64 from, gint64 to);

/* A subscriber that notes the numbers that came. */
typedef struct {
  GArray *numbers;
  char *cursor;
  guint pause_after;
  gboolean is_expired;
} EventListener;

void event_listener_clear (EventListener *listener);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EventListener, event_listener_clear)

/* The callback of a subscription; @data is the listener. */
gboolean event_listener_note (HeptadEvent *event, gpointer data);

/* The pattern of all topics of items. */
extern const char *const event_fixture_all_items[];

/* @cursor (nullable): where to begin */
HeptadEventSubscription *
event_fixture_subscribe (EventFixture *fixture, EventListener *listener, const char *cursor);

/* Fails the test when they do not come within ten seconds. */
void event_listener_wait (const EventListener *listener, guint n_events);

/* Gives what should not come the time to come. */
void event_fixture_settle (void);
