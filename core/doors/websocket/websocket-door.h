/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/events-stream/audience.h"
#include "core/events/event-hub.h"

G_BEGIN_DECLS

/**
 * HeptadWebsocketDoor:
 *
 * Calls and subscriptions over one socket; the protocol is docs/api/websocket.md.
 */
typedef struct _HeptadWebsocketDoor HeptadWebsocketDoor;

/**
 * HeptadWebsocketConfig:
 * @rest: whose callers, operations and allowed origins these are
 * @events: what can be subscribed to
 * @audience: limits of listeners
 * @max_message_bytes: of a client's message
 * @max_result_bytes: of an operation's answer; a larger one is for the REST door
 * @max_subscriptions: of one connection
 * @max_calls: of one connection, at once
 * @message_rate: messages a second of one connection
 *
 * Start from heptad_websocket_config_init().
 */
typedef struct {
  HeptadRestDoor *rest;
  HeptadEventHub *events;
  HeptadAudienceLimits audience;
  gsize max_message_bytes;
  gsize max_result_bytes;
  guint max_subscriptions;
  guint max_calls;
  HeptadRateLimit message_rate;
} HeptadWebsocketConfig;

void heptad_websocket_config_init (HeptadWebsocketConfig *config);

HeptadWebsocketDoor *heptad_websocket_door_new (const HeptadWebsocketConfig *config);

/* After the HTTP server, which ends all sockets, and before the event hub. */
void heptad_websocket_door_free (HeptadWebsocketDoor *door);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadWebsocketDoor, heptad_websocket_door_free)

/**
 * heptad_websocket_door_serve:
 * @data: the #HeptadWebsocketDoor
 *
 * Upgrades a request, or says why not; for #HeptadRestPage.serve.
 */
void heptad_websocket_door_serve (HeptadHttpExchange *exchange,
                                  HeptadPrincipal *principal,
                                  gpointer data);

/* Closes every socket with 1001 and accepts none any more. Any thread. */
void heptad_websocket_door_drain (HeptadWebsocketDoor *door);

/* Any thread. */
void heptad_websocket_door_get_stats (HeptadWebsocketDoor *door, HeptadAudienceStats *stats);

G_END_DECLS
