/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-hub.h"
#include "sdk/backend/heptad-events-backend.h"

/* What stands behind a plugin's HeptadEvents in the host process. */
typedef struct {
  HeptadStore *store;
  HeptadEventSubscription *subscription;
} SignalSource;

typedef struct {
  const char *topic;
  const char *key;
  const HeptadValue *value;
} Publication;

static gboolean
write_publication (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Publication *publication = data;

  return heptad_transaction_publish (transaction, publication->topic, publication->key,
                                     publication->value, error);
}

static gboolean
publish (gpointer data,
         const char *topic,
         const char *key,
         const HeptadValue *value,
         GCancellable *cancellable,
         GError **error)
{
  SignalSource *source = data;
  Publication publication = { topic, key, value };

  return heptad_store_write (source->store, write_publication, &publication, cancellable, error);
}

static gboolean
cancel_on_main (gpointer data)
{
  heptad_event_subscription_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
source_free (gpointer data)
{
  SignalSource *source = data;

  if (source->subscription != NULL)
    g_main_context_invoke (NULL, cancel_on_main, source->subscription);
  g_clear_object (&source->store);
  g_free (source);
}

static const HeptadEventsBackend backend = {
  .publish = publish,
  .free = source_free,
};

static gboolean
on_event (HeptadEvent *event, gpointer data)
{
  g_autoptr (HeptadEvents) events = g_weak_ref_get (data);

  if (events != NULL && event != NULL)
    heptad_events_emit (events, event);
  return TRUE;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

HeptadEvents *
heptad_event_hub_get_events (HeptadEventHub *hub,
                             const char *tenant_id,
                             const char *plugin_id,
                             HeptadStore *store,
                             const char *const *subscribes,
                             GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *own = g_strconcat (plugin_id, ".*", NULL);
  SignalSource *source = g_new0 (SignalSource, 1);
  GWeakRef *target = g_new0 (GWeakRef, 1);

  g_strv_builder_add (builder, own);
  if (subscribes != NULL)
    g_strv_builder_addv (builder, (const char **) subscribes);
  g_auto (GStrv) topics = g_strv_builder_end (builder);
  source->store = g_object_ref (store);
  g_autoptr (HeptadEvents) events = heptad_events_new (&backend, source);
  g_weak_ref_init (target, events);
  source->subscription =
      heptad_event_hub_subscribe (hub, tenant_id, (const char *const *) topics, NULL, NULL,
                                  on_event, target, weak_ref_free, error);
  if (source->subscription != NULL)
    return g_steal_pointer (&events);
  weak_ref_free (target);
  return NULL;
}
