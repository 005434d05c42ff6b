/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/json-schema.h"

G_BEGIN_DECLS

/**
 * heptad_manifest_get_schema:
 *
 * Any thread.
 *
 * Returns: (transfer none): data/plugin-manifest.schema.json, compiled
 */
HeptadSchema *heptad_manifest_get_schema (void);

G_END_DECLS
