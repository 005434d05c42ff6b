/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/**
 * heptad_host_plugins_new:
 *
 * Returns: (transfer full): the plugin manager, joined to the daemon's stores, settings, tenants
 * and operations
 */
HeptadPluginManager *heptad_host_plugins_new (HeptadHostDaemon *daemon);

G_END_DECLS
