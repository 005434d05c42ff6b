/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-exchange.h"

G_BEGIN_DECLS

/**
 * HeptadHttpHandler:
 * @judge: called on the connection's thread when a request's head is complete and before any of its
 *   body is taken; sets the body mode, or refuses by answering. Must not block.
 * @handle: called on the connection's thread when the request is ready (see #HeptadHttpBodyMode)
 * and was not answered; answers now or later, from any thread. Must not block.
 * @problem: makes the body of an error that the transport itself finds. @instance, the path, is
 *   %NULL when it could not be read. Any connection thread.
 *
 * What the transport hands requests to.
 */
typedef struct {
  void (*judge) (HeptadHttpExchange *exchange, gpointer data);
  void (*handle) (HeptadHttpExchange *exchange, gpointer data);
  GBytes *(*problem) (guint status,
                      const char *detail,
                      const char *instance,
                      const char **content_type,
                      gpointer data);
} HeptadHttpHandler;

/**
 * HeptadHttpConfig:
 * @listen: (array zero-terminated=1): `HOST:PORT` (a numeric host, `[::1]:0`, `*` for every
 *   address; port 0 picks one) or `unix:PATH`
 * @inherited_fds: listening sockets opened by a supervisor, see heptad_http_inherited_fds()
 * @certificate_file: (nullable): a PEM chain; with it TCP listeners speak TLS 1.3
 * @key_file: (nullable): its private key; %NULL when it is in @certificate_file
 * @n_threads: connection threads; 0 for as many as processors
 * @max_connections: at once, over all threads
 * @max_connections_per_address: at once from one address; Unix sockets are not counted
 * @max_head_bytes: of request line and headers
 * @max_headers: header lines in a request
 * @head_timeout_ms: from the first byte of a request to the end of its head; also the TLS handshake
 * @idle_timeout_ms: between requests of a connection
 * @body_timeout_ms: the window in which @body_min_rate is measured
 * @body_min_rate: bytes a second that a body must reach
 * @write_timeout_ms: how long a client may take none of what waits for it
 * @max_queued_bytes: of a streamed response, beyond which its writer waits
 *
 * How to serve. Start from heptad_http_config_init().
 */
typedef struct {
  const char *const *listen;
  const int *inherited_fds;
  guint n_inherited_fds;
  const char *certificate_file;
  const char *key_file;
  guint n_threads;
  guint max_connections;
  guint max_connections_per_address;
  gsize max_head_bytes;
  guint max_headers;
  guint head_timeout_ms;
  guint idle_timeout_ms;
  guint body_timeout_ms;
  guint body_min_rate;
  guint write_timeout_ms;
  gsize max_queued_bytes;
} HeptadHttpConfig;

void heptad_http_config_init (HeptadHttpConfig *config);

/**
 * heptad_http_inherited_fds:
 * @n_fds: (out): how many
 *
 * Takes the sockets of systemd's socket activation (`LISTEN_FDS`) and clears the variables, so that
 * children do not take them too. At start, before other threads run.
 *
 * Returns: (transfer full) (nullable): the descriptors
 */
int *heptad_http_inherited_fds (guint *n_fds);

/**
 * HeptadHttpStats:
 * @refused: requests the transport refused itself
 *
 * Sums over all threads since start; connections_open is of now.
 */
typedef struct {
  guint64 connections_open;
  guint64 connections_total;
  guint64 connections_rejected;
  guint64 requests;
  guint64 refused;
  guint64 timeouts;
  guint64 bytes_in;
  guint64 bytes_out;
} HeptadHttpStats;

typedef struct _HeptadHttpServer HeptadHttpServer;

/**
 * heptad_http_server_new:
 * @handler: (transfer none): copied
 * @data: given to @handler's functions
 * @error: names the listener or file at fault
 *
 * Binds all listeners and loads the certificate; nothing is accepted before
 * heptad_http_server_start(). Main thread, as are all of the server's functions unless said.
 */
HeptadHttpServer *heptad_http_server_new (const HeptadHttpConfig *config,
                                          const HeptadHttpHandler *handler,
                                          gpointer data,
                                          GError **error);

void heptad_http_server_start (HeptadHttpServer *server);

/**
 * heptad_http_server_get_addresses:
 *
 * Returns: (transfer none) (array zero-terminated=1): where it listens, as URLs with the real
 * ports, `unix:PATH` for Unix sockets
 */
const char *const *heptad_http_server_get_addresses (HeptadHttpServer *server);

/**
 * heptad_http_server_reload_certificate:
 *
 * Reads certificate and key again; connections from now on use them. When they cannot be read the
 * old ones stay. Any thread.
 */
gboolean heptad_http_server_reload_certificate (HeptadHttpServer *server, GError **error);

typedef void (*HeptadHttpDrained) (gboolean in_time, gpointer data);

/**
 * heptad_http_server_drain:
 * @timeout_ms: when to cut the connections still open
 * @drained: (scope async): called in the caller's thread-default context when none is left
 *
 * Stops accepting, closes idle connections, answers every request in flight.
 */
void heptad_http_server_drain (HeptadHttpServer *server,
                               guint timeout_ms,
                               HeptadHttpDrained drained,
                               gpointer data);

/**
 * heptad_http_server_get_stats:
 *
 * Any thread.
 */
void heptad_http_server_get_stats (HeptadHttpServer *server, HeptadHttpStats *stats);

/**
 * heptad_http_server_free:
 *
 * Cuts what is still open and ends the threads. Exchanges that handlers still hold stay valid;
 * their answers go nowhere.
 */
void heptad_http_server_free (HeptadHttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHttpServer, heptad_http_server_free)

G_END_DECLS
