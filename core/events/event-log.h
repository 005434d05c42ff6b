/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/store-hub.h"
#include "sdk/heptad-events.h"

/**
 * EventLog:
 *
 * The durable, ordered events of one tenant, with the newest also in memory. Any thread.
 */
typedef struct _EventLog EventLog;

/* Called after events joined the log, with the newest ones; on the thread that appended them. */
typedef void (*EventLogFunc) (EventLog *log, GPtrArray *events, gpointer data);

EventLog *event_log_open (HeptadStoreHub *stores,
                          const char *tenant_id,
                          EventLogFunc appended,
                          gpointer data,
                          GError **error);
void event_log_free (EventLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventLog, event_log_free)

const char *event_log_get_tenant_id (EventLog *log);

/* The position of the newest event, and of the newest that is no longer kept. */
gint64 event_log_get_tail (EventLog *log);
gint64 event_log_get_expired (EventLog *log);

/**
 * event_log_read:
 * @after: a position
 * @topic: (nullable): only events of this topic
 * @limit: so many at most
 * @error: %HEPTAD_ERROR_EXPIRED when events after @after are no longer kept
 *
 * Returns: (transfer full): an array of #HeptadEvent, in order
 */
GPtrArray *
event_log_read (EventLog *log, gint64 after, const char *topic, guint limit, GError **error);

/**
 * event_log_relay:
 * @source: a plugin's id
 * @store: its store, whose outbox is taken over
 *
 * Copies the outbox into the log, each event exactly once however often it is tried, then empties
 * it. One thread at a time.
 *
 * Returns: %FALSE when the rest has to be tried again
 */
gboolean event_log_relay (EventLog *log, const char *source, HeptadStore *store, GError **error);

/**
 * event_log_trim:
 * @max_count: keep so many
 * @before_us: drop what is older
 * @keep_after: a position from which on nobody's events may go
 */
gboolean event_log_trim (
    EventLog *log, gint64 max_count, gint64 before_us, gint64 keep_after, GError **error);
