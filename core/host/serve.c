/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/serve.h"

#include "core/doors/rest/rest-door.h"
#include "core/host/call-recorder.h"
#include "core/host/host-operations.h"
#include "core/host/pages.h"

#define WORKERS_PER_PROCESSOR 4

struct _HeptadServe {
  HeptadHostDaemon *daemon;
  HeptadDispatcher *dispatcher;
  HeptadRestDoor *rest;
  HeptadWebsocketDoor *websocket;
  HeptadEventsStreamDoor *stream;
  HeptadHttpServer *http;
  HeptadPages *pages;
};

static HeptadDispatcher *
make_dispatcher (HeptadHostDaemon *daemon)
{
  const HeptadConfig *config = daemon->config;
  const HeptadDispatcherConfig dispatch = {
    .n_threads = config->worker_threads > 0 ? (guint) config->worker_threads
                                            : WORKERS_PER_PROCESSOR * g_get_num_processors (),
    .max_queued = (guint) config->max_queued_calls,
    .limit = { (guint) config->rate_limit, (guint) config->rate_burst },
    .validate_answers = config->validate_answers,
  };

  return heptad_dispatcher_new (&dispatch, heptad_call_recorder_record, daemon);
}

static HeptadHttpServer *
make_server (HeptadServe *self, GError **error)
{
  const HeptadConfig *config = self->daemon->config;
  guint n_inherited = 0;
  g_autofree int *inherited = heptad_http_inherited_fds (&n_inherited);
  static const char *const no_addresses[] = { NULL };
  HeptadHttpConfig http;

  heptad_http_config_init (&http);
  /* A supervisor that hands sockets over has chosen the addresses. */
  http.listen = n_inherited > 0 ? no_addresses : (const char *const *) config->listen;
  http.inherited_fds = inherited;
  http.n_inherited_fds = n_inherited;
  http.certificate_file = config->tls_certificate;
  http.key_file = config->tls_key;
  http.n_threads = (guint) config->connection_threads;
  http.max_connections = (guint) config->max_connections;
  http.max_connections_per_address = (guint) config->max_connections_per_address;
  http.max_head_bytes = (gsize) config->max_head_bytes;
  http.head_timeout_ms = (guint) config->head_timeout * 1000;
  http.idle_timeout_ms = (guint) config->idle_timeout * 1000;
  return heptad_http_server_new (&http, heptad_rest_door_get_handler (), self->rest, error);
}

static HeptadRestDoor *
make_rest_door (HeptadServe *self)
{
  const HeptadConfig *config = self->daemon->config;
  gboolean any_origin = config->cors_origin != NULL && config->cors_origin[0] != NULL;
  const HeptadRestConfig rest = {
    .registry = self->daemon->operations,
    .dispatcher = self->dispatcher,
    .credentials = heptad_identity_get_credentials (self->daemon->identity),
    .allowed_origins = any_origin ? (const char *const *) config->cors_origin : NULL,
    .pages = heptad_pages_get_table (),
    .pages_data = self->pages,
  };

  return heptad_rest_door_new (&rest);
}

static void
open_event_doors (HeptadServe *self)
{
  HeptadWebsocketConfig websocket;
  HeptadEventsStreamConfig stream;

  heptad_websocket_config_init (&websocket);
  heptad_events_stream_config_init (&stream);
  websocket.rest = stream.rest = self->rest;
  websocket.events = stream.events = self->daemon->events;
  self->websocket = heptad_websocket_door_new (&websocket);
  self->stream = heptad_events_stream_door_new (&stream);
  heptad_pages_set_doors (self->pages, self->websocket, self->stream);
}

/* What both doors for events count together. */
static HeptadAudienceStats
read_audience (HeptadServe *self)
{
  HeptadAudienceStats sum;
  HeptadAudienceStats stream;

  heptad_websocket_door_get_stats (self->websocket, &sum);
  heptad_events_stream_door_get_stats (self->stream, &stream);
  sum.open += stream.open;
  sum.events += stream.events;
  sum.slow += stream.slow;
  return sum;
}

static double
read_listeners (gpointer data)
{
  return (double) read_audience (data).open;
}

static double
read_events_sent (gpointer data)
{
  return (double) read_audience (data).events;
}

static double
read_slow_listeners (gpointer data)
{
  return (double) read_audience (data).slow;
}

static double
read_connections (gpointer data)
{
  HeptadServe *self = data;
  HeptadHttpStats stats;

  heptad_http_server_get_stats (self->http, &stats);
  return (double) stats.connections_open;
}

static double
read_refused (gpointer data)
{
  HeptadServe *self = data;
  HeptadHttpStats stats;

  heptad_http_server_get_stats (self->http, &stats);
  return (double) stats.refused;
}

static double
read_in_flight (gpointer data)
{
  return heptad_dispatcher_get_in_flight (((HeptadServe *) data)->dispatcher);
}

static double
read_queued (gpointer data)
{
  return heptad_dispatcher_get_queued (((HeptadServe *) data)->dispatcher);
}

static double
read_jobs (gpointer data)
{
  return heptad_job_queue_get_n_running (((HeptadServe *) data)->daemon->jobs);
}

static double
read_store_connections (gpointer data)
{
  return heptad_store_hub_get_n_connections (((HeptadServe *) data)->daemon->stores);
}

static void
add_gauges (HeptadServe *self)
{
  static const struct {
    const char *name;
    const char *help;
    HeptadGaugeFunc read;
  } gauges[] = {
    { "heptad_http_connections", "Connections that are open.", read_connections },
    { "heptad_http_refused_requests", "Requests that the framing guard has refused since start.",
      read_refused },
    { "heptad_calls_in_flight", "Calls that are not yet answered.", read_in_flight },
    { "heptad_calls_queued", "Calls that wait for a worker thread.", read_queued },
    { "heptad_event_listeners", "Clients connected to /ws and /events.", read_listeners },
    { "heptad_events_sent", "Events sent to clients since start.", read_events_sent },
    { "heptad_event_listeners_slow", "Clients cut off since start because they did not keep up.",
      read_slow_listeners },
    { "heptad_jobs_running", "Jobs that run.", read_jobs },
    { "heptad_store_connections", "Database connections that are open.", read_store_connections },
  };

  for (guint i = 0; i < G_N_ELEMENTS (gauges); i++)
    heptad_metrics_add_gauge (self->daemon->metrics, gauges[i].name, gauges[i].help, NULL,
                              gauges[i].read, self);
}

HeptadServe *
heptad_serve_new (HeptadHostDaemon *daemon, GError **error)
{
  g_autoptr (HeptadServe) self = g_new0 (HeptadServe, 1);

  self->daemon = daemon;
  if (!heptad_host_operations_install (daemon, error))
    return NULL;
  self->dispatcher = make_dispatcher (daemon);
  self->pages = heptad_pages_new (daemon);
  self->rest = make_rest_door (self);
  open_event_doors (self);
  self->http = make_server (self, error);
  if (self->http == NULL)
    return NULL;
  add_gauges (self);
  return g_steal_pointer (&self);
}

void
heptad_serve_start (HeptadServe *self)
{
  heptad_http_server_start (self->http);
}

const char *const *
heptad_serve_get_addresses (HeptadServe *self)
{
  return heptad_http_server_get_addresses (self->http);
}

gboolean
heptad_serve_reload_certificate (HeptadServe *self, GError **error)
{
  if (self->daemon->config->tls_certificate == NULL)
    return TRUE;
  return heptad_http_server_reload_certificate (self->http, error);
}

void
heptad_serve_drain (HeptadServe *self, HeptadHttpDrained drained, gpointer data)
{
  heptad_health_set_stopping (self->daemon->health);
  heptad_websocket_door_drain (self->websocket);
  heptad_events_stream_door_drain (self->stream);
  heptad_http_server_drain (self->http, (guint) self->daemon->config->drain_timeout * 1000, drained,
                            data);
}

void
heptad_serve_free (HeptadServe *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->http, heptad_http_server_free);
  g_clear_pointer (&self->websocket, heptad_websocket_door_free);
  g_clear_pointer (&self->stream, heptad_events_stream_door_free);
  g_clear_pointer (&self->rest, heptad_rest_door_free);
  g_clear_pointer (&self->dispatcher, heptad_dispatcher_free);
  g_clear_pointer (&self->pages, heptad_pages_free);
  heptad_operation_registry_remove (self->daemon->operations, "host");
  g_free (self);
}
