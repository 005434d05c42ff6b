/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/host/host.h"
#include "core/operations/operation-set.h"

/**
 * heptad_host_operations_install:
 *
 * Installs the host's own operations (openapi.yaml in this folder), which are served like any
 * plugin's. Their handlers get the #HeptadHostDaemon as their plugin. Main thread.
 */
gboolean heptad_host_operations_install (HeptadHostDaemon *daemon, GError **error);

/* The handlers, by file. Pool threads, but ping. */
extern const HeptadOperationEntry heptad_host_operations_general[];
extern const HeptadOperationEntry heptad_host_operations_plugins[];
extern const HeptadOperationEntry heptad_host_operations_users[];
extern const HeptadOperationEntry heptad_host_operations_keys[];
extern const HeptadOperationEntry heptad_host_operations_jobs[];

/* (transfer none): the id of the caller's tenant */
const char *heptad_host_operations_get_tenant_id (HeptadCall *call);

/* Answers with @value as the member `items`, or with @error. Takes both. */
void heptad_host_operations_return_items (HeptadCall *call, HeptadValue *items, GError *error);

/* Adds the members that are told of a plugin to the open object. */
void heptad_host_operations_add_plugin (HeptadBuilder *builder, const HeptadPluginInfo *info);
