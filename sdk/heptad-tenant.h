/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-events.h"
#include "heptad-settings.h"
#include "heptad-store.h"

G_BEGIN_DECLS

/**
 * HeptadTenant:
 *
 * One tenant for which a plugin is enabled, as that plugin sees it: the door to the tenant's
 * services. Everything that runs for a tenant (a call, a job, a schedule, an event) says which. Any
 * thread.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_TENANT (heptad_tenant_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadTenant, heptad_tenant, HEPTAD, TENANT, GObject)

/**
 * heptad_tenant_get_id:
 *
 * Returns: (transfer none): its id, `[a-z0-9-]{1,63}`
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_tenant_get_id (HeptadTenant *tenant);

/**
 * heptad_tenant_get_service:
 * @interface_id: such as `heptad.store`
 * @revision: the least revision that is needed
 * @error: %HEPTAD_ERROR_UNSUPPORTED when the host has no such service or only an older one;
 *   %HEPTAD_ERROR_DENIED when plugin.yaml does not ask for it
 *
 * Fetches a service of the host. The typed functions below do this for the services of SDK 1.0.
 *
 * Returns: (transfer none): the service, owned by @tenant
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GObject *heptad_tenant_get_service (HeptadTenant *tenant,
                                    const char *interface_id,
                                    guint revision,
                                    GError **error);

/* Each (transfer none). They fail only if plugin.yaml does not ask for the service, which is a
 * programming error: a critical is logged and %NULL returned. */
HEPTAD_AVAILABLE_IN_1_0
HeptadStore *heptad_tenant_get_store (HeptadTenant *tenant);
HEPTAD_AVAILABLE_IN_1_0
HeptadEvents *heptad_tenant_get_events (HeptadTenant *tenant);
HEPTAD_AVAILABLE_IN_1_0
HeptadSettings *heptad_tenant_get_settings (HeptadTenant *tenant);

G_END_DECLS
