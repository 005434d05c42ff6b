/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation.h"

/**
 * heptad_openapi_parse_extension:
 * @operation: filled in
 * @plugin_id: whose permissions may be named
 * @extension: (nullable): the operation's `x-heptad`
 * @where: the operation's JSON Pointer, for messages
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT for an unknown or wrong member
 *
 * Reads what OpenAPI has no word for; see openapi-parser.h.
 */
gboolean heptad_openapi_parse_extension (HeptadOperation *operation,
                                         const char *plugin_id,
                                         const HeptadValue *extension,
                                         const char *where,
                                         GError **error);
