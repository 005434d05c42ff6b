/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-plugin.h"

G_BEGIN_DECLS

/**
 * heptad_module_open:
 * @path: a copy that heptad_module_cache_add() made and the probe has passed
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT
 *
 * Loads a module into this process, for good: its code stays, since threads and callbacks may still
 * be in it when the plugin has stopped. Any thread.
 *
 * Returns: (transfer none): the plugin's descriptor
 */
const HeptadPluginDescriptor *heptad_module_open (const char *path, GError **error);

G_END_DECLS
