/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/manifest.h"

G_BEGIN_DECLS

#define HEPTAD_BUNDLE_MANIFEST   "plugin.yaml"
#define HEPTAD_BUNDLE_OPERATIONS "openapi.yaml"

/**
 * heptad_bundles_find:
 * @search_paths: (array zero-terminated=1): folders that hold bundles, or are one; an earlier one
 * wins
 *
 * Finds bundles, also those that lack their manifest but have a module, since their author will
 * look for them. A folder that is not there, or holds no bundle, is passed over. Any thread;
 * blocks.
 *
 * Returns: (transfer full): the bundles' folders, sorted within each search path
 */
GPtrArray *heptad_bundles_find (const char *const *search_paths);

/**
 * heptad_bundle_find_module:
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT when the manifest names one that is not there
 *
 * Returns: (transfer full) (nullable): the path of the module; %NULL without error for a bundle
 * that has no code
 */
char *
heptad_bundle_find_module (const char *bundle_dir, const HeptadManifest *manifest, GError **error);

/* Returns: (transfer full): a file of the bundle; (nullable) when there is none */
char *heptad_bundle_find_file (const char *bundle_dir, const char *name);

G_END_DECLS
