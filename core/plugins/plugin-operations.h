/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation-registry.h"
#include "core/plugins/plugin-manager.h"

G_BEGIN_DECLS

/* How a plugin's operations come to be served: the three steps of #HeptadPluginHooks. The operation
 * set is the runtime's attachment; once bound it pins the runtime until the last call has ended. */

/**
 * heptad_plugin_operations_prepare:
 * @report: (nullable): what the probe found; %NULL for a bundle without code
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT: what openapi.yaml, the manifest and the module say differs
 *
 * Before any of the plugin's code runs in the host.
 */
gboolean heptad_plugin_operations_prepare (HeptadPluginRuntime *runtime,
                                           const HeptadProbeReport *report,
                                           GError **error);
gboolean heptad_plugin_operations_activate (HeptadOperationRegistry *registry,
                                            HeptadPluginRuntime *runtime,
                                            GError **error);
void heptad_plugin_operations_deactivate (HeptadOperationRegistry *registry,
                                          HeptadPluginRuntime *runtime,
                                          gboolean replaced);

G_END_DECLS
