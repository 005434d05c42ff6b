/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads every bundle of this folder into one real plugin manager. */
#include <glib/gstdio.h>
#include <string.h>

#include "core/plugins/plugin-operations.h"
#include "core/plugins/start-marker.h"
#include "core/store/store-hub.h"
#include "sdk/heptad-error.h"

typedef struct {
  char *data_dir;
  char *probe;
  HeptadStoreHub *stores;
  HeptadOperationRegistry *registry;
  HeptadPluginManager *manager;
} Fixture;

/* The host's part, as core/host does it, with stores only. */

static char **
list_tenants (gpointer data, const char *plugin_id)
{
  return g_strsplit ("default", ",", -1);
}

static GObject *
open_service (gpointer data,
              HeptadManifest *manifest,
              const char *bundle_dir,
              const char *tenant_id,
              const char *interface_id,
              GError **error)
{
  Fixture *fixture = data;
  g_autofree char *migrations = g_build_filename (bundle_dir, "migrations", NULL);

  if (g_str_equal (interface_id, "heptad.store"))
    return (GObject *) heptad_store_hub_open (fixture->stores, tenant_id, manifest->id, migrations,
                                              error);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED, "no %s here", interface_id);
  return NULL;
}

static const HeptadPluginServices services = {
  .list_tenants = list_tenants,
  .open_service = open_service,
};

static gboolean
prepare (gpointer data,
         HeptadPluginRuntime *runtime,
         const HeptadProbeReport *report,
         GError **error)
{
  return heptad_plugin_operations_prepare (runtime, report, error);
}

static gboolean
activate (gpointer data,
          HeptadPluginRuntime *runtime,
          HeptadPluginRuntime *replaces,
          GError **error)
{
  Fixture *fixture = data;

  return heptad_plugin_operations_activate (fixture->registry, runtime, error);
}

static void
deactivate (gpointer data, HeptadPluginRuntime *runtime, gboolean replaced)
{
  Fixture *fixture = data;

  heptad_plugin_operations_deactivate (fixture->registry, runtime, replaced);
}

static const HeptadPluginHooks hooks = {
  .prepare = prepare,
  .activate = activate,
  .deactivate = deactivate,
};

static char *
find_sample (const char *name)
{
  return g_build_filename (g_getenv ("HEPTAD_BUILD_ROOT"), "tests", "plugins", name, NULL);
}

static void
start_manager (Fixture *fixture, const char *const *search_paths)
{
  HeptadPluginManagerConfig config = {
    .search_paths = search_paths,
    .data_dir = fixture->data_dir,
    .probe_path = fixture->probe,
    .probe_timeout_ms = 1000,
    .start_deadline_ms = 1500,
    .stop_deadline_ms = 500,
    .hooks = &hooks,
    .hooks_data = fixture,
    .services = &services,
    .services_data = fixture,
  };

  fixture->manager = heptad_plugin_manager_new (&config);
  heptad_plugin_manager_start_all (fixture->manager);
}

static void
stop_manager (Fixture *fixture)
{
  heptad_plugin_manager_stop_all (fixture->manager);
  g_clear_pointer (&fixture->manager, heptad_plugin_manager_unref);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;

  fixture->data_dir = g_dir_make_tmp ("heptad-plugins-XXXXXX", NULL);
  fixture->probe =
      g_build_filename (g_getenv ("HEPTAD_BUILD_ROOT"), "core/plugins/heptad-probe", NULL);
  fixture->stores = heptad_store_hub_new (fixture->data_dir, NULL, &error);
  g_assert_no_error (error);
  fixture->registry = heptad_operation_registry_new ();
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->data_dir);

  if (fixture->manager != NULL)
    stop_manager (fixture);
  heptad_operation_registry_free (fixture->registry);
  heptad_store_hub_free (fixture->stores);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->data_dir);
  g_free (fixture->probe);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
serves (Fixture *fixture, const char *qualified)
{
  g_autoptr (HeptadOperationSnapshot) snapshot =
      heptad_operation_registry_get_snapshot (fixture->registry);

  return g_hash_table_contains (snapshot->by_name, qualified);
}

static void
assert_state (Fixture *fixture, const char *id, HeptadPluginState state)
{
  g_autoptr (HeptadPluginInfo) info = heptad_plugin_manager_describe (fixture->manager, id);

  g_assert_nonnull (info);
  g_assert_cmpstr (heptad_plugin_state_get_name (info->state), ==,
                   heptad_plugin_state_get_name (state));
}

static const struct {
  const char *folder;
  const char *expected; /* what is wrong */
  const char *remedy;
} broken[] = {
  { "no-manifest", "has a module but no plugin.yaml", "write one" },
  { "bad-yaml", "plugin.yaml:", NULL },
  { "unknown-key", "permisions", "plugin-manifest.schema.json" },
  { "unknown-ask", "telepathy", "it may ask for" },
  { "foreign-permission", "cost:read", "begin with 'foreign-permission:'" },
  { "wrong-abi-major", "SDK 2.0 and this host offers 1.0", "build it again" },
  { "newer-minor", "SDK 1.7 and this host offers up to 1.0", "update the host" },
  { "missing-symbol", "missing_symbol_of_nobody", "-Wl,-z,defs" },
  { "missing-sdk-function", "heptad_store_predict_future", "update the host" },
  { "no-query", "does not export heptad_plugin_query()", "HEPTAD_DEFINE_PLUGIN" },
  { "wrong-id", "'another-id'", "correct one" },
  { "duplicate-id", "the id 'good' is taken", "remove one" },
  { "unknown-permission", "unknown-permission:fly", "add it to `permissions`" },
  { "undeclared-operation", "'pong'", "declare it" },
  { "missing-handler", "'ping'", "HEPTAD_OPERATION (\"ping\"" },
  { "private-library", "libhelper.so", "statically" },
  { "registers-gtypes", "registers GTypes", "plain structs" },
  { "crashes-in-constructor", "crashed", "constructor functions" },
  { "hangs-in-constructor", "did not answer within 1.0 s", "constructor functions" },
  { "exits-in-constructor", "exit code 7", "constructor functions" },
  { "hangs-in-start", "did not start within 1.5 s", "look at its start" },
  { "fails-in-start", "the price list is not there", NULL },
  { "fails-silently", "gave no reason", "set the GError" },
  { "cyclic-a", "cyclic-a requires cyclic-b requires cyclic-a", "`wants`" },
  { "cyclic-b", "cyclic-b requires cyclic-a requires cyclic-b", "`wants`" },
  { "missing-requirement", "'nobody', which is not installed", "install it" },
  { "bad-cron", "wrong cron line '61 2 * * *'", NULL },
  { "bad-migration", "0001-thing", NULL },
};

static const HeptadPluginInfo *
find_info (GPtrArray *list, const char *folder)
{
  for (guint i = 0; i < list->len; i++)
    {
      const HeptadPluginInfo *info = g_ptr_array_index (list, i);
      g_autofree char *name = g_path_get_basename (info->bundle_dir);

      if (g_str_equal (name, folder))
        return info;
    }
  return NULL;
}

static void
assert_explained (GPtrArray *list, guint index)
{
  const HeptadPluginInfo *info = find_info (list, broken[index].folder);

  g_assert_nonnull (info);
  g_test_message ("%s is %s: %s", broken[index].folder, heptad_plugin_state_get_name (info->state),
                  info->reason);
  g_assert_cmpint (info->state, ==, HEPTAD_PLUGIN_FAILED);
  g_assert_nonnull (info->reason);
  g_assert_nonnull (strstr (info->reason, broken[index].expected));
  if (broken[index].remedy != NULL)
    g_assert_nonnull (strstr (info->reason, broken[index].remedy));
}

static void
test_all (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) list = NULL;

  g_ptr_array_add (paths, find_sample ("good"));
  g_ptr_array_add (paths, find_sample ("no-code"));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    g_ptr_array_add (paths, find_sample (broken[i].folder));
  g_ptr_array_add (paths, NULL);
  start_manager (fixture, (const char *const *) paths->pdata);

  list = heptad_plugin_manager_list (fixture->manager);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    assert_explained (list, i);
  assert_state (fixture, "good", HEPTAD_PLUGIN_ACTIVE);
  assert_state (fixture, "no-code", HEPTAD_PLUGIN_ACTIVE);
  g_assert_true (serves (fixture, "good.ping"));
  g_assert_false (serves (fixture, "missing-handler.ping"));
}

static void
start_one (Fixture *fixture, const char *name)
{
  g_autofree char *path = find_sample (name);
  const char *const paths[] = { path, NULL };

  start_manager (fixture, paths);
}

static void
test_slow_stop (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 began;

  start_one (fixture, "slow-stop");
  assert_state (fixture, "slow-stop", HEPTAD_PLUGIN_ACTIVE);
  began = g_get_monotonic_time ();
  g_assert_false (heptad_plugin_manager_unload (fixture->manager, "slow-stop", &error));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_USEC_PER_SEC);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "did not stop within 0.5 s"));
  g_assert_false (serves (fixture, "slow-stop.ping"));
}

static void
test_crash_in_child (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_setenv ("HEPTAD_TEST_DATA_DIR", fixture->data_dir, TRUE);
  g_test_trap_subprocess ("/plugins/in-a-child/crash-in-start", 0, 0);
  g_test_trap_assert_failed ();

  start_one (fixture, "crashes-in-start");
  assert_state (fixture, "crashes-in-start", HEPTAD_PLUGIN_DISABLED);
  stop_manager (fixture);

  /* It stays so at the start after that, until somebody says otherwise. */
  start_one (fixture, "crashes-in-start");
  {
    g_autoptr (HeptadPluginInfo) info =
        heptad_plugin_manager_describe (fixture->manager, "crashes-in-start");

    g_test_message ("%s", info->reason);
    g_assert_cmpint (info->state, ==, HEPTAD_PLUGIN_DISABLED);
    g_assert_nonnull (strstr (info->reason, "it stopped the host while starting on 20"));
    g_assert_nonnull (strstr (info->reason, "heptadctl plugin enable crashes-in-start"));
  }
}

static void
crash_in_child (void)
{
  g_autoptr (Fixture) fixture = NULL;

  if (!g_test_subprocess ())
    return;
  fixture = fixture_new ();
  g_free (fixture->data_dir);
  fixture->data_dir = g_strdup (g_getenv ("HEPTAD_TEST_DATA_DIR"));
  start_one (fixture, "crashes-in-start");
}

static void
test_reload (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadOperationSnapshot) held = NULL;
  g_autoptr (HeptadPluginRuntime) old = NULL;
  g_autoptr (HeptadPluginRuntime) new = NULL;

  start_one (fixture, "good");
  old = heptad_plugin_manager_get_runtime (fixture->manager, "good");
  held = heptad_operation_registry_get_snapshot (fixture->registry);
  g_assert_true (heptad_plugin_manager_reload (fixture->manager, "good", &error));
  g_assert_no_error (error);
  new = heptad_plugin_manager_get_runtime (fixture->manager, "good");
  g_assert_true (old != new);
  g_assert_true (serves (fixture, "good.ping"));

  /* A call in flight keeps the old generation from being stopped. */
  g_assert_cmpuint (heptad_plugin_runtime_count_pins (old), ==, 1);
  g_clear_pointer (&held, heptad_operation_snapshot_unref);
  for (guint i = 0; i < 200 && heptad_plugin_runtime_count_pins (old) > 0; i++)
    g_usleep (10000);
  g_assert_cmpuint (heptad_plugin_runtime_count_pins (old), ==, 0);
}

static void
test_failed_reload (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *original = find_sample ("good");
  g_autofree char *bundle = g_build_filename (fixture->data_dir, "good", NULL);
  g_autofree char *manifest = g_build_filename (bundle, "plugin.yaml", NULL);
  g_autofree char *command = g_strdup_printf ("cp -r '%s' '%s'", original, bundle);
  const char *const paths[] = { bundle, NULL };
  g_autoptr (HeptadPluginRuntime) before = NULL;
  g_autoptr (HeptadPluginRuntime) after = NULL;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  start_manager (fixture, paths);
  before = heptad_plugin_manager_get_runtime (fixture->manager, "good");
  g_assert_true (g_file_set_contents (manifest, "id: good\nname: [\n", -1, NULL));
  g_assert_false (heptad_plugin_manager_reload (fixture->manager, "good", &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "plugin.yaml:"));

  after = heptad_plugin_manager_get_runtime (fixture->manager, "good");
  g_assert_true (before == after);
  assert_state (fixture, "good", HEPTAD_PLUGIN_ACTIVE);
  g_assert_true (serves (fixture, "good.ping"));
}

static void
test_unload_and_load (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_sample ("good");

  start_one (fixture, "good");
  g_assert_false (heptad_plugin_manager_load_bundle (fixture->manager, path, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (heptad_plugin_manager_unload (fixture->manager, "good", &error));
  assert_state (fixture, "good", HEPTAD_PLUGIN_STOPPED);
  g_assert_false (serves (fixture, "good.ping"));
  g_assert_true (heptad_plugin_manager_load (fixture->manager, "good", &error));
  assert_state (fixture, "good", HEPTAD_PLUGIN_ACTIVE);
  g_assert_true (serves (fixture, "good.ping"));
  g_assert_false (heptad_plugin_manager_load (fixture->manager, "nobody", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
}

static void
test_disable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  start_one (fixture, "good");
  g_assert_true (
      heptad_plugin_manager_disable (fixture->manager, "good", "an operator's wish", &error));
  assert_state (fixture, "good", HEPTAD_PLUGIN_DISABLED);
  stop_manager (fixture);
  start_one (fixture, "good");
  assert_state (fixture, "good", HEPTAD_PLUGIN_DISABLED);
  g_assert_true (heptad_plugin_manager_enable (fixture->manager, "good", &error));
  assert_state (fixture, "good", HEPTAD_PLUGIN_ACTIVE);
}

static void
test_marker_is_gone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *markers = g_build_filename (fixture->data_dir, "starting", NULL);
  g_autofree char *date = NULL;

  start_one (fixture, "good");
  date = heptad_start_marker_read (markers, "good");
  g_assert_null (date);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* Warnings are what the plugins are here for. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/plugins/each-broken-one-is-explained-and-a-good-one-serves", test_all);
  g_test_add_func ("/plugins/a-stop-that-hangs-is-given-up", test_slow_stop);
  g_test_add_func ("/plugins/in-a-child/crash-in-start", crash_in_child);
  g_test_add_func ("/plugins/one-that-crashed-the-host-is-disabled-by-name", test_crash_in_child);
  g_test_add_func ("/plugins/a-reload-waits-for-calls-in-flight", test_reload);
  g_test_add_func ("/plugins/a-reload-that-fails-leaves-the-old-one-serving", test_failed_reload);
  g_test_add_func ("/plugins/unloading-stops-serving-and-loading-serves-again",
                   test_unload_and_load);
  g_test_add_func ("/plugins/a-disabled-one-stays-so-over-a-restart", test_disable);
  g_test_add_func ("/plugins/a-good-start-leaves-no-marker", test_marker_is_gone);
  return g_test_run ();
}
