/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-server.h"
#include "core/host/host.h"

/**
 * HeptadServe:
 *
 * The doors of a running host: listener, dispatcher, REST door and pages, joined to the daemon's
 * parts.
 */
typedef struct _HeptadServe HeptadServe;

/**
 * heptad_serve_new:
 * @daemon: outlives this
 * @error: which address or certificate is at fault
 *
 * Opens the doors; nobody is let in before heptad_serve_start(). Main thread.
 */
HeptadServe *heptad_serve_new (HeptadHostDaemon *daemon, GError **error);
void heptad_serve_start (HeptadServe *serve);

/* Returns: (transfer none) (array zero-terminated=1): the addresses, as URLs */
const char *const *heptad_serve_get_addresses (HeptadServe *serve);

/* Reads the certificate again; main thread. */
gboolean heptad_serve_reload_certificate (HeptadServe *serve, GError **error);

/**
 * heptad_serve_drain:
 * @drained: called on the main thread when the last request is answered, or time is up
 *
 * Lets nobody in any more and answers what is in flight.
 */
void heptad_serve_drain (HeptadServe *serve, HeptadHttpDrained drained, gpointer data);
void heptad_serve_free (HeptadServe *serve);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadServe, heptad_serve_free)
