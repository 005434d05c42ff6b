/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-exchange.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * HeptadWebsocket:
 *
 * A WebSocket on a connection of the HTTP door. libsoup speaks the protocol; this adds what it does
 * not tell: how much waits to be written. Reference counted. All functions belong to the
 * connection's thread, whose context is the thread-default one when @ready is called.
 */
typedef struct _HeptadWebsocket HeptadWebsocket;

typedef void (*HeptadWebsocketReady) (HeptadWebsocket *websocket, gpointer data);

/**
 * heptad_websocket_accept:
 * @exchange: one for which heptad_http_exchange_is_websocket() is true, in `handle` or after it,
 * not yet answered
 * @protocols: (nullable) (array zero-terminated=1): the sub-protocols spoken, best first
 * @max_message_bytes: the largest message taken; a larger one closes the socket
 * @ready: called once the socket is open; it then takes a reference if it is to stay
 * @data: (transfer full): given to @ready
 * @destroy: (nullable): frees @data when it is no longer needed
 *
 * Accepts an upgrade, without extensions. Whether the Origin may, is for the caller to judge
 * before. A handshake that is not valid is answered with 400.
 *
 * Returns: whether the upgrade was accepted
 */
gboolean heptad_websocket_accept (HeptadHttpExchange *exchange,
                                  const char *const *protocols,
                                  gsize max_message_bytes,
                                  HeptadWebsocketReady ready,
                                  gpointer data,
                                  GDestroyNotify destroy);

HeptadWebsocket *heptad_websocket_ref (HeptadWebsocket *websocket);
void heptad_websocket_unref (HeptadWebsocket *websocket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadWebsocket, heptad_websocket_unref)

/**
 * heptad_websocket_get_soup:
 *
 * Returns: (transfer none): libsoup's side, for its signals and for closing; send through
 *   heptad_websocket_send(), or the count is wrong
 */
SoupWebsocketConnection *heptad_websocket_get_soup (HeptadWebsocket *websocket);

/**
 * heptad_websocket_send:
 * @text: UTF-8 text
 *
 * Queues one text message; never blocks. Nothing is sent once the socket is closing.
 */
void heptad_websocket_send (HeptadWebsocket *websocket, GBytes *text);

/**
 * heptad_websocket_get_queued_bytes:
 *
 * Returns: bytes given and not yet taken by the socket; a slow client's grow
 */
gsize heptad_websocket_get_queued_bytes (HeptadWebsocket *websocket);

/**
 * heptad_websocket_cut:
 *
 * Closes the connection at once, without a closing handshake.
 */
void heptad_websocket_cut (HeptadWebsocket *websocket);

G_END_DECLS
