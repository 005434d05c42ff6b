/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/grants.h"

#include <string.h>

#define MAX_PERMISSION_LENGTH 128

/* Where one permission is granted. */
typedef struct {
  gboolean everywhere;
  GHashTable *resources; /* exact names; (nullable) */
  GPtrArray *prefixes;   /* (nullable) */
} Scope;

struct _HeptadGrants {
  gatomicrefcount references;
  GHashTable *scopes; /* permission, with its wildcard -> Scope */
  gboolean has_wildcards;
};

static void
scope_free (Scope *scope)
{
  g_clear_pointer (&scope->resources, g_hash_table_unref);
  g_clear_pointer (&scope->prefixes, g_ptr_array_unref);
  g_free (scope);
}

HeptadGrants *
heptad_grants_new (void)
{
  HeptadGrants *grants = g_new0 (HeptadGrants, 1);

  g_atomic_ref_count_init (&grants->references);
  grants->scopes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) scope_free);
  return grants;
}

HeptadGrants *
heptad_grants_ref (HeptadGrants *grants)
{
  g_atomic_ref_count_inc (&grants->references);
  return grants;
}

void
heptad_grants_unref (HeptadGrants *grants)
{
  if (!g_atomic_ref_count_dec (&grants->references))
    return;
  g_hash_table_unref (grants->scopes);
  g_free (grants);
}

static void
scope_add (Scope *scope, const char *resource)
{
  gsize length = resource != NULL ? strlen (resource) : 0;

  if (resource == NULL || g_str_equal (resource, "*"))
    {
      scope->everywhere = TRUE;
      return;
    }

  if (resource[length - 1] == '*')
    {
      if (scope->prefixes == NULL)
        scope->prefixes = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (scope->prefixes, g_strndup (resource, length - 1));
      return;
    }

  if (scope->resources == NULL)
    scope->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (scope->resources, g_strdup (resource));
}

void
heptad_grants_add (HeptadGrants *grants, const char *permission, const char *resource)
{
  Scope *scope;

  g_return_if_fail (heptad_permission_is_valid (permission));
  g_return_if_fail (resource == NULL || *resource != '\0');

  scope = g_hash_table_lookup (grants->scopes, permission);
  if (scope == NULL)
    {
      scope = g_new0 (Scope, 1);
      g_hash_table_insert (grants->scopes, g_strdup (permission), scope);
    }
  scope_add (scope, resource);
  grants->has_wildcards |= strchr (permission, '*') != NULL;
}

static gboolean
scope_covers (const Scope *scope, const char *resource)
{
  if (scope == NULL)
    return FALSE;
  if (scope->everywhere)
    return TRUE;
  if (resource == NULL)
    return FALSE;
  if (scope->resources != NULL && g_hash_table_contains (scope->resources, resource))
    return TRUE;
  for (guint i = 0; scope->prefixes != NULL && i < scope->prefixes->len; i++)
    if (g_str_has_prefix (resource, g_ptr_array_index (scope->prefixes, i)))
      return TRUE;
  return FALSE;
}

static gboolean
is_granted (const HeptadGrants *grants, const char *permission, const char *resource)
{
  return scope_covers (g_hash_table_lookup (grants->scopes, permission), resource);
}

gboolean
heptad_grants_allow (const HeptadGrants *grants, const char *permission, const char *resource)
{
  char pattern[MAX_PERMISSION_LENGTH + 3];
  const char *colon = strchr (permission, ':');
  gsize length = colon != NULL ? strlen (permission) : 0;
  gsize plugin_length = length > 0 ? (gsize) (colon - permission) : 0;

  if (is_granted (grants, permission, resource))
    return TRUE;
  if (!grants->has_wildcards)
    return FALSE;
  if (is_granted (grants, "*", resource))
    return TRUE;
  if (length == 0 || length > MAX_PERMISSION_LENGTH)
    return FALSE;

  pattern[0] = '*';
  memcpy (pattern + 1, colon, length - plugin_length + 1);
  if (is_granted (grants, pattern, resource))
    return TRUE;
  memcpy (pattern, permission, plugin_length + 1);
  memcpy (pattern + plugin_length + 1, "*", 2);
  return is_granted (grants, pattern, resource);
}

gboolean
heptad_permission_is_valid (const char *permission)
{
  static GRegex *form;

  if (g_once_init_enter (&form))
    g_once_init_leave (&form, g_regex_new ("^(\\*|[a-z][a-z0-9-]{1,30}:(\\*|[a-z][a-z0-9-]{0,62})"
                                           "|\\*:[a-z][a-z0-9-]{0,62})$",
                                           G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, NULL));
  return g_regex_match (form, permission, 0, NULL);
}
