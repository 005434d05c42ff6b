/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-log.h"

/**
 * HeptadEventSubscription:
 *
 * One reader of a tenant's log that lives in a main context. It pulls: a reader that is slow or
 * paused costs no memory, it is only further behind.
 */
typedef struct _HeptadEventSubscription HeptadEventSubscription;

/**
 * HeptadEventCallback:
 * @event: (nullable): the next event; %NULL once, and then nothing more, when the reader was so far
 *   behind that its events have expired
 *
 * In the subscription's context. Returns: %FALSE to pause until heptad_event_subscription_resume();
 * the event itself counts as delivered.
 */
typedef gboolean (*HeptadEventCallback) (HeptadEvent *event, gpointer data);

/**
 * heptad_event_subscription_resume:
 *
 * Goes on after a pause. In the subscription's context.
 */
void heptad_event_subscription_resume (HeptadEventSubscription *subscription);

/**
 * heptad_event_subscription_cancel:
 *
 * Ends and frees it; the callback is not called again. In the subscription's context, also from its
 * callback.
 */
void heptad_event_subscription_cancel (HeptadEventSubscription *subscription);

/**
 * EventWakeups:
 *
 * The subscriptions of all logs, by context: a batch of events wakes each context once.
 */
typedef struct _EventWakeups EventWakeups;

EventWakeups *event_wakeups_new (void);
void event_wakeups_unref (EventWakeups *wakeups);

HeptadEventSubscription *event_wakeups_subscribe (EventWakeups *wakeups,
                                                  EventLog *log,
                                                  const char *const *topics,
                                                  gint64 position,
                                                  GMainContext *context,
                                                  HeptadEventCallback callback,
                                                  gpointer data,
                                                  GDestroyNotify destroy);

/* Wakes those that wait for one of @events. Any thread. */
void event_wakeups_notify (EventWakeups *wakeups, EventLog *log, GPtrArray *events);
/* No subscription reads a log from here on, even one that is woken already; those who hold them
 * still cancel them. Their contexts run on this thread or have ended. */
void event_wakeups_close (EventWakeups *wakeups);
guint event_wakeups_count (EventWakeups *wakeups);
