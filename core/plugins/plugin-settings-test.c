/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-settings.h"

#include <string.h>

#include "core/identity/identity-schema.h"
#include "sdk/heptad-error.h"

static const char manifest_text[] =
    "id: cost\nname: Cost\nversion: 1.0.0\nsummary: x\nsdk: \"1.0\"\n"
    "asks: [settings]\n"
    "settings:\n"
    "  type: object\n"
    "  additionalProperties: false\n"
    "  properties:\n"
    "    days: {type: integer, minimum: 1, default: 30}\n"
    "    currency: {type: string, default: USD}\n"
    "    note: {type: string}\n";

typedef struct {
  char *dir;
  HeptadStoreHub *stores;
  HeptadTenants *tenants;
  HeptadSettingsHub *hub;
  HeptadManifest *manifest;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadStore) store = NULL;

  fixture->dir = g_dir_make_tmp ("heptad-settings-XXXXXX", NULL);
  fixture->stores = heptad_store_hub_new (fixture->dir, NULL, &error);
  store = heptad_identity_store_open (fixture->stores, &error);
  g_assert_no_error (error);
  fixture->tenants = heptad_tenants_new (store, &error);
  fixture->hub = heptad_settings_hub_new (fixture->tenants);
  fixture->manifest = heptad_manifest_parse (manifest_text, strlen (manifest_text), "plugin.yaml",
                                             "/nowhere", &error);
  g_assert_no_error (error);
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->dir);

  heptad_manifest_unref (fixture->manifest);
  heptad_settings_hub_free (fixture->hub);
  heptad_tenants_free (fixture->tenants);
  heptad_store_hub_free (fixture->stores);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->dir);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
set (Fixture *fixture, const char *json, GError **error)
{
  g_autoptr (HeptadValue) settings = heptad_value_parse (json, -1, NULL);

  return heptad_settings_hub_set (fixture->hub, fixture->manifest, "default", settings, error);
}

static void
on_changed (HeptadSettings *settings, const char *name, gpointer data)
{
  g_string_append_printf (data, "%s;", name);
}

static void
test_defaults (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadSettings) settings =
      heptad_settings_hub_open (fixture->hub, fixture->manifest, "default", &error);
  g_autofree char *currency = NULL;
  g_autofree char *note = NULL;

  g_assert_no_error (error);
  currency = heptad_settings_get_string (settings, "currency");
  note = heptad_settings_get_string (settings, "note");
  g_assert_cmpint (heptad_settings_get_int64 (settings, "days"), ==, 30);
  g_assert_cmpstr (currency, ==, "USD");
  g_assert_null (note);
}

static void
test_change (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (HeptadSettings) settings =
      heptad_settings_hub_open (fixture->hub, fixture->manifest, "default", &error);
  g_autoptr (HeptadSettings) again = NULL;

  g_signal_connect (settings, "changed", G_CALLBACK (on_changed), heard);
  g_assert_true (set (fixture, "{\"days\": 7}", &error));
  g_assert_no_error (error);
  g_assert_cmpint (heptad_settings_get_int64 (settings, "days"), ==, 7);
  g_assert_cmpstr (heard->str, ==, "");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (heard->str, ==, "days;");

  /* It is kept, and what is left out has its default again. */
  again = heptad_settings_hub_open (fixture->hub, fixture->manifest, "default", &error);
  g_assert_cmpint (heptad_settings_get_int64 (again, "days"), ==, 7);
  g_assert_true (set (fixture, "{\"currency\": \"EUR\"}", &error));
  g_assert_cmpint (heptad_settings_get_int64 (again, "days"), ==, 30);
  g_assert_cmpint (heptad_settings_get_int64 (settings, "days"), ==, 30);
}

static void
test_invalid (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  static const char *const wrong[] = { "{\"days\": 0}", "{\"days\": \"7\"}", "{\"dais\": 7}",
                                       "[]" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (set (fixture, wrong[i], &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
      g_test_message ("%s", error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/have-the-defaults-of-their-schema", test_defaults);
  g_test_add_func ("/settings/a-change-is-kept-and-told-on-the-main-thread", test_change);
  g_test_add_func ("/settings/what-does-not-fit-the-schema-is-refused", test_invalid);
  return g_test_run ();
}
