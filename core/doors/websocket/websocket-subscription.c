/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/event-text.h"
#include "core/doors/events-stream/topic-access.h"
#include "core/doors/websocket/websocket-client.h"
#include "core/doors/websocket/websocket-message.h"

typedef struct {
  WebsocketClient *client;
  HeptadValue *id;
  char *key; /* the id as JSON text */
  char **topics;
  char *cursor; /* of the last event that was sent, or where it began */
  HeptadEventSubscription *events;
} WebsocketSubscription;

void
websocket_subscription_free (gpointer data)
{
  WebsocketSubscription *self = data;

  g_clear_pointer (&self->events, heptad_event_subscription_cancel);
  g_clear_pointer (&self->id, heptad_value_unref);
  g_strfreev (self->topics);
  g_free (self->cursor);
  g_free (self->key);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebsocketSubscription, websocket_subscription_free)

static void
send_error (WebsocketClient *client, const HeptadValue *id, const GError *error)
{
  g_autoptr (GBytes) message = websocket_message_new_error (id, error);

  websocket_client_send (client, message);
}

/* Tells the client why a subscription ends, and ends it. */
static void
drop (WebsocketSubscription *self, const GError *error)
{
  WebsocketClient *client = self->client;

  send_error (client, self->id, error);
  g_hash_table_remove (client->subscriptions, self->key);
}

static void
send_event (WebsocketSubscription *self, HeptadEvent *event)
{
  HeptadPrincipal *principal = self->client->listener.principal;
  g_autoptr (GBytes) text = heptad_event_print (event, heptad_principal_get_tenant_id (principal));
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  GString *message = g_string_sized_new (length + 128);
  g_autoptr (GBytes) bytes = NULL;

  g_free (self->cursor);
  self->cursor = g_strdup (heptad_event_get_cursor (event));
  g_string_append_printf (message,
                          "{\"type\":\"event\",\"id\":%s,\"cursor\":\"%s\",\"event\":", self->key,
                          self->cursor);
  g_string_append_len (message, data, (gssize) length);
  g_string_append_c (message, '}');
  bytes = g_string_free_to_bytes (message);
  websocket_client_send (self->client, bytes);
  heptad_audience_count_event (self->client->listener.audience);
}

static gboolean
on_event (HeptadEvent *event, gpointer data)
{
  WebsocketSubscription *self = data;
  g_autoptr (GError) error = NULL;

  if (event == NULL)
    {
      error = g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_EXPIRED,
                                   "The next events of this subscription are no longer kept; read "
                                   "the present state and subscribe from now");
      drop (self, error);
      return FALSE;
    }
  send_event (self, event);
  return heptad_listener_has_room (&self->client->listener);
}

static gboolean
read_topics (WebsocketSubscription *self, const HeptadValue *message, GError **error)
{
  const HeptadValue *topics = heptad_value_get_member (message, "topics");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n_topics = MIN (heptad_value_get_size (topics), HEPTAD_TOPICS_MAX + 1);

  for (guint i = 0; i < n_topics; i++)
    {
      const char *topic = heptad_value_get_string (heptad_value_get_item (topics, i));

      g_strv_builder_add (builder, topic != NULL ? topic : "");
    }
  self->topics = g_strv_builder_end (builder);
  return heptad_topics_check ((const char *const *) self->topics, error)
         && heptad_topics_check_access ((const char *const *) self->topics,
                                        self->client->listener.principal, error);
}

static gboolean
check_room (WebsocketClient *client, const char *key, GError **error)
{
  if (g_hash_table_contains (client->subscriptions, key))
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                 "There is a subscription %s already; give this one another id", key);
  else if (g_hash_table_size (client->subscriptions) >= client->config->max_subscriptions)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_RATE_LIMITED,
                 "A connection has at most %u subscriptions; one may name several topics",
                 client->config->max_subscriptions);
  else
    return TRUE;
  return FALSE;
}

/* Where to begin is settled before the client is told, so that nothing is between. */
static gboolean
begin (WebsocketSubscription *self, const HeptadValue *message, GError **error)
{
  const HeptadValue *cursor = heptad_value_get_member (message, "cursor");
  WebsocketClient *client = self->client;
  const char *tenant_id = heptad_principal_get_tenant_id (client->listener.principal);

  if (!check_room (client, self->key, error) || !read_topics (self, message, error))
    return FALSE;
  if (cursor == NULL || heptad_value_get_value_type (cursor) == HEPTAD_VALUE_NULL)
    self->cursor = heptad_event_hub_get_cursor (client->config->events, tenant_id, error);
  else
    self->cursor =
        g_strdup (heptad_value_get_string (cursor) != NULL ? heptad_value_get_string (cursor) : "");
  if (self->cursor != NULL)
    self->events = heptad_event_hub_subscribe (
        client->config->events, tenant_id, (const char *const *) self->topics, self->cursor,
        g_main_context_get_thread_default (), on_event, self, NULL, error);
  return self->events != NULL;
}

void
websocket_client_subscribe (WebsocketClient *client, const HeptadValue *message)
{
  g_autoptr (WebsocketSubscription) self = g_new0 (WebsocketSubscription, 1);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  HeptadBuilder *builder;

  self->client = client;
  self->id = heptad_value_ref (heptad_value_get_member (message, "id"));
  self->key = heptad_value_print (self->id);
  if (!begin (self, message, &error))
    {
      send_error (client, self->id, error);
      return;
    }
  builder = websocket_message_begin ("subscribed", self->id);
  heptad_builder_set_string (builder, "cursor", self->cursor);
  answer = websocket_message_end (builder);
  websocket_client_send (client, answer);
  g_hash_table_insert (client->subscriptions, self->key, self);
  g_steal_pointer (&self);
}

void
websocket_client_unsubscribe (WebsocketClient *client, const HeptadValue *message)
{
  const HeptadValue *id = heptad_value_get_member (message, "id");
  g_autofree char *key = heptad_value_print (id);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (g_hash_table_remove (client->subscriptions, key))
    {
      answer = websocket_message_new ("ack", id);
      websocket_client_send (client, answer);
      return;
    }
  error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                       "There is no subscription %s on this connection", key);
  send_error (client, id, error);
}

void
websocket_client_resume_subscriptions (WebsocketClient *client)
{
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, client->subscriptions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    heptad_event_subscription_resume (((WebsocketSubscription *) value)->events);
}

void
websocket_client_check_subscriptions (WebsocketClient *client)
{
  g_autoptr (GList) subscriptions = g_hash_table_get_values (client->subscriptions);

  for (GList *link = subscriptions; link != NULL; link = link->next)
    {
      WebsocketSubscription *self = link->data;
      g_autoptr (GError) error = NULL;

      if (!heptad_topics_check_access ((const char *const *) self->topics,
                                       client->listener.principal, &error))
        drop (self, error);
    }
}

void
websocket_client_add_cursors (WebsocketClient *client, HeptadBuilder *builder)
{
  GHashTableIter iter;
  gpointer value = NULL;

  heptad_builder_set_array (builder, "subscriptions");
  g_hash_table_iter_init (&iter, client->subscriptions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      WebsocketSubscription *self = value;

      heptad_builder_add_object (builder);
      heptad_builder_set_value (builder, "id", self->id);
      heptad_builder_set_string (builder, "cursor", self->cursor);
      heptad_builder_close (builder);
    }
  heptad_builder_close (builder);
}
