/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/manifest.h"

G_BEGIN_DECLS

/**
 * heptad_plugin_order_reaches:
 * @manifests: (element-type HeptadManifest): all plugins
 * @only_required: follow `requires` only, else `wants` too
 *
 * Whether the plugin @from depends on @to, by any number of steps.
 */
gboolean heptad_plugin_order_reaches (GPtrArray *manifests,
                                      const char *from,
                                      const char *to,
                                      gboolean only_required);

/**
 * heptad_plugin_order_describe_cycle:
 *
 * Returns: (transfer full) (nullable): the way from a plugin through what it requires back to
 * itself, such as `a requires b requires a`; %NULL when there is none
 */
char *heptad_plugin_order_describe_cycle (GPtrArray *manifests, const char *plugin_id);

/**
 * heptad_plugin_order_must_wait:
 *
 * Whether the plugin starts after what it depends on by @dependency. A wish that would close a
 * circle is passed over; a need that does is an error, which describe_cycle() finds.
 */
gboolean heptad_plugin_order_must_wait (GPtrArray *manifests,
                                        const char *plugin_id,
                                        const HeptadManifestDependency *dependency);

G_END_DECLS
