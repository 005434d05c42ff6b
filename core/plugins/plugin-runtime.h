/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/plugin-services.h"
#include "core/plugins/probe-report.h"

G_BEGIN_DECLS

/**
 * HeptadPluginRuntime:
 *
 * One generation of one plugin: its bundle, its loaded module, what its start function made, and
 * its tenants. Whoever may call into the plugin pins the runtime; a plugin is stopped when nothing
 * pins it any more. Reference-counted; any thread.
 */
typedef struct _HeptadPluginRuntime HeptadPluginRuntime;

/**
 * heptad_plugin_runtime_new:
 * @services: (nullable): where the plugin's services come from; outlives the runtime
 */
HeptadPluginRuntime *heptad_plugin_runtime_new (HeptadManifest *manifest,
                                                const char *bundle_dir,
                                                const HeptadPluginServices *services,
                                                gpointer services_data);
HeptadPluginRuntime *heptad_plugin_runtime_ref (HeptadPluginRuntime *runtime);
void heptad_plugin_runtime_unref (HeptadPluginRuntime *runtime);

const char *heptad_plugin_runtime_get_id (HeptadPluginRuntime *runtime);
HeptadManifest *heptad_plugin_runtime_get_manifest (HeptadPluginRuntime *runtime);
const char *heptad_plugin_runtime_get_bundle_dir (HeptadPluginRuntime *runtime);

/* (nullable): the descriptor, once the module is loaded; %NULL for a bundle without code */
const HeptadPluginDescriptor *heptad_plugin_runtime_get_descriptor (HeptadPluginRuntime *runtime);
void heptad_plugin_runtime_set_descriptor (HeptadPluginRuntime *runtime,
                                           const HeptadPluginDescriptor *descriptor);

/* (nullable): what the plugin's start function returned */
gpointer heptad_plugin_runtime_get_instance (HeptadPluginRuntime *runtime);

/**
 * heptad_plugin_runtime_set_attachment:
 * @attachment: (transfer full): what the host's hooks keep with the runtime; freed with it
 */
void heptad_plugin_runtime_set_attachment (HeptadPluginRuntime *runtime,
                                           gpointer attachment,
                                           GDestroyNotify destroy);
gpointer heptad_plugin_runtime_get_attachment (HeptadPluginRuntime *runtime);

/**
 * heptad_plugin_runtime_start:
 *
 * Runs the plugin's start function and then its hook for each tenant. On the plugin's own start
 * thread, which a plugin may block for as long as it likes.
 */
gboolean heptad_plugin_runtime_start (HeptadPluginRuntime *runtime, GError **error);

/**
 * heptad_plugin_runtime_stop:
 *
 * Waits until nothing pins the runtime, then runs the plugin's stop function. On the plugin's own
 * stop thread; blocks for as long as calls and the plugin take.
 */
void heptad_plugin_runtime_stop (HeptadPluginRuntime *runtime);

/**
 * heptad_plugin_runtime_pin:
 *
 * Keeps the plugin from being stopped until heptad_plugin_runtime_unpin().
 *
 * Returns: %FALSE when it is being stopped
 */
gboolean heptad_plugin_runtime_pin (HeptadPluginRuntime *runtime);
void heptad_plugin_runtime_unpin (HeptadPluginRuntime *runtime);
guint heptad_plugin_runtime_count_pins (HeptadPluginRuntime *runtime);

/**
 * heptad_plugin_runtime_get_tenant:
 *
 * Fast: a look-up under a read lock.
 *
 * Returns: (transfer full) (nullable): the tenant, if the plugin is enabled for it
 */
HeptadTenant *heptad_plugin_runtime_get_tenant (HeptadPluginRuntime *runtime,
                                                const char *tenant_id);

/**
 * heptad_plugin_runtime_explain_tenant:
 *
 * Returns: (transfer full): why heptad_plugin_runtime_get_tenant() gave none:
 * %HEPTAD_ERROR_UNAVAILABLE when its store could not be opened, else %HEPTAD_ERROR_NOT_FOUND
 */
GError *heptad_plugin_runtime_explain_tenant (HeptadPluginRuntime *runtime, const char *tenant_id);

/* Returns: (transfer full) (element-type HeptadTenant): those it is enabled for */
GPtrArray *heptad_plugin_runtime_list_tenants (HeptadPluginRuntime *runtime);

/* Enables the plugin for a tenant, and no longer. May block; not on a connection thread. */
gboolean heptad_plugin_runtime_add_tenant (HeptadPluginRuntime *runtime,
                                           const char *tenant_id,
                                           GError **error);
void heptad_plugin_runtime_remove_tenant (HeptadPluginRuntime *runtime, const char *tenant_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPluginRuntime, heptad_plugin_runtime_unref)

G_END_DECLS
