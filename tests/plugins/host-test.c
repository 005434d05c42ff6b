/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole host but its doors, with the SDK's demanding sample in it. */
#include "core/host/host.h"

#include <string.h>

typedef struct {
  char *dir;
  HeptadHostDaemon *daemon;
  gboolean started;
} Fixture;

static void
on_started (gpointer data)
{
  Fixture *fixture = data;

  fixture->started = TRUE;
  g_main_context_wakeup (NULL);
}

static void
open_host (Fixture *fixture, GError **error)
{
  g_autofree char *bundle =
      g_build_filename (g_getenv ("HEPTAD_BUILD_ROOT"), "tests", "plugins", "depot", NULL);
  const char *const arguments[] = { "--data-dir", fixture->dir,        "--plugin-path",
                                    bundle,       "--password-memory", "8192",
                                    NULL };
  const char *const environment[] = { NULL };
  HeptadConfig *config = heptad_config_load (arguments, environment, error);

  g_assert_nonnull (config);
  fixture->daemon = heptad_host_daemon_new (config, error);
}

static void
start_host (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  open_host (fixture, &error);
  g_assert_no_error (error);
  fixture->started = FALSE;
  g_assert_false (heptad_health_is_ready (fixture->daemon->health));
  heptad_host_daemon_start_plugins (fixture->daemon, on_started, fixture);
  while (!fixture->started)
    g_main_context_iteration (NULL, TRUE);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("heptad-host-XXXXXX", NULL);
  start_host (fixture);
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", fixture->dir);

  g_clear_pointer (&fixture->daemon, heptad_host_daemon_free);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->dir);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
assert_serves (Fixture *fixture)
{
  g_autoptr (HeptadPluginInfo) info =
      heptad_plugin_manager_describe (fixture->daemon->plugins, "depot");

  g_assert_nonnull (info);
  if (info->state != HEPTAD_PLUGIN_ACTIVE)
    g_error ("depot is %s: %s", heptad_plugin_state_get_name (info->state), info->reason);
}

static void
test_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (HeptadPluginRuntime) runtime = NULL;
  g_autoptr (HeptadTenant) tenant = NULL;
  g_autoptr (GError) error = NULL;

  assert_serves (fixture);
  g_assert_nonnull (fixture->daemon->first_password);
  g_assert_true (heptad_health_is_ready (fixture->daemon->health));

  runtime = heptad_plugin_manager_get_runtime (fixture->daemon->plugins, "depot");
  tenant = heptad_plugin_runtime_get_tenant (runtime, "default");
  g_assert_nonnull (heptad_tenant_get_store (tenant));
  g_assert_nonnull (heptad_tenant_get_events (tenant));
  g_assert_cmpint (heptad_settings_get_int64 (heptad_tenant_get_settings (tenant), "keepDays"), ==,
                   30);
  g_assert_nonnull (heptad_tenant_get_service (tenant, "heptad.draft.blobs", 0, &error));
  g_assert_null (heptad_tenant_get_service (tenant, "heptad.store", 2, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (heptad_tenant_get_service (tenant, "heptad.telepathy", 1, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED);
}

static void
test_restart (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_clear_pointer (&fixture->daemon, heptad_host_daemon_free);
  start_host (fixture);
  assert_serves (fixture);
  g_assert_null (fixture->daemon->first_password);
}

static void
test_reload (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (heptad_plugin_manager_reload (fixture->daemon->plugins, "depot", &error));
      g_assert_no_error (error);
      assert_serves (fixture);
    }
}

typedef struct {
  HeptadOperationRegistry *registry;
  gint stop;
  gint n_calls;
} Callers;

/* Does what a door does for each call, short of the handler. */
static gpointer
call_on (gpointer data)
{
  Callers *callers = data;

  while (!g_atomic_int_get (&callers->stop))
    {
      g_autoptr (HeptadOperationSnapshot) snapshot =
          heptad_operation_registry_get_snapshot (callers->registry);
      HeptadOperationSet *set = g_ptr_array_index (snapshot->sets, 0);
      const HeptadOperationTarget *target = heptad_operation_set_get_target (set);
      g_autoptr (HeptadTenant) tenant = target->get_tenant (target->data, "default");

      g_assert_nonnull (tenant);
      g_assert_nonnull (heptad_tenant_get_store (tenant));
      g_atomic_int_inc (&callers->n_calls);
    }
  return NULL;
}

static void
test_reload_under_load (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  Callers callers = { .registry = fixture->daemon->operations };
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", call_on, &callers);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (heptad_plugin_manager_reload (fixture->daemon->plugins, "depot", &error));
      g_assert_no_error (error);
    }
  g_atomic_int_set (&callers.stop, 1);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (callers.n_calls, >, 100);
}

static void
test_tenants (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadPluginRuntime) runtime = NULL;
  g_autoptr (HeptadTenant) added = NULL;

  g_assert_true (heptad_host_daemon_add_tenant (fixture->daemon, "acme", "Acme", &error));
  runtime = heptad_plugin_manager_get_runtime (fixture->daemon->plugins, "depot");
  added = heptad_plugin_runtime_get_tenant (runtime, "acme");
  g_assert_nonnull (added);
  g_assert_true (
      heptad_host_daemon_set_tenant_plugin (fixture->daemon, "acme", "depot", FALSE, &error));
  g_assert_null (heptad_plugin_runtime_get_tenant (runtime, "acme"));
  g_assert_true (
      heptad_host_daemon_set_tenant_plugin (fixture->daemon, "acme", "depot", TRUE, &error));
  g_assert_no_error (error);
  g_clear_object (&added);
  added = heptad_plugin_runtime_get_tenant (runtime, "acme");
  g_assert_nonnull (added);
}

static void
test_second_host (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Fixture second = { .dir = fixture->dir };
  g_autoptr (GError) error = NULL;

  open_host (&second, &error);
  g_assert_null (second.daemon);
  g_assert_nonnull (strstr (error->message, fixture->dir));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/host/starts-and-gives-a-plugin-what-it-asks-for", test_start);
  g_test_add_func ("/host/starts-again-on-the-same-data", test_restart);
  g_test_add_func ("/host/reloads-a-plugin-with-jobs-and-handlers", test_reload);
  g_test_add_func ("/host/no-call-fails-while-a-plugin-is-reloaded", test_reload_under_load);
  g_test_add_func ("/host/tenants-come-and-go-while-it-serves", test_tenants);
  g_test_add_func ("/host/a-second-one-on-the-same-data-is-refused-by-name", test_second_host);
  return g_test_run ();
}
