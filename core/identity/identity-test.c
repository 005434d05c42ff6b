/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/identity/audit.h"
#include "core/identity/bootstrap.h"
#include "core/identity/identity-schema.h"
#include "core/identity/tenants.h"
#include "sdk/heptad-error.h"

/* The core's store in a folder of its own. */
typedef struct {
  char *dir;
  HeptadStoreHub *hub;
  HeptadStore *store;
  HeptadTenants *tenants;
  HeptadIdentity *identity;
} Fixture;

static void
open_all (Fixture *fixture)
{
  const HeptadIdentityConfig config = { { 64, 1, 1 }, 3600 };
  g_autoptr (GError) error = NULL;

  fixture->hub = heptad_store_hub_new (fixture->dir, NULL, &error);
  g_assert_no_error (error);
  fixture->store = heptad_identity_store_open (fixture->hub, &error);
  g_assert_no_error (error);
  fixture->tenants = heptad_tenants_new (fixture->store, &error);
  g_assert_no_error (error);
  fixture->identity = heptad_identity_new (fixture->store, &config, &error);
  g_assert_no_error (error);
}

static void
close_all (Fixture *fixture)
{
  g_clear_pointer (&fixture->identity, heptad_identity_free);
  g_clear_pointer (&fixture->tenants, heptad_tenants_free);
  g_clear_object (&fixture->store);
  g_clear_pointer (&fixture->hub, heptad_store_hub_free);
}

static void
reopen (Fixture *fixture)
{
  close_all (fixture);
  open_all (fixture);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("heptad-identity-XXXXXX", NULL);
  open_all (fixture);
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->dir);

  close_all (fixture);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->dir);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static HeptadPrincipal *
authenticate (Fixture *fixture, const char *token)
{
  return heptad_identity_authenticate_bearer (fixture->identity, token, strlen (token));
}

static void
add_user (Fixture *fixture, const char *name, const char *role)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (heptad_identity_create_user (fixture->identity, "default", name,
                                              "correct horse battery", FALSE, &error));
  g_assert_no_error (error);
  if (role != NULL)
    g_assert_true (heptad_identity_assign_role (fixture->identity, name, role, &error));
}

static void
test_first_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *key_file = g_build_filename (fixture->dir, "key", NULL);
  g_autofree char *password = NULL;
  g_autofree char *again = NULL;
  g_autofree char *token = NULL;
  g_autoptr (HeptadPrincipal) principal = NULL;
  g_autoptr (HeptadSignIn) sign_in = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_true (
      heptad_identity_bootstrap (fixture->identity, "default", key_file, &password, &error));
  g_assert_no_error (error);
  g_assert_nonnull (password);
  g_assert_cmpint (g_stat (key_file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (key_file, &token, NULL, NULL));
  g_strchomp (token);

  reopen (fixture);
  principal = authenticate (fixture, token);
  g_assert_cmpstr (heptad_principal_get_id (principal), ==, "key/bootstrap");
  g_assert_cmpstr (heptad_principal_get_tenant_id (principal), ==, "default");
  g_assert_cmpstr (heptad_principal_get_roles (principal)[0], ==, "admin");
  g_assert_true (heptad_principal_is_allowed (principal, "cost:anything", NULL));
  sign_in = heptad_identity_sign_in (fixture->identity, "admin", password, &error);
  g_assert_no_error (error);
  g_assert_true (sign_in->must_change);

  g_assert_true (
      heptad_identity_bootstrap (fixture->identity, "default", key_file, &again, &error));
  g_assert_null (again);
}

static void
test_key_file_is_not_followed (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *link = g_build_filename (fixture->dir, "link", NULL);
  g_autofree char *target = g_build_filename (fixture->dir, "target", NULL);
  g_autofree char *password = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (target, "precious", -1, NULL));
  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_false (
      heptad_identity_bootstrap (fixture->identity, "default", link, &password, &error));
  g_assert_nonnull (strstr (error->message, "--bootstrap-key-file"));
  g_clear_error (&error);
  g_assert_false (
      heptad_identity_bootstrap (fixture->identity, "default", target, &password, &error));
  g_assert_true (g_file_get_contents (target, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");

  /* Nothing was made, so that the next start is still the first. */
  g_clear_error (&error);
  g_assert_true (heptad_identity_bootstrap (fixture->identity, "default", NULL, &password, &error));
  g_assert_nonnull (password);
}

static void
test_sessions (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadSignIn) first = NULL;
  g_autoptr (HeptadSignIn) second = NULL;
  g_autoptr (HeptadPrincipal) principal = NULL;

  add_user (fixture, "ada", HEPTAD_ROLE_VIEWER);
  g_assert_null (heptad_identity_sign_in (fixture->identity, "ada", "wrong password!", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED);
  g_clear_error (&error);
  g_assert_null (heptad_identity_sign_in (fixture->identity, "bob", "wrong password!", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED);
  g_clear_error (&error);

  first = heptad_identity_sign_in (fixture->identity, "ada", "correct horse battery", &error);
  second = heptad_identity_sign_in (fixture->identity, "ada", "correct horse battery", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->token, !=, second->token);
  principal = authenticate (fixture, first->token);
  g_assert_cmpstr (heptad_principal_get_id (principal), ==, "user/ada");
  g_assert_true (heptad_principal_is_allowed (principal, "cost:read", NULL));
  g_assert_false (heptad_principal_is_allowed (principal, "cost:write", NULL));

  g_assert_true (heptad_identity_sign_out (fixture->identity, first->token, &error));
  g_assert_null (authenticate (fixture, first->token));
  reopen (fixture);
  g_assert_null (authenticate (fixture, first->token));
  g_clear_pointer (&principal, heptad_principal_unref);
  principal = authenticate (fixture, second->token);
  g_assert_nonnull (principal);

  /* A new password ends the sessions that the old one began. */
  g_assert_true (
      heptad_identity_set_password (fixture->identity, "ada", "another long phrase", &error));
  g_assert_null (authenticate (fixture, second->token));
}

static void
test_keys (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) scope =
      heptad_value_parse ("[{\"permission\":\"cost:*\",\"resource\":\"account/1\"}]", -1, NULL);
  g_autoptr (HeptadValue) bad_scope = heptad_value_parse ("[{\"permission\":\"cost\"}]", -1, NULL);
  g_autoptr (HeptadValue) list = NULL;
  g_autoptr (HeptadPrincipal) principal = NULL;
  g_autofree char *id = NULL;
  g_autofree char *token = NULL;

  add_user (fixture, "ada", HEPTAD_ROLE_VIEWER);
  g_assert_null (
      heptad_identity_create_key (fixture->identity, "ada", "x", bad_scope, 0, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (heptad_identity_create_key (fixture->identity, "ada", "x", NULL, 5, NULL, &error));
  g_clear_error (&error);
  g_assert_null (heptad_identity_create_key (fixture->identity, "bob", "x", NULL, 0, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no user 'bob'"));
  g_clear_error (&error);

  token = heptad_identity_create_key (fixture->identity, "ada", "ci", scope, 0, &id, &error);
  g_assert_no_error (error);
  principal = authenticate (fixture, token);
  g_assert_true (heptad_principal_is_allowed (principal, "cost:read", "account/1"));
  g_assert_false (heptad_principal_is_allowed (principal, "cost:read", NULL));
  g_assert_false (heptad_principal_is_allowed (principal, "cost:write", "account/1"));
  list = heptad_identity_list_keys (fixture->identity, "default", &error);
  g_assert_cmpuint (heptad_value_get_size (list), ==, 1);

  /* What its owner loses, the key loses. */
  g_assert_true (heptad_identity_unassign_role (fixture->identity, "ada", "viewer", &error));
  g_clear_pointer (&principal, heptad_principal_unref);
  principal = authenticate (fixture, token);
  g_assert_false (heptad_principal_is_allowed (principal, "cost:read", "account/1"));

  g_assert_true (heptad_identity_revoke_key (fixture->identity, id, &error));
  g_assert_null (authenticate (fixture, token));
  g_assert_false (heptad_identity_revoke_key (fixture->identity, id, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
}

static void
test_roles (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) permissions = heptad_value_parse (
      "[{\"permission\":\"cost:optimize\",\"resource\":\"account/*\"}]", -1, NULL);
  g_autoptr (HeptadPrincipal) principal = NULL;
  g_autofree char *token = NULL;

  add_user (fixture, "ada", NULL);
  token = heptad_identity_create_key (fixture->identity, "ada", "ci", NULL, 0, NULL, &error);
  g_assert_false (heptad_identity_assign_role (fixture->identity, "ada", "saver", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (
      heptad_identity_set_role (fixture->identity, "default", "admin", "x", permissions, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_true (heptad_identity_set_role (fixture->identity, "default", "saver", "Saves money",
                                           permissions, &error));
  g_assert_true (heptad_identity_assign_role (fixture->identity, "ada", "saver", &error));
  g_assert_true (heptad_identity_assign_role (fixture->identity, "ada", "saver", &error));
  g_assert_true (heptad_identity_grant (fixture->identity, "ada", "docs:read", "page/1", &error));
  g_assert_no_error (error);
  principal = authenticate (fixture, token);
  g_assert_true (heptad_principal_is_allowed (principal, "cost:optimize", "account/7"));
  g_assert_true (heptad_principal_is_allowed (principal, "docs:read", "page/1"));
  g_assert_false (heptad_principal_is_allowed (principal, "docs:read", "page/2"));

  g_assert_true (heptad_identity_delete_role (fixture->identity, "default", "saver", &error));
  g_clear_pointer (&principal, heptad_principal_unref);
  principal = authenticate (fixture, token);
  g_assert_false (heptad_principal_is_allowed (principal, "cost:optimize", "account/7"));
}

static void
test_users (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) list = NULL;
  g_autofree char *token = NULL;

  add_user (fixture, "ada", HEPTAD_ROLE_ADMIN);
  g_assert_false (heptad_identity_create_user (fixture->identity, "default", "ada",
                                               "correct horse battery", FALSE, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (heptad_identity_create_user (fixture->identity, "default", "Ada Lovelace",
                                               "correct horse battery", FALSE, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);

  list = heptad_identity_list_users (fixture->identity, "default", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (list, "/0/roles/0")), ==,
                   "admin");

  token = heptad_identity_create_key (fixture->identity, "ada", "ci", NULL, 0, NULL, &error);
  g_assert_true (heptad_identity_set_user_disabled (fixture->identity, "ada", TRUE, &error));
  g_assert_null (authenticate (fixture, token));
  g_assert_true (heptad_identity_set_user_disabled (fixture->identity, "ada", FALSE, &error));
  heptad_principal_unref (authenticate (fixture, token));
  g_assert_true (heptad_identity_delete_user (fixture->identity, "ada", &error));
  g_assert_null (authenticate (fixture, token));
  g_assert_false (heptad_identity_delete_user (fixture->identity, "ada", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
}

static void
test_tenants (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) settings = heptad_value_parse ("{\"days\":3}", -1, NULL);
  g_autoptr (HeptadValue) kept = NULL;
  g_auto (GStrv) all = NULL;
  g_auto (GStrv) with_cost = NULL;

  g_assert_true (heptad_tenants_create (fixture->tenants, "acme", "Acme", &error));
  g_assert_false (heptad_tenants_create (fixture->tenants, "_host", "x", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_true (heptad_tenants_set_plugin (fixture->tenants, "acme", "cost", FALSE, &error));
  g_assert_true (
      heptad_tenants_set_settings (fixture->tenants, "default", "cost", settings, &error));
  g_assert_no_error (error);

  reopen (fixture);
  all = heptad_tenants_list (fixture->tenants, &error);
  with_cost = heptad_tenants_list_for_plugin (fixture->tenants, "cost", &error);
  g_assert_cmpuint (g_strv_length (all), ==, 2);
  g_assert_cmpuint (g_strv_length (with_cost), ==, 1);
  g_assert_cmpstr (with_cost[0], ==, "default");
  kept = heptad_tenants_get_settings (fixture->tenants, "default", "cost", &error);
  g_assert_true (heptad_value_equal (kept, settings));
}

static void
test_audit (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (HeptadAudit) audit = heptad_audit_new (fixture->store);
  const HeptadAuditRecord record = {
    .tenant_id = "default",
    .actor = "user/ada",
    .action = "cost.ingestBill",
    .outcome = "done",
  };
  g_autoptr (GError) error = NULL;
  gint64 n_records = 0;

  for (guint i = 0; i < 2000; i++)
    heptad_audit_record (audit, &record);
  g_assert_true (heptad_audit_flush (audit, 20000));
  g_assert_true (heptad_audit_verify (audit, &n_records, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_records, ==, 2000);

  g_assert_true (heptad_store_execute (fixture->store,
                                       "UPDATE audit SET actor = 'user/bob' WHERE sequence = 1500",
                                       NULL, NULL, &error));
  g_assert_false (heptad_audit_verify (audit, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "1500"));
  g_clear_error (&error);

  g_assert_true (heptad_store_execute (fixture->store, "DELETE FROM audit WHERE sequence = 1500",
                                       NULL, NULL, &error));
  g_assert_false (heptad_audit_verify (audit, NULL, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/a-first-start-makes-the-administrator-once", test_first_start);
  g_test_add_func ("/identity/a-key-file-replaces-no-other-file", test_key_file_is_not_followed);
  g_test_add_func ("/identity/sessions-begin-and-end", test_sessions);
  g_test_add_func ("/identity/keys-are-scoped-and-revoked-at-once", test_keys);
  g_test_add_func ("/identity/roles-and-bindings-take-effect-at-once", test_roles);
  g_test_add_func ("/identity/a-disabled-user-is-out-at-once", test_users);
  g_test_add_func ("/identity/tenants-keep-plugins-and-settings", test_tenants);
  g_test_add_func ("/audit/a-changed-record-shows", test_audit);
  return g_test_run ();
}
