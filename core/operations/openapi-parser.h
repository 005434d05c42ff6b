/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation-set.h"

GArray *heptad_media_types_new (void);
HeptadOperation *heptad_operation_new (HeptadOperationSet *set);
void heptad_operation_free (HeptadOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadOperation, heptad_operation_free)

/**
 * heptad_openapi_parse:
 * @set: whose operations these become
 * @plugin_id: gives the path's prefix
 * @document: an OpenAPI 3.1 document, which outlives the operations
 * @operations: filled with HeptadOperation
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT, naming the path and method at fault
 *
 * Compiles every operation of @document. Our own members stand under `x-heptad` of an operation:
 *
 *     permission: cost:read        needed unless `anonymous: true`
 *     resource: account/{accountId}
 *     inline: true                 the handler does not block
 *     input: stream                the body is read as it comes
 *     idempotent: true             a POST that may be repeated
 *     audit: true                  a read that is recorded
 *     deadline: 30                 seconds, up to an hour
 *     maxBody: 1048576             bytes
 *     command: plugin list         a shorter name for the command line
 *     session: begin               sets the session cookie from the answer's token; `end` clears it
 */
gboolean heptad_openapi_parse (HeptadOperationSet *set,
                               const char *plugin_id,
                               const HeptadValue *document,
                               GPtrArray *operations,
                               GError **error);
