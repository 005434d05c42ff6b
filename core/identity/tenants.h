/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-store.h"

G_BEGIN_DECLS

#define HEPTAD_TENANT_DEFAULT "default"

/**
 * HeptadTenants:
 *
 * The tenants of the host, which plugins each has switched off, and the plugins' settings for each.
 * Kept in the core's store; all calls block, on a pool or start thread, or the main thread before
 * the host serves.
 */
typedef struct _HeptadTenants HeptadTenants;

/**
 * heptad_tenants_new:
 * @store: from heptad_identity_store_open(); the tenant `default` is made in a new one
 */
HeptadTenants *heptad_tenants_new (HeptadStore *store, GError **error);
void heptad_tenants_free (HeptadTenants *tenants);

/**
 * heptad_tenants_create:
 * @id: `[a-z0-9][a-z0-9-]{0,62}`
 * @error: %HEPTAD_ERROR_INVALID_INPUT; %HEPTAD_ERROR_CONFLICT when there is one
 */
gboolean
heptad_tenants_create (HeptadTenants *tenants, const char *id, const char *name, GError **error);

/* Returns: (transfer full): the ids of all tenants, sorted */
char **heptad_tenants_list (HeptadTenants *tenants, GError **error);

/* Returns: (transfer full): the ids of the tenants for which a plugin is enabled */
char **
heptad_tenants_list_for_plugin (HeptadTenants *tenants, const char *plugin_id, GError **error);

/* Plugins are enabled unless they were switched off for a tenant. */
gboolean heptad_tenants_set_plugin (HeptadTenants *tenants,
                                    const char *tenant_id,
                                    const char *plugin_id,
                                    gboolean enabled,
                                    GError **error);

/* Returns: (transfer full): an object of what is set, without the defaults */
HeptadValue *heptad_tenants_get_settings (HeptadTenants *tenants,
                                          const char *tenant_id,
                                          const char *plugin_id,
                                          GError **error);

/**
 * heptad_tenants_set_settings:
 * @settings: an object that has been validated; replaces all that was set
 */
gboolean heptad_tenants_set_settings (HeptadTenants *tenants,
                                      const char *tenant_id,
                                      const char *plugin_id,
                                      const HeptadValue *settings,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadTenants, heptad_tenants_free)

G_END_DECLS
