/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-operations.h"

void
heptad_host_operations_add_plugin (HeptadBuilder *builder, const HeptadPluginInfo *info)
{
  heptad_builder_set_string (builder, "id", info->id);
  if (info->name != NULL)
    heptad_builder_set_string (builder, "name", info->name);
  if (info->version != NULL)
    heptad_builder_set_string (builder, "version", info->version);
  if (info->summary != NULL)
    heptad_builder_set_string (builder, "summary", info->summary);
  heptad_builder_set_string (builder, "state", heptad_plugin_state_get_name (info->state));
  if (info->reason != NULL)
    heptad_builder_set_string (builder, "reason", info->reason);
}

static void
on_list_plugins (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadBuilder) items = heptad_builder_new_array ();
  g_autoptr (GPtrArray) plugins = heptad_plugin_manager_list (daemon->plugins);

  for (guint i = 0; i < plugins->len; i++)
    {
      heptad_builder_add_object (items);
      heptad_host_operations_add_plugin (items, plugins->pdata[i]);
      heptad_builder_close (items);
    }
  heptad_host_operations_return_items (call, heptad_builder_end (items), NULL);
}

static void
return_plugin (HeptadCall *call, HeptadHostDaemon *daemon, const char *id)
{
  g_autoptr (HeptadPluginInfo) info = heptad_plugin_manager_describe (daemon->plugins, id);
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  if (info == NULL)
    {
      heptad_call_return_error (call, HEPTAD_ERROR_NOT_FOUND, "There is no plugin '%s' any more",
                                id);
      return;
    }
  heptad_host_operations_add_plugin (answer, info);
  heptad_call_return (call, heptad_builder_end (answer));
}

/* What the five changes have in common: do it, then tell how the plugin stands. */
static void
finish_change (HeptadCall *call, HeptadHostDaemon *daemon, gboolean done, GError *error)
{
  if (done)
    return_plugin (call, daemon, heptad_call_get_string (call, "pluginId"));
  else
    heptad_call_take_error (call, error);
}

static void
on_load (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done = heptad_plugin_manager_load (daemon->plugins,
                                              heptad_call_get_string (call, "pluginId"), &error);

  finish_change (call, daemon, done, error);
}

static void
on_unload (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done = heptad_plugin_manager_unload (daemon->plugins,
                                                heptad_call_get_string (call, "pluginId"), &error);

  finish_change (call, daemon, done, error);
}

static void
on_reload (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done = heptad_plugin_manager_reload (daemon->plugins,
                                                heptad_call_get_string (call, "pluginId"), &error);

  finish_change (call, daemon, done, error);
}

static void
on_enable (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  gboolean done = heptad_plugin_manager_enable (daemon->plugins,
                                                heptad_call_get_string (call, "pluginId"), &error);

  finish_change (call, daemon, done, error);
}

static void
on_disable (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  g_autofree char *reason = g_strdup_printf ("%s disabled it", heptad_call_get_principal (call));
  gboolean done = heptad_plugin_manager_disable (
      daemon->plugins, heptad_call_get_string (call, "pluginId"), reason, &error);

  finish_change (call, daemon, done, error);
}

/* (transfer full) (nullable): the plugin's runtime; answers the call when there is none. */
static HeptadPluginRuntime *
find_runtime (HeptadCall *call, HeptadHostDaemon *daemon)
{
  const char *id = heptad_call_get_string (call, "pluginId");
  HeptadPluginRuntime *runtime = heptad_plugin_manager_get_runtime (daemon->plugins, id);

  if (runtime == NULL)
    heptad_call_return_error (call, HEPTAD_ERROR_NOT_FOUND,
                              "No plugin '%s' runs; GET /api/v1/host/plugins tells why", id);
  return runtime;
}

static void
return_settings (HeptadCall *call, HeptadHostDaemon *daemon, HeptadPluginRuntime *runtime)
{
  g_autoptr (GError) error = NULL;
  HeptadValue *settings =
      heptad_settings_hub_get (daemon->settings, heptad_plugin_runtime_get_manifest (runtime),
                               heptad_host_operations_get_tenant_id (call), &error);

  if (settings != NULL)
    heptad_call_return (call, settings);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

static void
on_get_settings (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadPluginRuntime) runtime = find_runtime (call, daemon);

  if (runtime != NULL)
    return_settings (call, daemon, runtime);
}

static void
on_set_settings (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadPluginRuntime) runtime = find_runtime (call, daemon);
  g_autoptr (GError) error = NULL;

  if (runtime == NULL)
    return;
  if (heptad_settings_hub_set (daemon->settings, heptad_plugin_runtime_get_manifest (runtime),
                               heptad_host_operations_get_tenant_id (call),
                               heptad_call_get_body (call), &error))
    return_settings (call, daemon, runtime);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

const HeptadOperationEntry heptad_host_operations_plugins[] = {
  HEPTAD_OPERATION ("listPlugins", on_list_plugins),
  HEPTAD_OPERATION ("loadPlugin", on_load),
  HEPTAD_OPERATION ("unloadPlugin", on_unload),
  HEPTAD_OPERATION ("reloadPlugin", on_reload),
  HEPTAD_OPERATION ("enablePlugin", on_enable),
  HEPTAD_OPERATION ("disablePlugin", on_disable),
  HEPTAD_OPERATION ("getPluginSettings", on_get_settings),
  HEPTAD_OPERATION ("setPluginSettings", on_set_settings),
  { NULL },
};
