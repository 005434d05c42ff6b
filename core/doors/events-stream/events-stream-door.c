/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/events-stream-door.h"

#include "core/doors/events-stream/event-text.h"
#include "core/doors/events-stream/stream-query.h"
#include "core/doors/events-stream/topic-access.h"

#include <string.h>

#define RETRY_MS 2000

struct _HeptadEventsStreamDoor {
  HeptadEventsStreamConfig config;
  HeptadAudience *audience;
};

/* One stream. All of it belongs to its connection's thread. */
typedef struct {
  HeptadListener listener; /* first */
  HeptadEventsStreamDoor *door;
  HeptadStreamQuery query;
  HeptadEventSubscription *events; /* (nullable): while it goes on */
  gint64 sent_us;
} StreamClient;

static void
shut (StreamClient *self)
{
  gboolean was_open = !self->listener.has_ended;

  g_clear_pointer (&self->events, heptad_event_subscription_cancel);
  heptad_listener_end (&self->listener);
  if (was_open)
    heptad_listener_unref (&self->listener);
}

static void
send_text (StreamClient *self, GString *text)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (text);

  self->sent_us = g_get_monotonic_time ();
  heptad_http_exchange_send (heptad_listener_get_exchange (&self->listener), bytes);
}

/* Says why in an event of its own name, and ends the stream. The client is gone afterwards. */
static void
finish (StreamClient *self, HeptadError code, const char *reason)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) value = NULL;
  GString *text = g_string_new ("event: going-away\ndata: ");

  heptad_builder_set_string (builder, "code", heptad_error_get_info (code)->name);
  heptad_builder_set_string (builder, "reason", reason);
  value = heptad_builder_end (builder);
  heptad_value_print_to (value, text);
  g_string_append (text, "\n\n");
  send_text (self, text);
  heptad_http_exchange_end (heptad_listener_get_exchange (&self->listener));
  shut (self);
}

static gboolean
on_event (HeptadEvent *event, gpointer data)
{
  StreamClient *self = data;
  HeptadPrincipal *principal = self->listener.principal;
  g_autoptr (GBytes) json = NULL;
  const char *data_text;
  GString *text;
  gsize length;

  if (event == NULL)
    {
      finish (self, HEPTAD_ERROR_EXPIRED,
              "The next events are no longer kept; read the present state and listen from now");
      return FALSE;
    }
  json = heptad_event_print (event, heptad_principal_get_tenant_id (principal));
  text = g_string_sized_new (g_bytes_get_size (json) + 64);
  g_string_append_printf (text, "id: %s\ndata: ", heptad_event_get_cursor (event));
  data_text = g_bytes_get_data (json, &length);
  g_string_append_len (text, data_text, (gssize) length);
  g_string_append (text, "\n\n");
  send_text (self, text);
  heptad_audience_count_event (self->listener.audience);
  return heptad_listener_has_room (&self->listener);
}

/* ---- What a listener does ---- */

static gsize
get_queued_bytes (HeptadListener *listener)
{
  return heptad_http_exchange_get_queued_bytes (heptad_listener_get_exchange (listener));
}

static void
resume (HeptadListener *listener)
{
  heptad_event_subscription_resume (((StreamClient *) listener)->events);
}

static void
change (HeptadListener *listener)
{
  StreamClient *self = (StreamClient *) listener;
  g_autoptr (GError) error = NULL;

  if (!heptad_topics_check_access ((const char *const *) self->query.topics, listener->principal,
                                   &error))
    finish (self, HEPTAD_ERROR_DENIED, error->message);
}

static void
tick (HeptadListener *listener, gint64 now_us)
{
  StreamClient *self = (StreamClient *) listener;

  if (now_us - self->sent_us >= (gint64) self->door->config.heartbeat_ms * 1000
      && heptad_listener_has_room (listener))
    send_text (self, g_string_new (": still here\n\n"));
}

static void
leave (HeptadListener *listener, HeptadLeaveReason reason)
{
  static const HeptadError codes[] = {
    [HEPTAD_LEAVE_DRAINING] = HEPTAD_ERROR_UNAVAILABLE,
    [HEPTAD_LEAVE_REVOKED] = HEPTAD_ERROR_UNAUTHENTICATED,
    [HEPTAD_LEAVE_SLOW] = HEPTAD_ERROR_RATE_LIMITED,
  };

  finish ((StreamClient *) listener, codes[reason], heptad_leave_reason_explain (reason));
}

static void
cut (HeptadListener *listener)
{
  heptad_http_exchange_abort (heptad_listener_get_exchange (listener));
  shut ((StreamClient *) listener);
}

static void
client_free (HeptadListener *listener)
{
  StreamClient *self = (StreamClient *) listener;

  heptad_stream_query_clear (&self->query);
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

/* ---- The stream's beginning ---- */

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  shut (data);
}

/* A browser that reconnects asks for the same address and adds the place it has come to. */
static gboolean
begin (StreamClient *self, HeptadHttpExchange *exchange, GError **error)
{
  const char *last_id = heptad_http_exchange_get_header (exchange, "Last-Event-ID");
  const char *tenant_id = heptad_principal_get_tenant_id (self->listener.principal);
  HeptadEventHub *hub = self->door->config.events;

  if (last_id != NULL && *last_id != '\0')
    {
      g_free (self->query.cursor);
      self->query.cursor = g_strdup (last_id);
    }
  if (!heptad_topics_check_access ((const char *const *) self->query.topics,
                                   self->listener.principal, error))
    return FALSE;
  if (self->query.cursor == NULL)
    self->query.cursor = heptad_event_hub_get_cursor (hub, tenant_id, error);
  if (self->query.cursor == NULL)
    return FALSE;
  self->events = heptad_event_hub_subscribe (
      hub, tenant_id, (const char *const *) self->query.topics, self->query.cursor,
      g_main_context_get_thread_default (), on_event, self, NULL, error);
  return self->events != NULL;
}

static void
answer (StreamClient *self, HeptadHttpExchange *exchange)
{
  GString *text = g_string_new (NULL);

  heptad_http_exchange_set_header (exchange, "Cache-Control", "no-store");
  heptad_http_exchange_set_header (exchange, "X-Accel-Buffering", "no");
  heptad_http_exchange_begin (exchange, 200, "text/event-stream");
  /* The place to go on from is known before the first event. */
  g_string_append_printf (text, "retry: %d\nid: %s\n\n", RETRY_MS, self->query.cursor);
  send_text (self, text);
  g_cancellable_connect (heptad_http_exchange_get_cancellable (exchange), G_CALLBACK (on_cancelled),
                         heptad_listener_ref (&self->listener),
                         (GDestroyNotify) heptad_listener_unref);
}

static StreamClient *
client_new (HeptadEventsStreamDoor *door,
            HeptadHttpExchange *exchange,
            HeptadPrincipal *principal,
            GError **error)
{
  StreamClient *self = g_new0 (StreamClient, 1);

  self->door = door;
  if (heptad_stream_query_parse (&self->query, heptad_http_exchange_get_query (exchange), error)
      && heptad_listener_join (&self->listener, &listener_class, door->audience, exchange,
                               principal, error))
    return self;
  client_free (&self->listener);
  return NULL;
}

void
heptad_events_stream_door_serve (HeptadHttpExchange *exchange,
                                 HeptadPrincipal *principal,
                                 gpointer data)
{
  HeptadEventsStreamDoor *self = data;
  g_autoptr (GError) error = NULL;
  StreamClient *client;

  if (strcmp (heptad_http_exchange_get_method (exchange), "HEAD") == 0)
    {
      heptad_http_exchange_respond (exchange, 200, "text/event-stream", NULL);
      return;
    }
  client = client_new (self, exchange, principal, &error);
  if (client != NULL && begin (client, exchange, &error))
    {
      answer (client, exchange);
      return;
    }
  heptad_http_exchange_respond_problem (
      exchange, heptad_error_get_info (heptad_error_code_of (error))->http_status, error->message);
  if (client != NULL)
    shut (client);
}

/* ---- The door ---- */

void
heptad_events_stream_config_init (HeptadEventsStreamConfig *config)
{
  *config = (HeptadEventsStreamConfig){ .audience = HEPTAD_AUDIENCE_LIMITS, .heartbeat_ms = 15000 };
}

HeptadEventsStreamDoor *
heptad_events_stream_door_new (const HeptadEventsStreamConfig *config)
{
  HeptadEventsStreamDoor *self = g_new0 (HeptadEventsStreamDoor, 1);

  self->config = *config;
  self->audience = heptad_audience_new (config->rest, &config->audience);
  return self;
}

void
heptad_events_stream_door_free (HeptadEventsStreamDoor *self)
{
  heptad_audience_free (self->audience);
  g_free (self);
}

void
heptad_events_stream_door_drain (HeptadEventsStreamDoor *self)
{
  heptad_audience_drain (self->audience);
}

void
heptad_events_stream_door_get_stats (HeptadEventsStreamDoor *self, HeptadAudienceStats *stats)
{
  heptad_audience_get_stats (self->audience, stats);
}
