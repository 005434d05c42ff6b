/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-work.h"

#include "core/operations/json-schema.h"
#include "core/operations/serial-slot.h"
#include "sdk/heptad-error.h"

/* Topics. */

static gboolean
check_event (gpointer data, const HeptadValue *value, GError **error)
{
  g_auto (HeptadSchemaReport) report = { 0 };

  if (heptad_schema_validate (data, value, &report))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "the event does not fit its topic's schema: %s %s",
               *report.failures[0].pointer != '\0' ? report.failures[0].pointer : "the data",
               report.failures[0].detail);
  return FALSE;
}

static void
schema_unref (gpointer schema)
{
  heptad_schema_unref (schema);
}

gboolean
heptad_host_work_declare (HeptadHostDaemon *daemon, const HeptadManifest *manifest, GError **error)
{
  for (guint i = 0; i < manifest->events->len; i++)
    {
      const HeptadManifestEvent *event = &g_array_index (manifest->events, HeptadManifestEvent, i);
      HeptadSchema *schema = heptad_schema_compile_at (event->schema, "", error);

      if (schema == NULL
          || !heptad_event_hub_declare_topic (daemon->events, manifest->id, event->topic,
                                              check_event, schema, schema_unref, error))
        return FALSE;
    }
  return TRUE;
}

/* Jobs and schedules. */

static gboolean
join_jobs (HeptadHostDaemon *daemon,
           HeptadPluginRuntime *runtime,
           HeptadTenant *tenant,
           HeptadStore *store,
           GError **error)
{
  const HeptadPluginDescriptor *descriptor = heptad_plugin_runtime_get_descriptor (runtime);
  const HeptadManifest *manifest = heptad_plugin_runtime_get_manifest (runtime);
  HeptadJobSpec spec = {
    .tenant_id = heptad_tenant_get_id (tenant),
    .tenant = tenant,
    .plugin_id = manifest->id,
    .store = store,
    .entries = descriptor->jobs,
    .plugin = heptad_plugin_runtime_get_instance (runtime),
  };

  if (!heptad_job_queue_register (daemon->jobs, &spec, error))
    return FALSE;
  for (guint i = 0; i < manifest->schedules->len; i++)
    {
      const HeptadManifestSchedule *schedule =
          &g_array_index (manifest->schedules, HeptadManifestSchedule, i);

      if (!heptad_job_queue_add_schedule (daemon->jobs, spec.tenant_id, manifest->id, schedule->id,
                                          schedule->cron, schedule->timezone, schedule->job,
                                          schedule->input, error))
        return FALSE;
    }
  return TRUE;
}

/* Durable handlers. */

static gboolean
enter_slot (gpointer slot)
{
  return heptad_serial_slot_try_enter (slot);
}

static void
leave_slot (gpointer slot)
{
  heptad_serial_slot_leave (slot);
}

static gboolean
join_events (HeptadHostDaemon *daemon,
             HeptadPluginRuntime *runtime,
             HeptadTenant *tenant,
             HeptadStore *store,
             GError **error)
{
  const HeptadPluginDescriptor *descriptor = heptad_plugin_runtime_get_descriptor (runtime);
  const HeptadEventSerial serial = { enter_slot, leave_slot, heptad_serial_slot_get (tenant) };
  gboolean is_serial = heptad_plugin_runtime_get_manifest (runtime)->serial;

  for (const HeptadEventEntry *entry = descriptor->events; entry->topic != NULL; entry++)
    {
      HeptadEventHandlerSpec spec = {
        .tenant = tenant,
        .plugin_id = heptad_plugin_runtime_get_id (runtime),
        .store = store,
        .entry = entry,
        .plugin = heptad_plugin_runtime_get_instance (runtime),
        .serial = is_serial ? &serial : NULL,
      };

      if (!heptad_event_hub_add_handler (daemon->events, heptad_tenant_get_id (tenant), &spec,
                                         error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_jobs (const HeptadPluginDescriptor *descriptor)
{
  return descriptor != NULL && HEPTAD_HAS_FIELD (descriptor, jobs) && descriptor->jobs != NULL;
}

static gboolean
has_handlers (const HeptadPluginDescriptor *descriptor)
{
  return descriptor != NULL && HEPTAD_HAS_FIELD (descriptor, events) && descriptor->events != NULL;
}

gboolean
heptad_host_work_join (HeptadHostDaemon *daemon,
                       HeptadPluginRuntime *runtime,
                       HeptadTenant *tenant,
                       GError **error)
{
  const HeptadPluginDescriptor *descriptor = heptad_plugin_runtime_get_descriptor (runtime);
  g_autofree char *migrations =
      g_build_filename (heptad_plugin_runtime_get_bundle_dir (runtime), "migrations", NULL);
  g_autoptr (HeptadStore) store = NULL;

  if (!has_jobs (descriptor) && !has_handlers (descriptor))
    return TRUE;
  store = heptad_store_hub_open (daemon->stores, heptad_tenant_get_id (tenant),
                                 heptad_plugin_runtime_get_id (runtime), migrations, error);
  if (store == NULL)
    return FALSE;
  if ((!has_jobs (descriptor) || join_jobs (daemon, runtime, tenant, store, error))
      && (!has_handlers (descriptor) || join_events (daemon, runtime, tenant, store, error)))
    return TRUE;
  heptad_host_work_leave (daemon, runtime, heptad_tenant_get_id (tenant));
  return FALSE;
}

void
heptad_host_work_leave (HeptadHostDaemon *daemon,
                        HeptadPluginRuntime *runtime,
                        const char *tenant_id)
{
  const HeptadPluginDescriptor *descriptor = heptad_plugin_runtime_get_descriptor (runtime);
  const char *plugin_id = heptad_plugin_runtime_get_id (runtime);

  if (has_handlers (descriptor))
    heptad_event_hub_remove_handlers (daemon->events, tenant_id, plugin_id);
  if (has_jobs (descriptor))
    heptad_job_queue_unregister (daemon->jobs, tenant_id, plugin_id);
}

gboolean
heptad_host_work_join_all (HeptadHostDaemon *daemon, HeptadPluginRuntime *runtime, GError **error)
{
  g_autoptr (GPtrArray) tenants = heptad_plugin_runtime_list_tenants (runtime);

  for (guint i = 0; i < tenants->len; i++)
    if (!heptad_host_work_join (daemon, runtime, g_ptr_array_index (tenants, i), error))
      {
        heptad_host_work_leave_all (daemon, runtime);
        return FALSE;
      }
  return TRUE;
}

void
heptad_host_work_leave_all (HeptadHostDaemon *daemon, HeptadPluginRuntime *runtime)
{
  g_autoptr (GPtrArray) tenants = heptad_plugin_runtime_list_tenants (runtime);

  for (guint i = 0; i < tenants->len; i++)
    heptad_host_work_leave (daemon, runtime, heptad_tenant_get_id (g_ptr_array_index (tenants, i)));
}
