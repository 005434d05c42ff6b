/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/manifest.h"
#include "core/plugins/probe-report.h"

G_BEGIN_DECLS

/**
 * heptad_bundle_check_sdk:
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT naming both versions and the remedy
 *
 * Whether this host can load a plugin that was built for the manifest's SDK version; before any of
 * its code runs, even in the probe.
 */
gboolean heptad_bundle_check_sdk (const HeptadManifest *manifest, GError **error);

/**
 * heptad_bundle_check_report:
 *
 * Whether what the probe found in the module is what the manifest says: ABI, id, version, job kinds
 * of the schedules, topics of the durable handlers.
 */
gboolean heptad_bundle_check_report (const HeptadManifest *manifest,
                                     const HeptadProbeReport *report,
                                     GError **error);

G_END_DECLS
