/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-events-backend.h"

struct _HeptadEvent {
  GObject parent_instance;
  char *id;
  char *topic;
  char *key;
  HeptadValue *data;
  char *cursor;
  gint64 time_us;
  gint64 position;
};

G_DEFINE_FINAL_TYPE (HeptadEvent, heptad_event, G_TYPE_OBJECT)

static void
heptad_event_finalize (GObject *object)
{
  HeptadEvent *self = HEPTAD_EVENT (object);

  g_free (self->id);
  g_free (self->topic);
  g_free (self->key);
  g_free (self->cursor);
  heptad_value_unref (self->data);
  G_OBJECT_CLASS (heptad_event_parent_class)->finalize (object);
}

static void
heptad_event_class_init (HeptadEventClass *class)
{
  G_OBJECT_CLASS (class)->finalize = heptad_event_finalize;
}

static void
heptad_event_init (HeptadEvent *self)
{
}

HeptadEvent *
heptad_event_new (const char *id,
                  const char *topic,
                  const char *key,
                  const HeptadValue *data,
                  gint64 time_us,
                  gint64 position,
                  const char *cursor)
{
  HeptadEvent *event = g_object_new (HEPTAD_TYPE_EVENT, NULL);

  event->id = g_strdup (id);
  event->topic = g_strdup (topic);
  event->key = g_strdup (key);
  event->data = heptad_value_ref (data);
  event->time_us = time_us;
  event->position = position;
  event->cursor = g_strdup (cursor);
  return event;
}

const char *
heptad_event_get_id (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), NULL);
  return event->id;
}

const char *
heptad_event_get_topic (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), NULL);
  return event->topic;
}

const char *
heptad_event_get_key (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), NULL);
  return event->key;
}

const HeptadValue *
heptad_event_get_data (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), NULL);
  return event->data;
}

gint64
heptad_event_get_time_us (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), 0);
  return event->time_us;
}

const char *
heptad_event_get_cursor (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), NULL);
  return event->cursor;
}

gint64
heptad_event_get_position (HeptadEvent *event)
{
  g_return_val_if_fail (HEPTAD_IS_EVENT (event), 0);
  return event->position;
}

struct _HeptadEvents {
  GObject parent_instance;
  const HeptadEventsBackend *backend;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (HeptadEvents, heptad_events, G_TYPE_OBJECT)

static guint event_signal;

static void
heptad_events_finalize (GObject *object)
{
  HeptadEvents *self = HEPTAD_EVENTS (object);

  self->backend->free (self->data);
  G_OBJECT_CLASS (heptad_events_parent_class)->finalize (object);
}

static void
heptad_events_class_init (HeptadEventsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = heptad_events_finalize;

  /**
   * HeptadEvents::event:
   * @events: the events of one tenant
   * @event: what happened
   *
   * An event was published. The detail is its topic.
   *
   * Since: 1.0
   */
  event_signal = g_signal_new ("event", HEPTAD_TYPE_EVENTS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, HEPTAD_TYPE_EVENT);
}

static void
heptad_events_init (HeptadEvents *self)
{
}

HeptadEvents *
heptad_events_new (const HeptadEventsBackend *backend, gpointer data)
{
  HeptadEvents *events = g_object_new (HEPTAD_TYPE_EVENTS, NULL);

  events->backend = backend;
  events->data = data;
  return events;
}

void
heptad_events_emit (HeptadEvents *events, HeptadEvent *event)
{
  /* A topic that nobody connected to has no quark and needs none. */
  g_signal_emit (events, event_signal, g_quark_try_string (event->topic), event);
}

gboolean
heptad_events_publish (HeptadEvents *events,
                       const char *topic,
                       const char *key,
                       const HeptadValue *data,
                       GCancellable *cancellable,
                       GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_EVENTS (events) && topic != NULL && data != NULL, FALSE);
  return events->backend->publish (events->data, topic, key, data, cancellable, error);
}
