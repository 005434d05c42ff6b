/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation-registry.h"

/**
 * heptad_openapi_merge:
 * @snapshot: the operations
 * @version: of the host
 *
 * Makes one OpenAPI 3.1 document of all plugins': paths with their prefix, component names and
 * references with the plugin's id before them, operation ids as `plugin.operation`, and what the
 * core adds to every operation (security, problems).
 *
 * Returns: (transfer full): the document
 */
HeptadValue *heptad_openapi_merge (HeptadOperationSnapshot *snapshot, const char *version);
