/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-tenant.h"

G_BEGIN_DECLS

/**
 * HeptadTenantBackend:
 * @get_service: as heptad_tenant_get_service(); gives the same object each time, owned by the
 * backend, of the type that the interface names. Any thread
 * @finalize: frees @data
 *
 * Between libheptad and the host, not installed: what stands behind a #HeptadTenant.
 */
typedef struct {
  GObject *(*get_service) (gpointer data, const char *interface_id, guint revision, GError **error);
  void (*finalize) (gpointer data);
} HeptadTenantBackend;

/**
 * heptad_tenant_new:
 * @backend: constant, for the life of the program
 * @data: (transfer full): handed to the backend's functions
 *
 * Returns: (transfer full): the tenant
 */
HEPTAD_API
HeptadTenant *
heptad_tenant_new (const HeptadTenantBackend *backend, const char *tenant_id, gpointer data);

G_END_DECLS
