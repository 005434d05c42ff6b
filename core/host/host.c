/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host.h"

#include "core/host/host-plugins.h"
#include "core/host/host-work.h"
#include "core/identity/bootstrap.h"
#include "core/identity/identity-schema.h"
#include "core/telemetry/log-writer.h"
#include "sdk/heptad-log.h"

#define PASSWORD_LANES 1
#define HOUSEKEEPING_S 600

static gboolean
open_stores (HeptadHostDaemon *self, GError **error)
{
  self->stores = heptad_store_hub_new (self->config->data_dir, NULL, error);
  if (self->stores == NULL)
    return FALSE;
  self->events = heptad_event_hub_new (self->stores);
  self->jobs = heptad_job_queue_new (self->stores, (guint) self->config->job_threads);
  self->core_store = heptad_identity_store_open (self->stores, error);
  return self->core_store != NULL;
}

static gboolean
open_identity (HeptadHostDaemon *self, GError **error)
{
  const HeptadConfig *config = self->config;
  const HeptadIdentityConfig identity = {
    .password_cost = { (guint) config->password_memory, (guint) config->password_passes,
                       PASSWORD_LANES },
    .session_seconds = (guint64) config->session_hours * 3600,
  };

  self->tenants = heptad_tenants_new (self->core_store, error);
  if (self->tenants == NULL)
    return FALSE;
  self->identity = heptad_identity_new (self->core_store, &identity, error);
  if (self->identity == NULL)
    return FALSE;
  return heptad_identity_bootstrap (self->identity, HEPTAD_TENANT_DEFAULT,
                                    config->bootstrap_key_file, &self->first_password, error);
}

/* What has expired is refused anyhow; this only gives its room back. It writes for some
 * milliseconds, which the main thread, where no connection is served, can spare. */
static gboolean
keep_house (gpointer data)
{
  HeptadHostDaemon *self = data;
  g_autoptr (GError) error = NULL;

  if (!heptad_identity_purge (self->identity, &error))
    heptad_log_warning ("Expired sessions and keys could not be removed: %s", error->message);
  return G_SOURCE_CONTINUE;
}

HeptadHostDaemon *
heptad_host_daemon_new (HeptadConfig *config, GError **error)
{
  g_autoptr (HeptadHostDaemon) self = g_new0 (HeptadHostDaemon, 1);

  self->config = config;
  self->started_at_us = g_get_real_time ();
  self->metrics = heptad_metrics_new ();
  self->health = heptad_health_new ();
  heptad_health_set (self->health, "plugins", HEPTAD_HEALTH_STARTING, "the plugins are starting");
  if (!open_stores (self, error) || !open_identity (self, error))
    return NULL;
  self->audit = heptad_audit_new (self->core_store);
  self->settings = heptad_settings_hub_new (self->tenants);
  self->operations = heptad_operation_registry_new ();
  self->plugins = heptad_host_plugins_new (self);
  self->housekeeping = g_timeout_add_seconds (HOUSEKEEPING_S, keep_house, self);
  return g_steal_pointer (&self);
}

static gboolean
tell_started (gpointer data)
{
  HeptadHostDaemon *self = data;

  g_clear_pointer (&self->starting, g_thread_join);
  heptad_health_remove (self->health, "plugins");
  self->started (self->started_data);
  return G_SOURCE_REMOVE;
}

static gpointer
start_plugins (gpointer data)
{
  HeptadHostDaemon *self = data;

  heptad_plugin_manager_start_all (self->plugins);
  g_idle_add (tell_started, self);
  return NULL;
}

void
heptad_host_daemon_start_plugins (HeptadHostDaemon *daemon,
                                  void (*started) (gpointer data),
                                  gpointer data)
{
  daemon->started = started;
  daemon->started_data = data;
  daemon->starting = g_thread_new ("lifecycle", start_plugins, daemon);
}

static void
stop_plugins (HeptadHostDaemon *self)
{
  if (self->starting != NULL)
    {
      g_thread_join (self->starting);
      g_idle_remove_by_data (self);
    }
  if (self->plugins == NULL)
    return;
  heptad_plugin_manager_stop_all (self->plugins);
  heptad_plugin_manager_unref (self->plugins);
}

void
heptad_host_daemon_free (HeptadHostDaemon *daemon)
{
  g_clear_handle_id (&daemon->housekeeping, g_source_remove);
  stop_plugins (daemon);
  g_clear_pointer (&daemon->operations, heptad_operation_registry_free);
  g_clear_pointer (&daemon->settings, heptad_settings_hub_free);
  g_clear_pointer (&daemon->audit, heptad_audit_free);
  g_clear_pointer (&daemon->identity, heptad_identity_free);
  g_clear_pointer (&daemon->tenants, heptad_tenants_free);
  g_clear_object (&daemon->core_store);
  g_clear_pointer (&daemon->jobs, heptad_job_queue_free);
  g_clear_pointer (&daemon->events, heptad_event_hub_free);
  g_clear_pointer (&daemon->stores, heptad_store_hub_free);
  g_clear_pointer (&daemon->health, heptad_health_free);
  g_clear_pointer (&daemon->metrics, heptad_metrics_free);
  g_clear_pointer (&daemon->config, heptad_config_free);
  g_free (daemon->first_password);
  g_free (daemon);
}

static gboolean
enable_for_tenant (HeptadHostDaemon *self,
                   HeptadPluginRuntime *runtime,
                   const char *tenant_id,
                   GError **error)
{
  g_autoptr (HeptadTenant) tenant = NULL;

  if (!heptad_plugin_runtime_add_tenant (runtime, tenant_id, error))
    return FALSE;
  tenant = heptad_plugin_runtime_get_tenant (runtime, tenant_id);
  return tenant == NULL || heptad_host_work_join (self, runtime, tenant, error);
}

gboolean
heptad_host_daemon_add_tenant (HeptadHostDaemon *daemon,
                               const char *tenant_id,
                               const char *name,
                               GError **error)
{
  g_autoptr (GPtrArray) runtimes = NULL;

  if (!heptad_tenants_create (daemon->tenants, tenant_id, name, error))
    return FALSE;
  runtimes = heptad_plugin_manager_list_runtimes (daemon->plugins);
  for (guint i = 0; i < runtimes->len; i++)
    {
      HeptadPluginRuntime *runtime = g_ptr_array_index (runtimes, i);
      g_autoptr (GError) failure = NULL;

      if (!enable_for_tenant (daemon, runtime, tenant_id, &failure))
        heptad_log_warning ("The plugin %s cannot serve the tenant %s: %s",
                            heptad_plugin_runtime_get_id (runtime), tenant_id, failure->message);
    }
  return TRUE;
}

gboolean
heptad_host_daemon_set_tenant_plugin (HeptadHostDaemon *daemon,
                                      const char *tenant_id,
                                      const char *plugin_id,
                                      gboolean enabled,
                                      GError **error)
{
  g_autoptr (HeptadPluginRuntime) runtime = NULL;

  if (!heptad_tenants_set_plugin (daemon->tenants, tenant_id, plugin_id, enabled, error))
    return FALSE;
  runtime = heptad_plugin_manager_get_runtime (daemon->plugins, plugin_id);
  if (runtime == NULL)
    return TRUE;
  if (enabled)
    return enable_for_tenant (daemon, runtime, tenant_id, error);
  heptad_host_work_leave (daemon, runtime, tenant_id);
  heptad_plugin_runtime_remove_tenant (runtime, tenant_id);
  return TRUE;
}

void
heptad_host_daemon_apply (HeptadHostDaemon *daemon, const HeptadConfig *config)
{
  g_free (daemon->config->log_level);
  daemon->config->log_level = g_strdup (config->log_level);
  heptad_log_writer_set_level (heptad_log_level_parse (config->log_level));
}
