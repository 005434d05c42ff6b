/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/websocket/websocket-client.h"

#include "core/doors/websocket/websocket-message.h"

#include <string.h>

enum {
  MAX_BAD_MESSAGES = 16,
  MAX_TOO_FAST = 100,
  MAX_REASON_BYTES = 123, /* RFC 6455, 5.5 */
  PING_SECONDS = 30,
  SILENCE_SECONDS = 90,
  HARD_FACTOR =
      4, /* so many times the budget may wait before a client that goes on asking is cut */
};

typedef struct {
  const char *type;
  gboolean needs_id;
  void (*handle) (WebsocketClient *client, const HeptadValue *message);
} MessageType;

static gsize
get_queued_bytes (HeptadListener *listener)
{
  WebsocketClient *self = (WebsocketClient *) listener;

  return self->websocket != NULL ? heptad_websocket_get_queued_bytes (self->websocket) : 0;
}

void
websocket_client_send (WebsocketClient *self, GBytes *message)
{
  if (self->websocket != NULL)
    heptad_websocket_send (self->websocket, message);
}

void
websocket_client_close (WebsocketClient *self, gushort code, const char *reason)
{
  g_autoptr (GBytes) message = NULL;
  g_autofree char *short_reason = g_strndup (reason, MAX_REASON_BYTES);
  HeptadBuilder *builder;

  heptad_listener_note_left (&self->listener);
  websocket_client_cancel_calls (self);
  if (self->websocket == NULL)
    return;
  builder = websocket_message_begin ("going-away", NULL);
  heptad_builder_set_int64 (builder, "code", code);
  heptad_builder_set_string (builder, "reason", reason);
  websocket_client_add_cursors (self, builder);
  message = websocket_message_end (builder);
  websocket_client_send (self, message);
  g_hash_table_remove_all (self->subscriptions);
  soup_websocket_connection_close (heptad_websocket_get_soup (self->websocket), code, short_reason);
}

/* ---- What a listener does ---- */

static void
resume (HeptadListener *listener)
{
  websocket_client_resume_subscriptions ((WebsocketClient *) listener);
}

static void
change (HeptadListener *listener)
{
  websocket_client_check_subscriptions ((WebsocketClient *) listener);
}

static void
tick (HeptadListener *listener, gint64 now_us)
{
  WebsocketClient *self = (WebsocketClient *) listener;

  if (self->websocket != NULL && now_us - self->seen_us > SILENCE_SECONDS * G_USEC_PER_SEC)
    heptad_websocket_cut (self->websocket);
}

static void
leave (HeptadListener *listener, HeptadLeaveReason reason)
{
  static const gushort codes[] = {
    [HEPTAD_LEAVE_DRAINING] = SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
    [HEPTAD_LEAVE_REVOKED] = WEBSOCKET_CLOSE_UNAUTHENTICATED,
    [HEPTAD_LEAVE_SLOW] = WEBSOCKET_CLOSE_SLOW,
  };

  websocket_client_close ((WebsocketClient *) listener, codes[reason],
                          heptad_leave_reason_explain (reason));
}

static void
cut (HeptadListener *listener)
{
  WebsocketClient *self = (WebsocketClient *) listener;

  if (self->websocket != NULL)
    heptad_websocket_cut (self->websocket);
}

static void
client_free (HeptadListener *listener)
{
  WebsocketClient *self = (WebsocketClient *) listener;

  g_hash_table_unref (self->subscriptions);
  g_hash_table_unref (self->calls);
  g_free (self);
}

static const HeptadListenerClass listener_class = {
  .get_queued_bytes = get_queued_bytes,
  .resume = resume,
  .change = change,
  .tick = tick,
  .leave = leave,
  .cut = cut,
  .free = client_free,
};

/* ---- Messages ---- */

static void
refuse (WebsocketClient *self, const HeptadValue *id, const GError *error, gint64 retry_after_us)
{
  HeptadProblem problem = { .code = heptad_error_code_of (error),
                            .detail = error->message,
                            .retry_after_us = retry_after_us };
  g_autoptr (GBytes) message = websocket_message_new_problem (id, &problem);

  websocket_client_send (self, message);
}

static void
refuse_bad (WebsocketClient *self, const HeptadValue *id, GError *error)
{
  g_autoptr (GError) owned = error;

  refuse (self, id, owned, 0);
  if (++self->n_bad_messages >= MAX_BAD_MESSAGES)
    websocket_client_close (self, WEBSOCKET_CLOSE_BAD_MESSAGES,
                            "Too many messages that are none of the protocol");
}

static gboolean
take_message (WebsocketClient *self)
{
  const HeptadRateLimit *limit = &self->config->message_rate;
  gint64 retry_after_us = 0;
  g_autoptr (GError) error = NULL;

  if (get_queued_bytes (&self->listener) > HARD_FACTOR * self->config->audience.max_queued_bytes)
    {
      heptad_listener_leave (&self->listener, HEPTAD_LEAVE_SLOW);
      return FALSE;
    }
  if (heptad_rate_cell_take (&self->rate, limit, g_get_monotonic_time (), &retry_after_us))
    return TRUE;
  error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_RATE_LIMITED,
                       "A connection may send %u messages a second", limit->per_second);
  refuse (self, NULL, error, retry_after_us);
  if (++self->n_too_fast >= MAX_TOO_FAST)
    websocket_client_close (self, WEBSOCKET_CLOSE_TOO_FAST,
                            "Messages came faster than allowed for too long");
  return FALSE;
}

static void
pong (WebsocketClient *self, const HeptadValue *message)
{
  const HeptadValue *id = heptad_value_get_member (message, "id");
  g_autoptr (GBytes) answer = websocket_message_new ("pong", id);

  websocket_client_send (self, answer);
}

static const MessageType message_types[] = {
  { "call", TRUE, websocket_client_call },
  { "ping", FALSE, pong },
  { "subscribe", TRUE, websocket_client_subscribe },
  { "unsubscribe", TRUE, websocket_client_unsubscribe },
};

static const MessageType *
find_type (const HeptadValue *message)
{
  const char *type = heptad_value_get_member_string (message, "type");

  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (message_types); i++)
    if (strcmp (message_types[i].type, type) == 0)
      return &message_types[i];
  return NULL;
}

static void
handle_message (WebsocketClient *self, const HeptadValue *message)
{
  const HeptadValue *id = heptad_value_get_member (message, "id");
  const MessageType *type = find_type (message);

  if (type == NULL)
    refuse_bad (self, websocket_message_is_id (id) ? id : NULL,
                g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                                     "A message is an object whose 'type' is call, ping, "
                                     "subscribe or unsubscribe"));
  else if ((type->needs_id || id != NULL) && !websocket_message_is_id (id))
    refuse_bad (self, NULL,
                g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                             "The 'id' of a message '%s' must be a string of 1 to 64 bytes or a "
                             "whole number",
                             type->type));
  else
    type->handle (self, message);
}

static void
on_message (SoupWebsocketConnection *soup,
            SoupWebsocketDataType data_type,
            GBytes *bytes,
            gpointer data)
{
  WebsocketClient *self = data;
  g_autoptr (HeptadValue) message = NULL;
  GError *error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  self->seen_us = g_get_monotonic_time ();
  if (heptad_listener_is_leaving (&self->listener) || !take_message (self)
      || !heptad_listener_check_credential (&self->listener))
    return;
  if (data_type != SOUP_WEBSOCKET_DATA_TEXT)
    {
      websocket_client_close (self, SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA,
                              "Messages are JSON text, not binary");
      return;
    }
  message = heptad_value_parse (text, (gssize) length, &error);
  if (message == NULL)
    refuse_bad (self, NULL, error);
  else
    handle_message (self, message);
}

/* ---- Life ---- */

static void
on_pong (SoupWebsocketConnection *soup, GBytes *bytes, gpointer data)
{
  ((WebsocketClient *) data)->seen_us = g_get_monotonic_time ();
}

static void
shut (WebsocketClient *self)
{
  g_autoptr (HeptadWebsocket) websocket = g_steal_pointer (&self->websocket);

  websocket_client_cancel_calls (self);
  g_hash_table_remove_all (self->subscriptions);
  heptad_listener_end (&self->listener);
  if (websocket != NULL)
    g_signal_handlers_disconnect_by_data (heptad_websocket_get_soup (websocket), self);
}

static void
on_closed (SoupWebsocketConnection *soup, gpointer data)
{
  shut (data);
}

void
websocket_client_open (HeptadWebsocket *websocket, gpointer data)
{
  WebsocketClient *self = data;
  SoupWebsocketConnection *soup = heptad_websocket_get_soup (websocket);

  self->websocket = heptad_websocket_ref (websocket);
  self->seen_us = g_get_monotonic_time ();
  soup_websocket_connection_set_keepalive_interval (soup, PING_SECONDS);
  g_signal_connect (soup, "message", G_CALLBACK (on_message), self);
  g_signal_connect (soup, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (soup, "closed", G_CALLBACK (on_closed), self);
  if (heptad_listener_is_leaving (&self->listener))
    leave (&self->listener, HEPTAD_LEAVE_DRAINING);
}

void
websocket_client_release (gpointer data)
{
  WebsocketClient *self = data;

  shut (self);
  heptad_listener_unref (&self->listener);
}

WebsocketClient *
websocket_client_new (const HeptadWebsocketConfig *config,
                      HeptadAudience *audience,
                      HeptadHttpExchange *exchange,
                      HeptadPrincipal *principal,
                      GError **error)
{
  WebsocketClient *self = g_new0 (WebsocketClient, 1);

  self->config = config;
  self->subscriptions =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, websocket_subscription_free);
  self->calls = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  if (heptad_listener_join (&self->listener, &listener_class, audience, exchange, principal, error))
    return self;
  client_free (&self->listener);
  return NULL;
}
