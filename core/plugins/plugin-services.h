/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/manifest.h"
#include "sdk/heptad-plugin.h"

G_BEGIN_DECLS

/**
 * HeptadPluginServices:
 * @list_tenants: (transfer full): ids of the tenants for which a plugin is enabled
 * @open_service: (transfer full): makes a service for one plugin and tenant; called once for each
 * that the manifest asks for. On a start thread; may block
 *
 * Where the services that plugins use come from; given by the host.
 */
typedef struct {
  char **(*list_tenants) (gpointer data, const char *plugin_id);
  GObject *(*open_service) (gpointer data,
                            HeptadManifest *manifest,
                            const char *bundle_dir,
                            const char *tenant_id,
                            const char *interface_id,
                            GError **error);
} HeptadPluginServices;

/**
 * heptad_plugin_asks_known:
 *
 * Whether a manifest may ask for @what.
 */
gboolean heptad_plugin_asks_known (const char *what);

/* A sentence's list of what may be asked for. */
const char *heptad_plugin_asks_describe (void);

/**
 * heptad_plugin_tenant_new:
 *
 * Opens every service that the manifest asks for.
 *
 * Returns: (transfer full): the tenant, as the plugin sees it
 */
HeptadTenant *heptad_plugin_tenant_new (const HeptadPluginServices *services,
                                        gpointer services_data,
                                        HeptadManifest *manifest,
                                        const char *bundle_dir,
                                        const char *tenant_id,
                                        GError **error);

/* Sets the error that tells why an interface cannot be had: unknown, too old, or not asked for. */
void heptad_plugin_refuse_service (const HeptadManifest *manifest,
                                   const char *interface_id,
                                   guint revision,
                                   GError **error);

G_END_DECLS
