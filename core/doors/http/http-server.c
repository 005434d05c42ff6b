/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-server.h"

#include "core/doors/http/http-connection.h"

#include <fcntl.h>
#include <unistd.h>

#define FIRST_INHERITED_FD 3
#define DRAIN_POLL_MS      20

struct _HeptadHttpServer {
  HeptadHttpShared *shared;
  GPtrArray *listeners; /* of HeptadHttpListener */
  GPtrArray *addresses; /* of char *, NULL at the end */
  GPtrArray *workers;   /* of HeptadHttpWorker */
  GSource *drain;
  HeptadHttpDrained drained;
  gpointer drained_data;
  gint64 drain_deadline_us;
};

void
heptad_http_config_init (HeptadHttpConfig *config)
{
  *config = (HeptadHttpConfig){
    .max_connections = 10000,
    .max_connections_per_address = 1000,
    .max_head_bytes = 64 * 1024,
    .max_headers = 100,
    .head_timeout_ms = 10 * 1000,
    .idle_timeout_ms = 75 * 1000,
    .body_timeout_ms = 15 * 1000,
    .body_min_rate = 256,
    .write_timeout_ms = 60 * 1000,
    .max_queued_bytes = 1024 * 1024,
  };
}

int *
heptad_http_inherited_fds (guint *n_fds)
{
  const char *process = g_getenv ("LISTEN_PID");
  const char *count = g_getenv ("LISTEN_FDS");
  guint64 own = 0;
  guint64 n = 0;
  int *fds = NULL;

  if (process != NULL && count != NULL
      && g_ascii_string_to_unsigned (process, 10, 1, G_MAXINT, &own, NULL)
      && own == (guint64) getpid () && g_ascii_string_to_unsigned (count, 10, 1, 1024, &n, NULL))
    {
      fds = g_new (int, n);
      for (guint i = 0; i < n; i++)
        {
          fds[i] = FIRST_INHERITED_FD + (int) i;
          fcntl (fds[i], F_SETFD, FD_CLOEXEC);
        }
    }
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  *n_fds = (guint) n;
  return fds;
}

static gboolean
add_listener (HeptadHttpServer *server, HeptadHttpListener *listener)
{
  if (listener == NULL)
    return FALSE;
  g_ptr_array_add (server->listeners, listener);
  g_ptr_array_insert (server->addresses, (int) server->addresses->len - 1, listener->address);
  return TRUE;
}

static gboolean
open_listeners (HeptadHttpServer *server, GError **error)
{
  const HeptadHttpConfig *config = &server->shared->config;
  gboolean secure = config->certificate_file != NULL;

  for (guint i = 0; i < config->n_inherited_fds; i++)
    if (!add_listener (
            server, heptad_http_listener_new_inherited (config->inherited_fds[i], secure, error)))
      return FALSE;
  for (guint i = 0; config->listen != NULL && config->listen[i] != NULL; i++)
    if (!add_listener (server, heptad_http_listener_new (config->listen[i], secure, error)))
      return FALSE;
  return TRUE;
}

HeptadHttpServer *
heptad_http_server_new (const HeptadHttpConfig *config,
                        const HeptadHttpHandler *handler,
                        gpointer data,
                        GError **error)
{
  g_autoptr (HeptadHttpServer) server = g_new0 (HeptadHttpServer, 1);
  guint n_threads = config->n_threads == 0 ? g_get_num_processors () : config->n_threads;

  server->shared = g_new (HeptadHttpShared, 1);
  *server->shared = (HeptadHttpShared){
    .refs = 1,
    .config = *config,
    .limits = { config->max_head_bytes, MIN (config->max_head_bytes, 8 * 1024),
                config->max_headers },
    .handler = *handler,
    .handler_data = data,
    .admission =
        heptad_http_admission_new (config->max_connections, config->max_connections_per_address),
  };
  server->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_http_listener_free);
  server->addresses = g_ptr_array_new ();
  g_ptr_array_add (server->addresses, NULL);
  server->workers = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_http_worker_unref);
  if (config->certificate_file != NULL)
    {
      server->shared->tls = heptad_http_tls_new (config->certificate_file, config->key_file, error);
      if (server->shared->tls == NULL)
        return NULL;
    }
  if (!open_listeners (server, error))
    return NULL;
  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (server->workers, heptad_http_worker_new (server->shared));
  return g_steal_pointer (&server);
}

void
heptad_http_server_start (HeptadHttpServer *server)
{
  for (guint i = 0; i < server->workers->len; i++)
    heptad_http_worker_start (g_ptr_array_index (server->workers, i), server->listeners);
}

const char *const *
heptad_http_server_get_addresses (HeptadHttpServer *server)
{
  return (const char *const *) server->addresses->pdata;
}

gboolean
heptad_http_server_reload_certificate (HeptadHttpServer *server, GError **error)
{
  return server->shared->tls == NULL || heptad_http_tls_reload (server->shared->tls, error);
}

static void
add_counters (HeptadHttpStats *sum, const HeptadHttpStats *part)
{
  guint64 *sums = (guint64 *) sum;
  const guint64 *parts = (const guint64 *) part;

  G_STATIC_ASSERT (sizeof (HeptadHttpStats) % sizeof (guint64) == 0);
  for (guint i = 0; i < sizeof (HeptadHttpStats) / sizeof (guint64); i++)
    sums[i] += __atomic_load_n (&parts[i], __ATOMIC_RELAXED);
}

void
heptad_http_server_get_stats (HeptadHttpServer *server, HeptadHttpStats *stats)
{
  *stats = (HeptadHttpStats){ 0 };
  for (guint i = 0; i < server->workers->len; i++)
    {
      HeptadHttpWorker *worker = g_ptr_array_index (server->workers, i);

      add_counters (stats, &worker->stats);
    }
}

/* The function may close its own connection, and no other. */
static void
for_each_connection (HeptadHttpWorker *worker, void (*function) (HeptadHttpConnection *))
{
  GList *link = worker->connections.head;

  while (link != NULL)
    {
      g_autoptr (HeptadHttpConnection) connection = heptad_http_connection_ref (link->data);

      link = link->next;
      function (connection);
    }
}

static void
drain_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  worker->draining = TRUE;
  g_ptr_array_set_size (worker->accepting, 0);
  for_each_connection (worker, heptad_http_connection_drain);
}

static void
cut_call (HeptadHttpWorker *worker, gpointer target, GBytes *bytes)
{
  for_each_connection (worker, heptad_http_connection_cut);
}

static void
call_all (HeptadHttpServer *server, HeptadHttpCall call)
{
  for (guint i = 0; i < server->workers->len; i++)
    heptad_http_worker_call (g_ptr_array_index (server->workers, i), call, NULL, NULL, NULL);
}

static gboolean
on_drain_poll (gpointer data)
{
  HeptadHttpServer *server = data;
  gboolean in_time = g_get_monotonic_time () < server->drain_deadline_us;
  HeptadHttpStats stats;

  heptad_http_server_get_stats (server, &stats);
  if (stats.connections_open > 0 && in_time)
    return G_SOURCE_CONTINUE;

  if (stats.connections_open > 0)
    call_all (server, cut_call);
  g_clear_pointer (&server->drain, g_source_unref);
  server->drained (stats.connections_open == 0, server->drained_data);
  return G_SOURCE_REMOVE;
}

void
heptad_http_server_drain (HeptadHttpServer *server,
                          guint timeout_ms,
                          HeptadHttpDrained drained,
                          gpointer data)
{
  g_return_if_fail (server->drain == NULL);

  server->drained = drained;
  server->drained_data = data;
  server->drain_deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  call_all (server, drain_call);
  server->drain = g_timeout_source_new (DRAIN_POLL_MS);
  g_source_set_callback (server->drain, on_drain_poll, server, NULL);
  g_source_attach (server->drain, g_main_context_get_thread_default ());
}

void
heptad_http_server_free (HeptadHttpServer *server)
{
  if (server->drain != NULL)
    g_source_destroy (server->drain);
  g_clear_pointer (&server->drain, g_source_unref);
  for (guint i = 0; i < server->workers->len; i++)
    heptad_http_worker_stop (g_ptr_array_index (server->workers, i));
  g_ptr_array_unref (server->workers);
  g_ptr_array_unref (server->listeners);
  g_ptr_array_unref (server->addresses);
  heptad_http_shared_unref (server->shared);
  g_free (server);
}
