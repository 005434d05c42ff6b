/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/probe-report.h"

G_BEGIN_DECLS

#define HEPTAD_PROBE_REPORT_FD   3
#define HEPTAD_PROBE_CPU_SECONDS 5

/**
 * heptad_probe_module:
 * @probe_path: the program heptad-probe
 * @module_path: the copy of the module that will be loaded
 * @bundle_dir: where the module came from
 * @timeout_ms: how long the child may take
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT, %HEPTAD_ERROR_UNSUPPORTED or %HEPTAD_ERROR_DEADLINE: why the
 * module cannot be loaded and what to do; the text begins with what the module ("it") does
 *
 * Has a throw-away child open the module, and waits for its report. Any thread; blocks.
 *
 * Returns: (transfer full): what the child found
 */
HeptadProbeReport *heptad_probe_module (const char *probe_path,
                                        const char *module_path,
                                        const char *bundle_dir,
                                        guint timeout_ms,
                                        GError **error);

G_END_DECLS
