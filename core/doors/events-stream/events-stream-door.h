/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/events-stream/audience.h"
#include "core/events/event-hub.h"

G_BEGIN_DECLS

/**
 * HeptadEventsStreamDoor:
 *
 * Events as Server-Sent Events, for whoever cannot speak WebSocket; docs/api/events.md.
 */
typedef struct _HeptadEventsStreamDoor HeptadEventsStreamDoor;

/**
 * HeptadEventsStreamConfig:
 * @rest: whose callers and allowed origins these are
 * @events: what can be listened to
 * @audience: limits of listeners
 * @heartbeat_ms: how long a stream is silent before a comment is sent
 *
 * Start from heptad_events_stream_config_init().
 */
typedef struct {
  HeptadRestDoor *rest;
  HeptadEventHub *events;
  HeptadAudienceLimits audience;
  guint heartbeat_ms;
} HeptadEventsStreamConfig;

void heptad_events_stream_config_init (HeptadEventsStreamConfig *config);

HeptadEventsStreamDoor *heptad_events_stream_door_new (const HeptadEventsStreamConfig *config);

/* After the HTTP server, which ends all streams, and before the event hub. */
void heptad_events_stream_door_free (HeptadEventsStreamDoor *door);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadEventsStreamDoor, heptad_events_stream_door_free)

/**
 * heptad_events_stream_door_serve:
 * @data: the #HeptadEventsStreamDoor
 *
 * Answers with a stream, or says why not; for #HeptadRestPage.serve.
 */
void heptad_events_stream_door_serve (HeptadHttpExchange *exchange,
                                      HeptadPrincipal *principal,
                                      gpointer data);

/* Ends every stream and begins none any more. Any thread. */
void heptad_events_stream_door_drain (HeptadEventsStreamDoor *door);

/* Any thread. */
void heptad_events_stream_door_get_stats (HeptadEventsStreamDoor *door, HeptadAudienceStats *stats);

G_END_DECLS
