/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-operations.h"

static void
on_sign_in (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (HeptadSignIn) session =
      heptad_identity_sign_in (daemon->identity, heptad_call_get_string (call, "name"),
                               heptad_call_get_string (call, "password"), &error);

  if (session == NULL)
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  heptad_builder_set_string (answer, "token", session->token);
  heptad_builder_set_time (answer, "expiresAt", session->expires_at_us);
  heptad_builder_set_boolean (answer, "mustChangePassword", session->must_change);
  heptad_call_return (call, heptad_builder_end (answer));
}

/* Answers 204, or with the error. */
static void
finish (HeptadCall *call, gboolean done, GError *error)
{
  if (done)
    heptad_call_return (call, NULL);
  else
    heptad_call_take_error (call, error);
}

static void
on_sign_out (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done = heptad_identity_sign_out (
      daemon->identity, heptad_call_get_string (call, "heptad_session"), &error);

  finish (call, done, error);
}

static void
on_list_users (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  HeptadValue *users = heptad_identity_list_users (
      daemon->identity, heptad_host_operations_get_tenant_id (call), &error);

  heptad_host_operations_return_items (call, users, error);
}

static gboolean
assign_roles (HeptadHostDaemon *daemon, const char *name, const HeptadValue *roles, GError **error)
{
  for (guint i = 0; i < heptad_value_get_size (roles); i++)
    {
      const char *role = heptad_value_get_string (heptad_value_get_item (roles, i));

      if (!heptad_identity_assign_role (daemon->identity, name, role, error))
        return FALSE;
    }
  return TRUE;
}

static void
on_create_user (HeptadCall *call, HeptadHostDaemon *daemon)
{
  const char *name = heptad_call_get_string (call, "name");
  const HeptadValue *roles = heptad_call_get_value (call, "roles");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  if (!heptad_identity_create_user (daemon->identity, heptad_host_operations_get_tenant_id (call),
                                    name, heptad_call_get_string (call, "password"), FALSE, &error))
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  /* A user whose roles are wrong is not left behind without them. */
  if (!assign_roles (daemon, name, roles, &error))
    {
      heptad_identity_delete_user (daemon->identity, name, NULL);
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  heptad_builder_set_string (answer, "name", name);
  heptad_builder_set_value (answer, "roles", roles);
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_delete_user (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done =
      heptad_identity_delete_user (daemon->identity, heptad_call_get_string (call, "name"), &error);

  finish (call, done, error);
}

static void
on_set_password (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done =
      heptad_identity_set_password (daemon->identity, heptad_call_get_string (call, "name"),
                                    heptad_call_get_string (call, "password"), &error);

  finish (call, done, error);
}

static void
on_grant (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;

  if (heptad_identity_grant (daemon->identity, heptad_call_get_string (call, "user"),
                             heptad_call_get_string (call, "permission"),
                             heptad_call_get_string (call, "resource"), &error))
    heptad_call_return (call, heptad_value_ref (heptad_call_get_body (call)));
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

const HeptadOperationEntry heptad_host_operations_users[] = {
  HEPTAD_OPERATION ("signIn", on_sign_in),
  HEPTAD_OPERATION ("signOut", on_sign_out),
  HEPTAD_OPERATION ("listUsers", on_list_users),
  HEPTAD_OPERATION ("createUser", on_create_user),
  HEPTAD_OPERATION ("deleteUser", on_delete_user),
  HEPTAD_OPERATION ("setPassword", on_set_password),
  HEPTAD_OPERATION ("grantPermission", on_grant),
  { NULL },
};
