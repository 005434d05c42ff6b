/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-topics.h"

#include <string.h>

#include "sdk/heptad-error.h"

struct _EventTopics {
  GMutex mutex;
  GHashTable *topics; /* name → Topic */
};

typedef struct {
  gatomicrefcount references;
  char *plugin_id;
  EventTopicCheck check;
  gpointer data;
  GDestroyNotify destroy;
} Topic;

static void
topic_unref (gpointer data)
{
  Topic *topic = data;

  if (!g_atomic_ref_count_dec (&topic->references))
    return;
  if (topic->destroy != NULL)
    topic->destroy (topic->data);
  g_free (topic->plugin_id);
  g_free (topic);
}

EventTopics *
event_topics_new (void)
{
  EventTopics *topics = g_new0 (EventTopics, 1);

  g_mutex_init (&topics->mutex);
  topics->topics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, topic_unref);
  return topics;
}

void
event_topics_free (EventTopics *topics)
{
  g_hash_table_unref (topics->topics);
  g_mutex_clear (&topics->mutex);
  g_free (topics);
}

static gboolean
is_topic_name (const char *topic)
{
  return strlen (topic) <= 200 && g_ascii_islower (topic[0]) && strchr (topic, '.') != NULL
         && topic[strspn (topic, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0';
}

gboolean
event_topics_declare (EventTopics *topics,
                      const char *plugin_id,
                      const char *name,
                      EventTopicCheck check,
                      gpointer data,
                      GDestroyNotify destroy,
                      GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&topics->mutex);
  const Topic *present = g_hash_table_lookup (topics->topics, name);

  if (!is_topic_name (name) || (present != NULL && strcmp (present->plugin_id, plugin_id) != 0))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "The topic '%.80s' cannot be declared by %s: %s", name, plugin_id,
                   present != NULL ? "another plugin declares it"
                                   : "topics are named like cost.bill.ingested");
      return FALSE;
    }
  Topic *topic = g_new0 (Topic, 1);
  g_atomic_ref_count_init (&topic->references);
  topic->plugin_id = g_strdup (plugin_id);
  topic->check = check;
  topic->data = data;
  topic->destroy = destroy;
  g_hash_table_insert (topics->topics, g_strdup (name), topic);
  return TRUE;
}

static gboolean
is_of_plugin (gpointer name, gpointer topic, gpointer plugin_id)
{
  return strcmp (((Topic *) topic)->plugin_id, plugin_id) == 0;
}

void
event_topics_forget (EventTopics *topics, const char *plugin_id)
{
  g_mutex_lock (&topics->mutex);
  g_hash_table_foreach_remove (topics->topics, is_of_plugin, (gpointer) plugin_id);
  g_mutex_unlock (&topics->mutex);
}

static Topic *
look_up (EventTopics *topics, const char *name)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&topics->mutex);
  Topic *topic = g_hash_table_lookup (topics->topics, name);

  if (topic != NULL)
    g_atomic_ref_count_inc (&topic->references);
  return topic;
}

gboolean
event_topics_check (EventTopics *topics,
                    const char *plugin_id,
                    const char *name,
                    const HeptadValue *value,
                    GError **error)
{
  Topic *topic = look_up (topics, name);
  gboolean is_declared = topic != NULL && strcmp (topic->plugin_id, plugin_id) == 0;
  g_autoptr (GError) failure = NULL;
  gboolean is_ok =
      is_declared && (topic->check == NULL || topic->check (topic->data, value, &failure));

  if (!is_declared)
    g_set_error (
        error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
        "The plugin %s published '%.80s', which it does not declare; list it under events in "
        "plugin.yaml",
        plugin_id, name);
  else if (!is_ok)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                 "The data of an event '%s' does not fit its schema: %s", name,
                 failure != NULL ? failure->message : "refused");
  if (topic != NULL)
    topic_unref (topic);
  return is_ok;
}

static gboolean
matches (const char *pattern, const char *topic)
{
  gsize length = strlen (pattern);

  if (strcmp (pattern, "*") == 0)
    return TRUE;
  if (length > 2 && strcmp (pattern + length - 2, ".*") == 0)
    return strncmp (pattern, topic, length - 1) == 0;
  return strcmp (pattern, topic) == 0;
}

gboolean
event_topics_match (const char *const *patterns, const char *topic)
{
  for (; *patterns != NULL; patterns++)
    if (matches (*patterns, topic))
      return TRUE;
  return FALSE;
}
