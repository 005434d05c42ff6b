/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-server.h"

G_BEGIN_DECLS

/* A door with a small handler behind it, and a client that sends exactly the bytes it is told. */

typedef struct {
  HeptadHttpServer *server;
  HeptadHttpConfig config;
  void (*handle) (HeptadHttpExchange *exchange,
                  gpointer data); /* (nullable): instead of all below */
  gpointer handle_data;
  GThreadPool *pool;
  guint16 port;
  GMutex lock; /* of all below */
  GCond changed;
  guint cancelled;  /* exchanges seen cancelled */
  guint handled;    /* calls of handle */
  guint finished;   /* pool work that has ended */
  guint64 uploaded; /* bytes read of the last upload */
  GError *failure;  /* of the last upload or stream */
  gboolean gate;    /* /gated and /slow-upload wait for it */
} HttpTest;

/**
 * http_test_start:
 *
 * Serves, on a port that is picked: `/hello`; `/nothing` (204); `/large` (4 MiB); `/text` (100,000
 * bytes with an ETag); `/echo` (a body of up to 1,000 bytes);
 * `/private` (401 from `judge`); `/later` (from a pool); `/gated` (when the gate opens);
 * `/upload`, `/slow-upload` (streamed, counted; the second reads when the gate opens); `/stream`
 * (64 MiB in pieces); `/abort` (a piece, then nothing more); `/drop` (never answered); `/inject` (a
 * header that must not be sent). @test's config may be changed beforehand.
 */
void http_test_init (HttpTest *test);
void http_test_start (HttpTest *test);
void http_test_stop (HttpTest *test);
void http_test_open_gate (HttpTest *test);

/* Waits up to 10 seconds until a counter reaches a number, and fails the test otherwise. */
void http_test_wait (HttpTest *test, const guint *counter, guint number);

int http_test_dial (HttpTest *test);
void http_test_send (int fd, const char *text);
gboolean http_test_send_bytes (int fd, const void *data, gsize length);

/**
 * http_test_receive:
 * @until: (nullable): stop once this has come; %NULL reads to the end of the stream
 *
 * Returns: (transfer full): what came; fails the test after 10 seconds
 */
char *http_test_receive (int fd, const char *until);

/* One request on a connection of its own; returns all that came until the server closed it. */
char *http_test_ask (HttpTest *test, const char *request);

/* Whether the server has closed its side: reads to the end, with a limit of 10 seconds. */
gboolean http_test_is_closed (int fd);

guint http_test_count (const char *text, const char *part);

G_END_DECLS
