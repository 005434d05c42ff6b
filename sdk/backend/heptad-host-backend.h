/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-plugin.h"

G_BEGIN_DECLS

/**
 * HeptadHostBackend:
 * @get_tenant: (transfer full) (nullable): as heptad_host_get_tenant(). Any thread
 * @get_service: as heptad_host_get_service(). Any thread
 * @finalize: frees @data
 *
 * Between libheptad and the host, not installed: what stands behind a #HeptadHost.
 */
typedef struct {
  HeptadTenant *(*get_tenant) (gpointer data, const char *tenant_id);
  GObject *(*get_service) (gpointer data, const char *interface_id, guint revision, GError **error);
  void (*finalize) (gpointer data);
} HeptadHostBackend;

/**
 * heptad_host_new:
 * @backend: constant, for the life of the program
 * @version: the host's version; copied
 * @data: (transfer full): handed to the backend's functions
 *
 * Returns: (transfer full): the host, as one plugin sees it
 */
HEPTAD_API
HeptadHost *heptad_host_new (const HeptadHostBackend *backend, const char *version, gpointer data);

G_END_DECLS
