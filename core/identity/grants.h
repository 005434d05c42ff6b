/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadGrants:
 *
 * What somebody may do, compiled from roles and bindings so that a question costs a hash look-up.
 * Filled by one thread, then immutable and shared.
 *
 * A permission is `plugin:verb`, `plugin:*`, `*:verb` or `*`. It is granted everywhere or on
 * resources: one
 * (`account/123456789012`) or all that begin alike (`account/` and an asterisk).
 */
typedef struct _HeptadGrants HeptadGrants;

HeptadGrants *heptad_grants_new (void);
HeptadGrants *heptad_grants_ref (HeptadGrants *grants);
void heptad_grants_unref (HeptadGrants *grants);

/**
 * heptad_grants_add:
 * @resource: (nullable): %NULL grants it everywhere
 */
void heptad_grants_add (HeptadGrants *grants, const char *permission, const char *resource);

/**
 * heptad_grants_allow:
 * @permission: `plugin:verb`
 * @resource: (nullable): %NULL asks for the permission everywhere, which a grant on some resources
 * is not
 *
 * Any thread.
 */
gboolean
heptad_grants_allow (const HeptadGrants *grants, const char *permission, const char *resource);

/**
 * heptad_permission_is_valid:
 *
 * Whether @permission has one of the four forms.
 */
gboolean heptad_permission_is_valid (const char *permission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadGrants, heptad_grants_unref)

G_END_DECLS
