/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/websocket/websocket-door.h"
#include "core/doors/websocket/websocket-transport.h"

G_BEGIN_DECLS

/* Why a socket is closed, beside the codes of RFC 6455. Those of our own follow HTTP's. */
#define WEBSOCKET_CLOSE_BAD_MESSAGES    4400
#define WEBSOCKET_CLOSE_UNAUTHENTICATED 4401
#define WEBSOCKET_CLOSE_SLOW            4408
#define WEBSOCKET_CLOSE_TOO_FAST        4429

/**
 * WebsocketClient:
 *
 * One client. All but what says otherwise belongs to its connection's thread.
 */
typedef struct {
  HeptadListener listener; /* first */
  const HeptadWebsocketConfig *config;
  HeptadWebsocket *websocket; /* (nullable): while the socket is open */
  GHashTable *subscriptions;  /* id as JSON text → WebsocketSubscription */
  GHashTable *calls;          /* a set of GCancellable, of those in flight */
  HeptadRateCell rate;
  guint n_bad_messages;
  guint n_too_fast;
  gint64 seen_us; /* when something last came */
} WebsocketClient;

/* (transfer full) (nullable): a client that has joined the audience */
WebsocketClient *websocket_client_new (const HeptadWebsocketConfig *config,
                                       HeptadAudience *audience,
                                       HeptadHttpExchange *exchange,
                                       HeptadPrincipal *principal,
                                       GError **error);

/* For heptad_websocket_accept(). */
void websocket_client_open (HeptadWebsocket *websocket, gpointer client);
void websocket_client_release (gpointer client);

/* Sends a message of the protocol; nothing once the socket is closing. */
void websocket_client_send (WebsocketClient *client, GBytes *message);

/* Tells the client why and how to go on, and begins to close. */
void websocket_client_close (WebsocketClient *client, gushort code, const char *reason);

/* Subscriptions: websocket-subscription.c */

void websocket_client_subscribe (WebsocketClient *client, const HeptadValue *message);
void websocket_client_unsubscribe (WebsocketClient *client, const HeptadValue *message);
void websocket_client_resume_subscriptions (WebsocketClient *client);
void websocket_client_check_subscriptions (WebsocketClient *client);

/* Adds how far each subscription has come. */
void websocket_client_add_cursors (WebsocketClient *client, HeptadBuilder *builder);
void websocket_subscription_free (gpointer subscription);

/* Calls: websocket-call.c */

void websocket_client_call (WebsocketClient *client, const HeptadValue *message);
void websocket_client_cancel_calls (WebsocketClient *client);

G_END_DECLS
