/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/grants.h"

G_BEGIN_DECLS

/**
 * HeptadPrincipal:
 *
 * Who is calling: a person in a session, an API key, the host itself. Immutable; any thread.
 */
typedef struct _HeptadPrincipal HeptadPrincipal;

/**
 * HeptadPrincipalFields:
 * @id: such as `user/ada` or `key/7f3c`
 * @tenant_id: the tenant it works in
 * @roles: (array zero-terminated=1) (nullable): names of roles, for people to see
 * @grants: what it may do
 * @scope: (nullable): narrows @grants: of a key that was given less than its owner has
 * @expires_at_us: wall-clock microseconds UTC; 0 for never
 */
typedef struct {
  const char *id;
  const char *tenant_id;
  const char *const *roles;
  HeptadGrants *grants;
  HeptadGrants *scope;
  gint64 expires_at_us;
} HeptadPrincipalFields;

/**
 * heptad_principal_new:
 * @fields: copied; the grants are shared
 *
 * Returns: (transfer full): the principal
 */
HeptadPrincipal *heptad_principal_new (const HeptadPrincipalFields *fields);
HeptadPrincipal *heptad_principal_ref (HeptadPrincipal *principal);
void heptad_principal_unref (HeptadPrincipal *principal);

/**
 * heptad_principal_dup_handle:
 *
 * The same principal with a reference count of its own, so that two threads which serve the same
 * caller do not pass one cache line to and fro.
 *
 * Returns: (transfer full): another handle
 */
HeptadPrincipal *heptad_principal_dup_handle (HeptadPrincipal *principal);

const char *heptad_principal_get_id (const HeptadPrincipal *principal);
const char *heptad_principal_get_tenant_id (const HeptadPrincipal *principal);
const char *const *heptad_principal_get_roles (const HeptadPrincipal *principal);
gint64 heptad_principal_get_expires_at_us (const HeptadPrincipal *principal);

/**
 * heptad_principal_is_allowed:
 * @permission: `plugin:verb`
 * @resource: (nullable): `kind/name`; %NULL asks for the permission everywhere
 */
gboolean heptad_principal_is_allowed (const HeptadPrincipal *principal,
                                      const char *permission,
                                      const char *resource);

/**
 * heptad_principal_get_rate_cell:
 *
 * Returns: (transfer none): room for the HeptadRateCell of core/operations, all zero at first;
 * shared by all handles of the principal
 */
gpointer heptad_principal_get_rate_cell (const HeptadPrincipal *principal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPrincipal, heptad_principal_unref)

G_END_DECLS
