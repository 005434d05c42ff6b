/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/events-stream/events-stream-door.h"
#include "core/doors/rest/rest-fixture.h"
#include "core/doors/websocket/websocket-door.h"
#include "core/store/store-fixture.h"

/* For tests: `/ws` and `/events` on a real socket, over a real store and event log; and clients
 * that read only when they are told to. Plugin `cost` publishes for tenant `default`. */
typedef struct {
  HeptadRestFixture *rest;
  StoreFixture *stores;
  HeptadStore *store;
  HeptadEventHub *hub;
  HeptadWebsocketDoor *websocket;
  HeptadEventsStreamDoor *stream;
  guint16 port;
} ListeningFixture;

/* @limits (nullable) */
ListeningFixture *listening_fixture_new (const HeptadAudienceLimits *limits);
void listening_fixture_free (ListeningFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListeningFixture, listening_fixture_free)

/* Publishes cost.item.added with data `{"n": NUMBER, "padding": …}`, one write each. */
void listening_fixture_publish (ListeningFixture *fixture, guint from, guint to, gsize padding);

/* Ends a key's life. */
void listening_fixture_revoke (ListeningFixture *fixture, const char *key);

/* A connection; a small @receive_buffer (0: the system's) soon makes it a slow one. */
int listening_fixture_dial (ListeningFixture *fixture, int receive_buffer);

/* Sends a GET with a bearer key (nullable) and more headers ("" or lines). */
void listening_send_get (int fd, const char *target, const char *key, const char *headers);

/* (transfer full): what comes, up to and with @end; fails the test after 10 seconds. At the end of
 * the stream what there was. */
char *listening_read_until (int fd, const char *end);

/* Connects to /ws; the answer must be 101. */
int listening_fixture_open_websocket (ListeningFixture *fixture, const char *key, int buffer);
void listening_send_text (int fd, const char *text);
void listening_send_frame (int fd, guint8 opcode, const void *data, gsize length);

/* (transfer full): the next message, parsed; %NULL when the socket is closed, with its code. */
HeptadValue *listening_receive (int fd, guint *close_code);

/* As that, and asserts its type. */
HeptadValue *listening_expect (int fd, const char *type);

/* Reads to the end, expecting that the socket is closed with @code. */
void listening_expect_close (int fd, guint code);

/* The number of an `event` message. */
gint64 listening_get_number (const HeptadValue *message);
