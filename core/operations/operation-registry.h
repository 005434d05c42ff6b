/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation-set.h"
#include "core/operations/router.h"

/**
 * HeptadOperationRegistry:
 *
 * All operations that are served now. Installing and removing swap an immutable snapshot; a call
 * keeps the snapshot that it was matched in, so that a plugin can be replaced while it is being
 * called.
 */
typedef struct _HeptadOperationRegistry HeptadOperationRegistry;

HeptadOperationRegistry *heptad_operation_registry_new (void);
void heptad_operation_registry_free (HeptadOperationRegistry *registry);

/**
 * heptad_operation_registry_install:
 * @set: a bound set; replaces the one of the same plugin in one step
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT when two operations share a method and path
 *
 * Any thread.
 */
gboolean heptad_operation_registry_install (HeptadOperationRegistry *registry,
                                            HeptadOperationSet *set,
                                            GError **error);

/**
 * heptad_operation_registry_remove:
 *
 * Stops matching the plugin's operations. Calls in flight go on. Any thread.
 */
void heptad_operation_registry_remove (HeptadOperationRegistry *registry, const char *plugin_id);

/**
 * HeptadOperationSnapshot:
 *
 * The operations at one moment. Immutable.
 */
typedef struct {
  gatomicrefcount references;
  guint64 generation;
  GPtrArray *sets; /* HeptadOperationSet, by plugin id */
  HeptadRouter *router;
  GHashTable *by_name; /* qualified name -> HeptadOperation */
} HeptadOperationSnapshot;

/**
 * heptad_operation_registry_get_snapshot:
 *
 * Any thread.
 *
 * Returns: (transfer full): the operations now
 */
HeptadOperationSnapshot *heptad_operation_registry_get_snapshot (HeptadOperationRegistry *registry);
void heptad_operation_snapshot_unref (HeptadOperationSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadOperationSnapshot, heptad_operation_snapshot_unref)
