/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-hub.h"
#include "core/store/store-fixture.h"

/* A hub over a store of plugin `cost` for tenant `acme`, whose topics are `cost.item.added` and
 * `cost.other`. */
typedef struct {
  StoreFixture *stores;
  HeptadEventHub *hub;
} EventFixture;

/* Items to add in one write, each with its event. */
typedef struct {
  gint64 from;
  gint64 to;
  const char *topic;
  gboolean fails;
} EventAdd;

/* A subscriber that notes the numbers that came. */
typedef struct {
  GArray *numbers;
  char *cursor;
  guint pause_after;
  gboolean is_expired;
} EventListener;

extern const char *const event_fixture_all_items[];

void event_fixture_start_hub (EventFixture *fixture);
EventFixture *event_fixture_new (void);
void event_fixture_free (EventFixture *fixture);
gboolean event_fixture_write (HeptadTransaction *transaction, gpointer data, GError **error);
void event_fixture_add (EventFixture *fixture, gint64 from, gint64 to);
HeptadEventSubscription *
event_fixture_subscribe (EventFixture *fixture, EventListener *listener, const char *cursor);
gboolean event_listener_on_event (HeptadEvent *event, gpointer data);
void event_listener_clear (EventListener *listener);
void event_listener_wait (const EventListener *listener, guint n_events);
void event_fixture_settle (void);
void event_listener_assert (const EventListener *listener, gint64 from, gint64 to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventFixture, event_fixture_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EventListener, event_listener_clear)
