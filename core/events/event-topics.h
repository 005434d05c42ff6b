/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

/**
 * EventTopicCheck:
 * @data: what was given when the topic was declared
 * @value: an event's data
 * @error: what does not fit the topic's schema
 */
typedef gboolean (*EventTopicCheck) (gpointer data, const HeptadValue *value, GError **error);

/* Which plugin may publish what. Any thread. */
typedef struct _EventTopics EventTopics;

EventTopics *event_topics_new (void);
void event_topics_free (EventTopics *topics);

/* Declares a topic, or declares it anew. %HEPTAD_ERROR_PLUGIN_FAULT for a name that is none or is
 * another plugin's. */
gboolean event_topics_declare (EventTopics *topics,
                               const char *plugin_id,
                               const char *topic,
                               EventTopicCheck check,
                               gpointer data,
                               GDestroyNotify destroy,
                               GError **error);
void event_topics_forget (EventTopics *topics, const char *plugin_id);

/* Whether this plugin may publish this; %HEPTAD_ERROR_PLUGIN_FAULT says why not. */
gboolean event_topics_check (EventTopics *topics,
                             const char *plugin_id,
                             const char *topic,
                             const HeptadValue *value,
                             GError **error);

/* Whether @topic is one of @patterns: exact names, or `prefix.*`, or `*`. */
gboolean event_topics_match (const char *const *patterns, const char *topic);
