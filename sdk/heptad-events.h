/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadEvent:
 *
 * One CloudEvents 1.0 event as it stands in the log. Immutable; any thread.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_EVENT (heptad_event_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadEvent, heptad_event, HEPTAD, EVENT, GObject)

HEPTAD_AVAILABLE_IN_1_0
const char *heptad_event_get_id (HeptadEvent *event);
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_event_get_topic (HeptadEvent *event);
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_event_get_key (HeptadEvent *event);
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_event_get_data (HeptadEvent *event);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_event_get_time_us (HeptadEvent *event);

/**
 * heptad_event_get_cursor:
 *
 * Returns: (transfer none): the opaque place in the log after this event, to resume from
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_event_get_cursor (HeptadEvent *event);

/**
 * HeptadEvents:
 *
 * One tenant's events, as a plugin sees them. The signal `event` has the topic as its detail:
 *
 * |[<!-- language="C" -->
 * g_signal_connect (events, "event::cost.bill.ingested", G_CALLBACK (on_bill_ingested), self);
 * ]|
 *
 * Signals are live hints, emitted on the host's main thread; one may be missed when the host stops.
 * What must not be missed is a durable handler of the plugin's descriptor (#HeptadEventHandler).
 * Topics that another plugin declares are received if plugin.yaml lists them under `subscribes`.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_EVENTS (heptad_events_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadEvents, heptad_events, HEPTAD, EVENTS, GObject)

/**
 * heptad_events_publish:
 *
 * Publishes outside any other write: returns when the event is on disk. Inside a write use
 * heptad_transaction_publish(). Pool or job thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_events_publish (HeptadEvents *events,
                                const char *topic,
                                const char *key,
                                const HeptadValue *data,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
