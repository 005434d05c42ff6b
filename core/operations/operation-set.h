/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation.h"

/**
 * HeptadOperationTarget:
 * @get_tenant: (transfer full) (nullable): the plugin's view of a tenant, %NULL when it is not
 * enabled for it; any thread, fast
 * @serial: whether one thread at a time may enter the plugin for a tenant
 * @data: handed to @get_tenant
 * @destroy: (nullable): frees @data when the last call has ended
 *
 * What stands behind the operations of one plugin generation.
 */
typedef struct {
  HeptadTenant *(*get_tenant) (gpointer data, const char *tenant_id);
  gboolean serial;
  gpointer data;
  GDestroyNotify destroy;
} HeptadOperationTarget;

/**
 * heptad_operation_set_parse:
 * @plugin_id: the plugin's id; its operations live under `/api/v1/ID`
 * @document: openapi.yaml as a value
 * @file_name: for messages
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT: what in the declaration is wrong, and where
 *
 * Compiles all operations of one OpenAPI 3.1 document. Main or start thread.
 *
 * Returns: (transfer full): the set
 */
HeptadOperationSet *heptad_operation_set_parse (const char *plugin_id,
                                                const HeptadValue *document,
                                                const char *file_name,
                                                GError **error);
HeptadOperationSet *heptad_operation_set_ref (HeptadOperationSet *set);
void heptad_operation_set_unref (HeptadOperationSet *set);

/**
 * heptad_operation_set_bind:
 * @entries: the descriptor's table, ended by a %NULL id; (nullable) when there are no operations
 * @plugin: handed to every handler
 * @target: copied; its @data is owned from now on
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT: an operation without a handler, or a handler without an
 * operation
 *
 * Binds each declared operation to exactly one handler.
 */
gboolean heptad_operation_set_bind (HeptadOperationSet *set,
                                    const HeptadOperationEntry *entries,
                                    gpointer plugin,
                                    const HeptadOperationTarget *target,
                                    GError **error);

const char *heptad_operation_set_get_plugin_id (HeptadOperationSet *set);
const HeptadValue *heptad_operation_set_get_document (HeptadOperationSet *set);
gpointer heptad_operation_set_get_plugin (HeptadOperationSet *set);
const HeptadOperationTarget *heptad_operation_set_get_target (HeptadOperationSet *set);

/**
 * heptad_operation_set_get_operations:
 *
 * Returns: (transfer none) (element-type HeptadOperation): all operations
 */
GPtrArray *heptad_operation_set_get_operations (HeptadOperationSet *set);

/**
 * heptad_operation_set_get_permissions:
 *
 * Returns: (transfer full) (element-type utf8): the permissions that the operations name, each
 * once, to be checked against the manifest
 */
GPtrArray *heptad_operation_set_get_permissions (HeptadOperationSet *set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadOperationSet, heptad_operation_set_unref)
