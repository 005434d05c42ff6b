/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP door with an inline handler, to set beside bench-bare-libsoup. Prints its address and
 * serves until killed. Arguments: the number of threads (1), and "pool" to answer from a pool. */
#include "core/doors/http/http-server.h"

#include <stdlib.h>
#include <string.h>

static const char body[] = "{\"text\":\"hello\",\"time\":\"2025-01-01T00:00:00Z\"}";
static GThreadPool *pool;

static void
respond (HeptadHttpExchange *exchange)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body - 1);

  heptad_http_exchange_respond (exchange, 200, "application/json", bytes);
}

static void
on_pool (gpointer data, gpointer user_data)
{
  g_autoptr (HeptadHttpExchange) exchange = data;

  respond (exchange);
}

static void
handle (HeptadHttpExchange *exchange, gpointer data)
{
  if (pool != NULL)
    g_thread_pool_push (pool, heptad_http_exchange_ref (exchange), NULL);
  else
    respond (exchange);
}

int
main (int argc, char **argv)
{
  static const char *const listen[] = { "127.0.0.1:0", NULL };
  const HeptadHttpHandler handler = { .handle = handle };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeptadHttpServer) server = NULL;
  g_autoptr (GError) error = NULL;
  HeptadHttpConfig config;

  heptad_http_config_init (&config);
  config.listen = listen;
  config.n_threads = argc > 1 ? (guint) atoi (argv[1]) : 1;
  if (argc > 2 && strcmp (argv[2], "pool") == 0)
    pool = g_thread_pool_new (on_pool, NULL, 4, TRUE, NULL);
  server = heptad_http_server_new (&config, &handler, NULL, &error);
  if (server == NULL)
    g_error ("%s", error->message);
  heptad_http_server_start (server);
  g_print ("%s/\n", heptad_http_server_get_addresses (server)[0]);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
