/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-consumer.h"

/**
 * EventRunner:
 *
 * Runs all durable handlers on a few threads: each when there is something for it, one thread at a
 * time for each, again after a pause when it failed. Any thread.
 */
typedef struct _EventRunner EventRunner;

EventRunner *event_runner_new (void);
void event_runner_free (EventRunner *runner);

/* (transfer full) @consumer; it runs at once, for what came while it was away. */
void event_runner_add (EventRunner *runner, EventConsumer *consumer);

/* @tenant_id (nullable): of all tenants. Waits for those that run. */
void event_runner_remove (EventRunner *runner, const char *tenant_id, const char *plugin_id);
void event_runner_notify (EventRunner *runner, EventLog *log, GPtrArray *events);

/* The least position of the consumers of a log; G_MAXINT64 when it has none. */
gint64 event_runner_get_position (EventRunner *runner, EventLog *log);
gboolean event_runner_retry (EventRunner *runner,
                             const char *tenant_id,
                             const char *plugin_id,
                             const char *topic,
                             gint64 number,
                             GError **error);
