/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/store-hub.h"

G_BEGIN_DECLS

/* The tenant under which the core keeps what belongs to no tenant; no tenant's id has an
 * underscore. */
#define HEPTAD_CORE_TENANT "_host"

/**
 * heptad_identity_store_open:
 *
 * Opens the store of tenants, users, roles, keys, sessions, settings and the audit log.
 *
 * Returns: (transfer full): the store
 */
HeptadStore *heptad_identity_store_open (HeptadStoreHub *hub, GError **error);

G_END_DECLS
