/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * heptad_probe_child_run:
 * @module_path: the copy to open
 * @bundle_dir: where the module came from; a private library found there is refused
 * @report_fd: the steps are told there as they begin, so that the parent can say in which one the
 *   child died; then the report
 *
 * Opens a module, asks it for its descriptor and reports. It runs the plugin's constructors, so it
 * belongs in a process that may die.
 *
 * Returns: %TRUE when the module can be loaded
 */
gboolean heptad_probe_child_run (const char *module_path, const char *bundle_dir, int report_fd);

/* Each step ends with a newline; the report follows the last one. */
#define HEPTAD_PROBE_STEP_OPEN  "step open\n"
#define HEPTAD_PROBE_STEP_QUERY "step query\n"
#define HEPTAD_PROBE_STEP_DONE  "step done\n"

G_END_DECLS
