/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-consumer.h"
#include "core/events/event-subscription.h"
#include "core/events/event-topics.h"

/**
 * HeptadEventHub:
 *
 * The events of all tenants: relays what committed in the stores into each tenant's log, wakes
 * subscriptions, runs durable handlers. Any thread unless said otherwise.
 */
typedef struct _HeptadEventHub HeptadEventHub;

/* Makes the hub, which from now on hears of all that commits in @stores; before the first store is
 * opened.
 * @stores outlives the hub. */
HeptadEventHub *heptad_event_hub_new (HeptadStoreHub *stores);

/* Stops the relay and the handlers. Subscriptions are cancelled before. */
void heptad_event_hub_free (HeptadEventHub *hub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadEventHub, heptad_event_hub_free)

/**
 * heptad_event_hub_declare_topic:
 * @check: (nullable): whether an event's data fits the topic's schema; any thread
 * @destroy: (nullable): frees @data
 *
 * Lets a plugin publish @topic. Topics of the host's own belong to the plugin id `host`.
 */
gboolean heptad_event_hub_declare_topic (HeptadEventHub *hub,
                                         const char *plugin_id,
                                         const char *topic,
                                         EventTopicCheck check,
                                         gpointer data,
                                         GDestroyNotify destroy,
                                         GError **error);
void heptad_event_hub_forget_topics (HeptadEventHub *hub, const char *plugin_id);

/**
 * heptad_event_hub_subscribe:
 * @topics: (array zero-terminated=1): exact names, `prefix.*` or `*`
 * @cursor: (nullable): go on after this one; %NULL for what is published from now on
 * @context: (nullable): where @callback runs
 * @error: %HEPTAD_ERROR_EXPIRED, %HEPTAD_ERROR_INVALID_INPUT for a cursor that is none
 *
 * Reads a tenant's events in order, without gap or repetition: first those in the log, then live
 * ones.
 *
 * Returns: (transfer full): ended by heptad_event_subscription_cancel()
 */
HeptadEventSubscription *heptad_event_hub_subscribe (HeptadEventHub *hub,
                                                     const char *tenant_id,
                                                     const char *const *topics,
                                                     const char *cursor,
                                                     GMainContext *context,
                                                     HeptadEventCallback callback,
                                                     gpointer data,
                                                     GDestroyNotify destroy,
                                                     GError **error);

/**
 * heptad_event_hub_get_cursor:
 *
 * Returns: (transfer full): the cursor of the newest event, to subscribe from now on later
 */
char *heptad_event_hub_get_cursor (HeptadEventHub *hub, const char *tenant_id, GError **error);

/* Starts a durable handler; it begins with what is published from its first start on. */
gboolean heptad_event_hub_add_handler (HeptadEventHub *hub,
                                       const char *tenant_id,
                                       const HeptadEventHandlerSpec *spec,
                                       GError **error);

/* Stops a plugin's handlers for one tenant (or all: NULL) and waits for one that runs. */
void heptad_event_hub_remove_handlers (HeptadEventHub *hub,
                                       const char *tenant_id,
                                       const char *plugin_id);

/* Runs a dead letter's handler once more; the numbers are those of
 * event_consumer_list_dead_letters(). */
gboolean heptad_event_hub_retry_dead_letter (HeptadEventHub *hub,
                                             const char *tenant_id,
                                             const char *plugin_id,
                                             const char *topic,
                                             gint64 number,
                                             GError **error);

/**
 * heptad_event_hub_get_events:
 * @subscribes: (nullable): topics of other plugins that plugin.yaml lists; its own come anyway
 *
 * Returns: (transfer full): the events of a tenant as one plugin sees them; signals on
 * @main_context's thread
 */
HeptadEvents *heptad_event_hub_get_events (HeptadEventHub *hub,
                                           const char *tenant_id,
                                           const char *plugin_id,
                                           HeptadStore *store,
                                           const char *const *subscribes,
                                           GError **error);

/* How long events are kept; the defaults are 7 days and a million a tenant. Events that a durable
 * handler has not yet handled stay. */
void heptad_event_hub_set_retention (HeptadEventHub *hub, gint64 max_age_us, gint64 max_count);

/* Drops what is too old now, of every open log; otherwise done once a minute. */
void heptad_event_hub_trim (HeptadEventHub *hub);
