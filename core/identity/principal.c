/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/principal.h"

/* What all handles of a principal share; in an atomic reference-counted box. */
typedef struct {
  char *id;
  char *tenant_id;
  char **roles;
  HeptadGrants *grants;
  HeptadGrants *scope;
  gint64 expires_at_us;
  gint64 rate_cell[2];
} Facts;

struct _HeptadPrincipal {
  gatomicrefcount references;
  Facts *facts;
};

static void
facts_clear (gpointer data)
{
  Facts *facts = data;

  g_free (facts->id);
  g_free (facts->tenant_id);
  g_strfreev (facts->roles);
  heptad_grants_unref (facts->grants);
  g_clear_pointer (&facts->scope, heptad_grants_unref);
}

static HeptadPrincipal *
new_handle (Facts *facts)
{
  HeptadPrincipal *principal = g_new0 (HeptadPrincipal, 1);

  g_atomic_ref_count_init (&principal->references);
  principal->facts = facts;
  return principal;
}

HeptadPrincipal *
heptad_principal_new (const HeptadPrincipalFields *fields)
{
  Facts *facts = g_atomic_rc_box_new0 (Facts);

  facts->id = g_strdup (fields->id);
  facts->tenant_id = g_strdup (fields->tenant_id);
  facts->roles = fields->roles != NULL ? g_strdupv ((char **) fields->roles) : g_new0 (char *, 1);
  facts->grants = heptad_grants_ref (fields->grants);
  facts->scope = fields->scope != NULL ? heptad_grants_ref (fields->scope) : NULL;
  facts->expires_at_us = fields->expires_at_us;
  return new_handle (facts);
}

HeptadPrincipal *
heptad_principal_dup_handle (HeptadPrincipal *principal)
{
  return new_handle (g_atomic_rc_box_acquire (principal->facts));
}

HeptadPrincipal *
heptad_principal_ref (HeptadPrincipal *principal)
{
  g_atomic_ref_count_inc (&principal->references);
  return principal;
}

void
heptad_principal_unref (HeptadPrincipal *principal)
{
  if (!g_atomic_ref_count_dec (&principal->references))
    return;
  g_atomic_rc_box_release_full (principal->facts, facts_clear);
  g_free (principal);
}

const char *
heptad_principal_get_id (const HeptadPrincipal *principal)
{
  return principal->facts->id;
}

const char *
heptad_principal_get_tenant_id (const HeptadPrincipal *principal)
{
  return principal->facts->tenant_id;
}

const char *const *
heptad_principal_get_roles (const HeptadPrincipal *principal)
{
  return (const char *const *) principal->facts->roles;
}

gint64
heptad_principal_get_expires_at_us (const HeptadPrincipal *principal)
{
  return principal->facts->expires_at_us;
}

gboolean
heptad_principal_is_allowed (const HeptadPrincipal *principal,
                             const char *permission,
                             const char *resource)
{
  const Facts *facts = principal->facts;

  return heptad_grants_allow (facts->grants, permission, resource)
         && (facts->scope == NULL || heptad_grants_allow (facts->scope, permission, resource));
}

gpointer
heptad_principal_get_rate_cell (const HeptadPrincipal *principal)
{
  return principal->facts->rate_cell;
}
