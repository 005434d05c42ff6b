/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/pages.h"

#include "core/host/assets-resource.h"
#include "core/host/build-paths.h"
#include "core/operations/openapi-merge.h"

#define PROMETHEUS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define PAGE_POLICY                                                                                \
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "  \
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct _HeptadPages {
  HeptadHostDaemon *daemon;
  HeptadWebsocketDoor *websocket;
  HeptadEventsStreamDoor *stream;
  GMutex mutex;
  guint64 generation; /* of the merged document below */
  GBytes *openapi;
  char *etag;
};

HeptadPages *
heptad_pages_new (HeptadHostDaemon *daemon)
{
  HeptadPages *pages = g_new0 (HeptadPages, 1);

  pages->daemon = daemon;
  g_mutex_init (&pages->mutex);
  return pages;
}

void
heptad_pages_set_doors (HeptadPages *pages,
                        HeptadWebsocketDoor *websocket,
                        HeptadEventsStreamDoor *stream)
{
  pages->websocket = websocket;
  pages->stream = stream;
}

void
heptad_pages_free (HeptadPages *pages)
{
  if (pages == NULL)
    return;
  g_clear_pointer (&pages->openapi, g_bytes_unref);
  g_free (pages->etag);
  g_mutex_clear (&pages->mutex);
  g_free (pages);
}

static void
respond_json (HeptadHttpExchange *exchange, guint status, const HeptadValue *value)
{
  GString *text = g_string_sized_new (256);
  g_autoptr (GBytes) bytes = NULL;

  heptad_value_print_to (value, text);
  bytes = g_string_free_to_bytes (text);
  heptad_http_exchange_set_header (exchange, "Cache-Control", "no-store");
  heptad_http_exchange_respond (exchange, status, "application/json", bytes);
}

static void
serve_alive (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"alive\":true}", 14);

  heptad_http_exchange_set_header (exchange, "Cache-Control", "no-store");
  heptad_http_exchange_respond (exchange, 200, "application/json", body);
}

static void
serve_ready (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  HeptadHealth *health = ((HeptadPages *) data)->daemon->health;
  g_autoptr (HeptadValue) value = heptad_health_describe (health);

  respond_json (exchange, heptad_health_is_ready (health) ? 200 : 503, value);
}

static void
serve_metrics (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  GString *text = g_string_sized_new (16 * 1024);
  g_autoptr (GBytes) body = NULL;

  heptad_metrics_print (((HeptadPages *) data)->daemon->metrics, text);
  body = g_string_free_to_bytes (text);
  heptad_http_exchange_respond (exchange, 200, PROMETHEUS_TYPE, body);
}

static char *
make_etag (GBytes *bytes)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return g_strdup_printf ("\"%.32s\"", digest);
}

/* The merged document is made anew only when the operations have changed. */
static GBytes *
get_openapi (HeptadPages *pages, char **etag)
{
  g_autoptr (HeptadOperationSnapshot) snapshot =
      heptad_operation_registry_get_snapshot (pages->daemon->operations);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pages->mutex);

  if (pages->openapi == NULL || pages->generation != snapshot->generation)
    {
      g_autoptr (HeptadValue) document = heptad_openapi_merge (snapshot, HEPTAD_VERSION);
      GString *text = g_string_sized_new (64 * 1024);

      heptad_value_print_to (document, text);
      g_clear_pointer (&pages->openapi, g_bytes_unref);
      g_free (pages->etag);
      pages->openapi = g_string_free_to_bytes (text);
      pages->etag = make_etag (pages->openapi);
      pages->generation = snapshot->generation;
    }
  *etag = g_strdup (pages->etag);
  return g_bytes_ref (pages->openapi);
}

static void
respond_cached (HeptadHttpExchange *exchange, const char *type, GBytes *body, const char *etag)
{
  heptad_http_exchange_set_header (exchange, "ETag", etag);
  heptad_http_exchange_set_header (exchange, "Cache-Control", "no-cache");
  if (g_strcmp0 (heptad_http_exchange_get_header (exchange, "If-None-Match"), etag) == 0)
    heptad_http_exchange_respond (exchange, 304, NULL, NULL);
  else
    heptad_http_exchange_respond (exchange, 200, type, body);
}

static void
serve_openapi (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  g_autofree char *etag = NULL;
  g_autoptr (GBytes) body = get_openapi (data, &etag);

  respond_cached (exchange, "application/json", body, etag);
}

static void
serve_asset (HeptadHttpExchange *exchange, const char *name, const char *type)
{
  g_autofree char *path = g_strconcat ("/org/heptad/host/assets/", name, NULL);
  g_autoptr (GBytes) body = g_resource_lookup_data (heptad_assets_get_resource (), path,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *etag = make_etag (body);

  heptad_http_exchange_set_header (exchange, "Content-Security-Policy", PAGE_POLICY);
  respond_cached (exchange, type, body, etag);
}

static void
serve_style (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  serve_asset (exchange, "site.css", "text/css; charset=utf-8");
}

static void
serve_script (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  serve_asset (exchange, "docs.js", "text/javascript; charset=utf-8");
}

static void
serve_icon (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  serve_asset (exchange, "icon.svg", "image/svg+xml");
}

static void
serve_docs (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  serve_asset (exchange, "docs.html", "text/html; charset=utf-8");
}

static void
serve_front (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  g_autoptr (GBytes) body = heptad_front_page_print (((HeptadPages *) data)->daemon);

  heptad_http_exchange_set_header (exchange, "Content-Security-Policy", PAGE_POLICY);
  heptad_http_exchange_set_header (exchange, "Cache-Control", "no-store");
  heptad_http_exchange_respond (exchange, 200, "text/html; charset=utf-8", body);
}

static void
serve_websocket (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  heptad_websocket_door_serve (exchange, principal, ((HeptadPages *) data)->websocket);
}

static void
serve_events (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  heptad_events_stream_door_serve (exchange, principal, ((HeptadPages *) data)->stream);
}

const HeptadRestPage *
heptad_pages_get_table (void)
{
  static const HeptadRestPage table[] = {
    { "/", NULL, serve_front },
    { "/docs", NULL, serve_docs },
    { "/openapi.json", NULL, serve_openapi },
    { "/livez", NULL, serve_alive },
    { "/readyz", NULL, serve_ready },
    { "/metrics", "host:read", serve_metrics },
    { "/ws", "host:ping", serve_websocket },
    { "/events", "host:ping", serve_events },
    { "/assets/site.css", NULL, serve_style },
    { "/assets/docs.js", NULL, serve_script },
    { "/favicon.ico", NULL, serve_icon },
    { NULL },
  };

  return table;
}
