/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins the plugin manager to the rest of the host. */
#include "core/host/host-plugins.h"

#include "core/host/host-work.h"
#include "core/host/paths.h"
#include "core/plugins/plugin-operations.h"
#include "core/store/blob-folder.h"
#include "sdk/heptad-error.h"
#include "sdk/heptad-log.h"

#define PROBE_TIMEOUT_MS 10000

static char **
list_tenants (gpointer data, const char *plugin_id)
{
  HeptadHostDaemon *daemon = data;
  g_autoptr (GError) error = NULL;
  char **tenants = heptad_tenants_list_for_plugin (daemon->tenants, plugin_id, &error);

  if (tenants != NULL)
    return tenants;
  heptad_log_warning ("The tenants of the plugin %s cannot be read: %s", plugin_id, error->message);
  return g_new0 (char *, 1);
}

/* Events commit in the plugin's store, also when the plugin keeps nothing else there. */
static GObject *
open_events (HeptadHostDaemon *daemon,
             HeptadManifest *manifest,
             const char *migrations,
             const char *tenant_id,
             GError **error)
{
  g_autoptr (HeptadStore) store =
      heptad_store_hub_open (daemon->stores, tenant_id, manifest->id, migrations, error);

  if (store == NULL)
    return NULL;
  return (GObject *) heptad_event_hub_get_events (daemon->events, tenant_id, manifest->id, store,
                                                  (const char *const *) manifest->subscribes,
                                                  error);
}

static GObject *
open_service (gpointer data,
              HeptadManifest *manifest,
              const char *bundle_dir,
              const char *tenant_id,
              const char *interface_id,
              GError **error)
{
  HeptadHostDaemon *daemon = data;
  g_autofree char *migrations = g_build_filename (bundle_dir, "migrations", NULL);

  if (g_str_equal (interface_id, "heptad.store"))
    return (GObject *) heptad_store_hub_open (daemon->stores, tenant_id, manifest->id, migrations,
                                              error);
  if (g_str_equal (interface_id, "heptad.events"))
    return open_events (daemon, manifest, migrations, tenant_id, error);
  if (g_str_equal (interface_id, "heptad.draft.blobs"))
    return (GObject *) heptad_blob_folder_open (daemon->config->data_dir, tenant_id, manifest->id,
                                                error);
  if (g_str_equal (interface_id, "heptad.settings"))
    return (GObject *) heptad_settings_hub_open (daemon->settings, manifest, tenant_id, error);

  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
               "This host has no service %s, which the plugin %s asks for; update the host",
               interface_id, manifest->id);
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
  return heptad_plugin_operations_prepare (runtime, report, error)
         && heptad_host_work_declare (data, heptad_plugin_runtime_get_manifest (runtime), error);
}

/* Jobs and handlers of a generation go before those of the next one come; what is interrupted goes
 * on in the new code. Calls go over in one step. */
static gboolean
activate (gpointer data,
          HeptadPluginRuntime *runtime,
          HeptadPluginRuntime *replaces,
          GError **error)
{
  HeptadHostDaemon *daemon = data;

  if (replaces != NULL)
    heptad_host_work_leave_all (daemon, replaces);
  if (heptad_host_work_join_all (daemon, runtime, error))
    {
      if (heptad_plugin_operations_activate (daemon->operations, runtime, error))
        return TRUE;
      heptad_host_work_leave_all (daemon, runtime);
    }
  if (replaces != NULL)
    heptad_host_work_join_all (daemon, replaces, NULL);
  return FALSE;
}

static void
deactivate (gpointer data, HeptadPluginRuntime *runtime, gboolean replaced)
{
  HeptadHostDaemon *daemon = data;

  heptad_plugin_operations_deactivate (daemon->operations, runtime, replaced);
  if (replaced)
    return;
  heptad_host_work_leave_all (daemon, runtime);
  heptad_event_hub_forget_topics (daemon->events, heptad_plugin_runtime_get_id (runtime));
}

/* A plugin that cannot serve is told of, and the host is ready without it. */
static HeptadHealthState
judge (HeptadPluginState state)
{
  if (!heptad_plugin_state_is_settled (state))
    return state == HEPTAD_PLUGIN_STOPPING ? HEPTAD_HEALTH_OK : HEPTAD_HEALTH_STARTING;
  return state == HEPTAD_PLUGIN_FAILED ? HEPTAD_HEALTH_DEGRADED : HEPTAD_HEALTH_OK;
}

static void
on_changed (gpointer data, const char *id, HeptadPluginState state, const char *reason)
{
  HeptadHostDaemon *daemon = data;
  g_autofree char *part = g_strconcat ("plugin/", id, NULL);

  if (reason == NULL && (state == HEPTAD_PLUGIN_STOPPED || state == HEPTAD_PLUGIN_STOPPING))
    reason = heptad_plugin_state_get_name (state);
  heptad_health_set (daemon->health, part, judge (state), reason);
}

static const HeptadPluginHooks hooks = {
  .prepare = prepare,
  .activate = activate,
  .deactivate = deactivate,
  .changed = on_changed,
};

HeptadPluginManager *
heptad_host_plugins_new (HeptadHostDaemon *daemon)
{
  const HeptadConfig *config = daemon->config;
  g_auto (GStrv) paths = heptad_paths_list_plugin_dirs ((const char *const *) config->plugin_path);
  g_autofree char *probe = heptad_paths_find_probe ();
  HeptadPluginManagerConfig manager = {
    .search_paths = (const char *const *) paths,
    .data_dir = config->data_dir,
    .probe_path = probe,
    .probe_timeout_ms = PROBE_TIMEOUT_MS,
    .start_deadline_ms = (guint) config->plugin_start_timeout * 1000,
    .stop_deadline_ms = (guint) config->plugin_stop_timeout * 1000,
    .hooks = &hooks,
    .hooks_data = daemon,
    .services = &services,
    .services_data = daemon,
  };

  return heptad_plugin_manager_new (&manager);
}
