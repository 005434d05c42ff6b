/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/rest/rest-door.h"

G_BEGIN_DECLS

/**
 * HeptadAudience:
 *
 * Everybody who listens for events through one door, whatever carries them: counted by caller, told
 * to leave when the host stops, when their credential ends or when they do not keep up. Any thread
 * unless said.
 */
typedef struct _HeptadAudience HeptadAudience;

/**
 * HeptadAudienceLimits:
 * @max_per_principal: listeners of one caller at once
 * @max_queued_bytes: when so much waits for a listener its subscriptions pause
 * @slow_ms: how long it may stay above half of that
 */
typedef struct {
  guint max_per_principal;
  gsize max_queued_bytes;
  guint slow_ms;
} HeptadAudienceLimits;

#define HEPTAD_AUDIENCE_LIMITS                                                                     \
  ((HeptadAudienceLimits){                                                                         \
      .max_per_principal = 256, .max_queued_bytes = 256 * 1024, .slow_ms = 10000 })

/**
 * HeptadAudienceStats:
 * @open: listeners now; all others are sums since start
 */
typedef struct {
  guint64 open;
  guint64 total;
  guint64 refused;
  guint64 events;
  guint64 slow;
  guint64 revoked;
} HeptadAudienceStats;

HeptadAudience *heptad_audience_new (HeptadRestDoor *rest, const HeptadAudienceLimits *limits);

/* When no listener is left, which the end of the HTTP server sees to. */
void heptad_audience_free (HeptadAudience *audience);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadAudience, heptad_audience_free)

HeptadRestDoor *heptad_audience_get_rest (HeptadAudience *audience);
void heptad_audience_get_stats (HeptadAudience *audience, HeptadAudienceStats *stats);

/* Counts an event that was sent. */
void heptad_audience_count_event (HeptadAudience *audience);

/* Asks every listener to leave, and lets none in any more. */
void heptad_audience_drain (HeptadAudience *audience);

typedef struct _HeptadListener HeptadListener;

typedef enum {
  HEPTAD_LEAVE_DRAINING,
  HEPTAD_LEAVE_REVOKED,
  HEPTAD_LEAVE_SLOW,
} HeptadLeaveReason;

/* Returns: (transfer none): a sentence for the client */
const char *heptad_leave_reason_explain (HeptadLeaveReason reason);

/**
 * HeptadListenerClass:
 * @get_queued_bytes: what was sent and not yet taken by the socket
 * @resume: goes on after a pause
 * @change: the caller's permissions may have changed: looks at all subscriptions again
 * @tick: about once a second
 * @leave: says why, and begins to close
 * @cut: ends the connection at once
 * @free: frees the whole listener; any thread
 *
 * What carries a listener. All but @free on the listener's thread.
 */
typedef struct {
  gsize (*get_queued_bytes) (HeptadListener *listener);
  void (*resume) (HeptadListener *listener);
  void (*change) (HeptadListener *listener);
  void (*tick) (HeptadListener *listener, gint64 now_us);
  void (*leave) (HeptadListener *listener, HeptadLeaveReason reason);
  void (*cut) (HeptadListener *listener);
  void (*free) (HeptadListener *listener);
} HeptadListenerClass;

/**
 * HeptadListener:
 *
 * One client that listens; the first member of a door's own struct. Atomically reference counted;
 * its fields belong to its connection's thread.
 */
struct _HeptadListener {
  const HeptadListenerClass *class;
  HeptadAudience *audience;
  HeptadPrincipal *principal;
  gboolean has_ended;

  /*< private >*/
  gatomicrefcount references;
  HeptadHttpExchange *exchange; /* (nullable): holds the credential */
  char *principal_id;
  GSource *ticker;
  GSource *watcher;     /* (nullable): while it is slow */
  gint64 slow_since_us; /* 0: it keeps up */
  gint64 left_us;       /* when it was asked to leave; 0: it was not */
  GMutex lock;          /* of context */
  GMainContext *context;
};

/**
 * heptad_listener_join:
 * @listener: zeroed but for the door's own fields
 * @error: %HEPTAD_ERROR_RATE_LIMITED, %HEPTAD_ERROR_UNAVAILABLE, %HEPTAD_ERROR_DENIED for a page
 *   of another origin that acts with a session's cookie; nothing has then to be undone
 *
 * Makes it one of the audience, with one reference. On the connection's thread, as everything below
 * unless said.
 */
gboolean heptad_listener_join (HeptadListener *listener,
                               const HeptadListenerClass *class,
                               HeptadAudience *audience,
                               HeptadHttpExchange *exchange,
                               HeptadPrincipal *principal,
                               GError **error);

/* Its connection is over. Harmless the second time. */
void heptad_listener_end (HeptadListener *listener);

/* Any thread. */
HeptadListener *heptad_listener_ref (HeptadListener *listener);
void heptad_listener_unref (HeptadListener *listener);

/* (nullable): %NULL when it has ended */
HeptadHttpExchange *heptad_listener_get_exchange (HeptadListener *listener);
gboolean heptad_listener_is_leaving (HeptadListener *listener);

/* Asks it to leave; it is cut when it takes too long. */
void heptad_listener_leave (HeptadListener *listener, HeptadLeaveReason reason);

/* Notes that it was asked to leave for a reason of the door's own. */
void heptad_listener_note_left (HeptadListener *listener);

/**
 * heptad_listener_check_credential:
 *
 * Looks whether the caller's credential is still good, and asks it to leave otherwise.
 */
gboolean heptad_listener_check_credential (HeptadListener *listener);

/**
 * heptad_listener_has_room:
 *
 * Returns: %FALSE when too much waits for the client; its class's @resume is then called later
 */
gboolean heptad_listener_has_room (HeptadListener *listener);

/**
 * heptad_listener_post:
 * @destroy: frees @data, also when @function is not called because the listener has ended
 *
 * Runs a function on the listener's thread. Any thread.
 */
void heptad_listener_post (HeptadListener *listener,
                           GSourceFunc function,
                           gpointer data,
                           GDestroyNotify destroy);

G_END_DECLS
