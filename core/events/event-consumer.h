/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-log.h"
#include "sdk/heptad-plugin.h"

/**
 * HeptadEventSerial:
 * @try_enter: whether the plugin may be entered now; if so until @leave
 *
 * The slot of a serial plugin for one tenant. Any thread.
 */
typedef struct {
  gboolean (*try_enter) (gpointer data);
  void (*leave) (gpointer data);
  gpointer data;
} HeptadEventSerial;

/**
 * HeptadEventHandlerSpec:
 * @tenant: (nullable): handed to the handler
 * @plugin_id: whose handler
 * @store: the plugin's store for the tenant
 * @entry: topic and function; must outlive the handler
 * @plugin: handed to the handler
 * @serial: (nullable): for a serial plugin
 */
typedef struct {
  HeptadTenant *tenant;
  const char *plugin_id;
  HeptadStore *store;
  const HeptadEventEntry *entry;
  gpointer plugin;
  const HeptadEventSerial *serial;
} HeptadEventHandlerSpec;

/**
 * EventConsumer:
 *
 * One durable handler of one tenant. Each event runs in a write that also moves the consumer's
 * offset.
 */
typedef struct _EventConsumer EventConsumer;

EventConsumer *
event_consumer_new (EventLog *log, const HeptadEventHandlerSpec *spec, GError **error);
void event_consumer_free (EventConsumer *consumer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventConsumer, event_consumer_free)

EventLog *event_consumer_get_log (EventConsumer *consumer);
const char *event_consumer_get_topic (EventConsumer *consumer);
gboolean event_consumer_is (EventConsumer *consumer, const char *plugin_id, const char *topic);

/* The position up to which it has handled everything of its topic. Any thread. */
gint64 event_consumer_get_position (EventConsumer *consumer);

/**
 * event_consumer_run:
 *
 * Handles what there is. One thread at a time.
 *
 * Returns: 0 when it is up to date; otherwise how long to wait before the next try, in microseconds
 */
gint64 event_consumer_run (EventConsumer *consumer);

/* Handles a dead letter once more; it is removed when that succeeds. */
gboolean event_consumer_retry (EventConsumer *consumer, gint64 number, GError **error);

/* (transfer full): the dead letters in a plugin's store, newest first: number, consumer, topic,
 * key, data, eventId, time, failedAt, error */
HeptadValue *event_consumer_list_dead_letters (HeptadStore *store, guint limit, GError **error);
