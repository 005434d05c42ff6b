/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/websocket/websocket-door.h"

#include "core/doors/websocket/websocket-client.h"

struct _HeptadWebsocketDoor {
  HeptadWebsocketConfig config;
  HeptadAudience *audience;
};

void
heptad_websocket_config_init (HeptadWebsocketConfig *config)
{
  *config = (HeptadWebsocketConfig){
    .audience = HEPTAD_AUDIENCE_LIMITS,
    .max_message_bytes = 1024 * 1024,
    .max_result_bytes = 4 * 1024 * 1024,
    .max_subscriptions = 32,
    .max_calls = 8,
    .message_rate = { .per_second = 100, .burst = 200 },
  };
}

HeptadWebsocketDoor *
heptad_websocket_door_new (const HeptadWebsocketConfig *config)
{
  HeptadWebsocketDoor *self = g_new0 (HeptadWebsocketDoor, 1);

  self->config = *config;
  self->audience = heptad_audience_new (config->rest, &config->audience);
  return self;
}

void
heptad_websocket_door_free (HeptadWebsocketDoor *self)
{
  heptad_audience_free (self->audience);
  g_free (self);
}

void
heptad_websocket_door_serve (HeptadHttpExchange *exchange,
                             HeptadPrincipal *principal,
                             gpointer data)
{
  static const char *const protocols[] = { "heptad.1", NULL };
  HeptadWebsocketDoor *self = data;
  g_autoptr (GError) error = NULL;
  WebsocketClient *client;

  if (!heptad_http_exchange_is_websocket (exchange))
    {
      heptad_http_exchange_set_header (exchange, "Upgrade", "websocket");
      heptad_http_exchange_respond_problem (exchange, 426,
                                            "This is a WebSocket; see docs/api/websocket.md");
      return;
    }
  client = websocket_client_new (&self->config, self->audience, exchange, principal, &error);
  if (client == NULL)
    {
      heptad_http_exchange_respond_problem (
          exchange, heptad_error_get_info ((HeptadError) error->code)->http_status, error->message);
      return;
    }
  heptad_websocket_accept (exchange, protocols, self->config.max_message_bytes,
                           websocket_client_open, client, websocket_client_release);
}

void
heptad_websocket_door_drain (HeptadWebsocketDoor *self)
{
  heptad_audience_drain (self->audience);
}

void
heptad_websocket_door_get_stats (HeptadWebsocketDoor *self, HeptadAudienceStats *stats)
{
  heptad_audience_get_stats (self->audience, stats);
}
