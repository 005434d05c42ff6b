/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-operations.h"

#include <string.h>

static void
on_list_keys (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  HeptadValue *keys = heptad_identity_list_keys (
      daemon->identity, heptad_host_operations_get_tenant_id (call), &error);

  heptad_host_operations_return_items (call, keys, error);
}

/* (transfer full) (nullable): the scope of a new key, from `plugin:verb` and `plugin:verb@resource`
 */
static HeptadValue *
make_scope (const HeptadValue *permissions)
{
  g_autoptr (HeptadBuilder) scope = heptad_builder_new_array ();

  if (permissions == NULL)
    return NULL;
  for (guint i = 0; i < heptad_value_get_size (permissions); i++)
    {
      const char *text = heptad_value_get_string (heptad_value_get_item (permissions, i));
      const char *at = strchr (text, '@');
      g_autofree char *permission =
          at != NULL ? g_strndup (text, (gsize) (at - text)) : g_strdup (text);

      heptad_builder_add_object (scope);
      heptad_builder_set_string (scope, "permission", permission);
      if (at != NULL)
        heptad_builder_set_string (scope, "resource", at + 1);
      heptad_builder_close (scope);
    }
  return heptad_builder_end (scope);
}

/* A key belongs to the user who makes it; one that a key makes belongs to that key's user. */
static const char *
find_owner (HeptadCall *call, HeptadHostDaemon *daemon, const HeptadValue *keys)
{
  const char *principal = heptad_call_get_principal (call);

  if (g_str_has_prefix (principal, "user/"))
    return principal + strlen ("user/");
  for (guint i = 0; i < heptad_value_get_size (keys); i++)
    {
      const HeptadValue *key = heptad_value_get_item (keys, i);

      if (g_strcmp0 (heptad_value_get_member_string (key, "id"), principal + strlen ("key/")) == 0)
        return heptad_value_get_member_string (key, "user");
    }
  return NULL;
}

static void
return_key (HeptadCall *call, const char *id, const char *secret, gint64 expires_at_us)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_string (answer, "id", id);
  heptad_builder_set_string (answer, "name", heptad_call_get_string (call, "name"));
  heptad_builder_set_time (answer, "expiresAt", expires_at_us);
  heptad_builder_set_string (answer, "secret", secret);
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_create_key (HeptadCall *call, HeptadHostDaemon *daemon)
{
  gint64 expires_at_us =
      g_get_real_time () + heptad_call_get_int64 (call, "expiresInDays") * G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) scope = make_scope (heptad_call_get_value (call, "permissions"));
  g_autoptr (HeptadValue) keys = heptad_identity_list_keys (
      daemon->identity, heptad_host_operations_get_tenant_id (call), &error);
  const char *owner = keys != NULL ? find_owner (call, daemon, keys) : NULL;
  g_autofree char *id = NULL;
  g_autofree char *secret = NULL;

  if (owner == NULL)
    {
      heptad_call_return_error (call, HEPTAD_ERROR_CONFLICT,
                                "The caller is no user who could own a key");
      return;
    }
  secret =
      heptad_identity_create_key (daemon->identity, owner, heptad_call_get_string (call, "name"),
                                  scope, expires_at_us, &id, &error);
  if (secret != NULL)
    return_key (call, id, secret, expires_at_us);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

static void
on_revoke_key (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;

  if (heptad_identity_revoke_key (daemon->identity, heptad_call_get_string (call, "keyId"), &error))
    heptad_call_return (call, NULL);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

const HeptadOperationEntry heptad_host_operations_keys[] = {
  HEPTAD_OPERATION ("listKeys", on_list_keys),
  HEPTAD_OPERATION ("createKey", on_create_key),
  HEPTAD_OPERATION ("revokeKey", on_revoke_key),
  { NULL },
};
