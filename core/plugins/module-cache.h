/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/probe-report.h"

G_BEGIN_DECLS

/**
 * HeptadModuleCache:
 *
 * Copies of modules under `CACHE/modules/SHA256.so`, and what the probe found in each under
 * `CACHE/probed/SHA256`. The dynamic loader gives the old code for a path that it has seen, so each
 * generation of a module is loaded from a path made of its content. Any thread.
 */
typedef struct _HeptadModuleCache HeptadModuleCache;

HeptadModuleCache *heptad_module_cache_new (const char *cache_dir);
void heptad_module_cache_free (HeptadModuleCache *cache);

/**
 * heptad_module_cache_add:
 * @digest: (out) (transfer full): SHA-256 of the module, in hexadecimal
 *
 * Copies the module at @path unless an equal copy is there; a damaged copy is replaced.
 *
 * Returns: (transfer full): the path of the copy
 */
char *
heptad_module_cache_add (HeptadModuleCache *cache, const char *path, char **digest, GError **error);

/**
 * heptad_module_cache_lookup_report:
 *
 * Returns: (transfer full) (nullable): the report of an earlier successful probe of that content by
 * this version of the host
 */
HeptadProbeReport *heptad_module_cache_lookup_report (HeptadModuleCache *cache, const char *digest);

/* Remembers a report; a failure to write it costs only time at the next start. */
void heptad_module_cache_keep_report (HeptadModuleCache *cache,
                                      const char *digest,
                                      const HeptadProbeReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadModuleCache, heptad_module_cache_free)

G_END_DECLS
