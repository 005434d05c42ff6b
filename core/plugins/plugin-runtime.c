/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-runtime.h"

#include "core/plugins/plugin-version.h"
#include "sdk/backend/heptad-host-backend.h"
#include "sdk/heptad-error.h"

struct _HeptadPluginRuntime {
  gatomicrefcount references;
  HeptadManifest *manifest;
  char *bundle_dir;
  const HeptadPluginServices *services;
  gpointer services_data;
  const HeptadPluginDescriptor *descriptor;
  gpointer instance;
  gboolean started;
  HeptadHost *host;
  gpointer attachment;
  GDestroyNotify destroy_attachment;

  GRWLock tenants_lock;
  GHashTable *tenants;        /* id -> HeptadTenant */
  GHashTable *failed_tenants; /* id -> GError */

  GMutex pins_mutex;
  GCond pins_changed;
  guint n_pins;
  gboolean closing;
};

HeptadPluginRuntime *
heptad_plugin_runtime_new (HeptadManifest *manifest,
                           const char *bundle_dir,
                           const HeptadPluginServices *services,
                           gpointer services_data)
{
  HeptadPluginRuntime *self = g_new0 (HeptadPluginRuntime, 1);

  g_atomic_ref_count_init (&self->references);
  self->manifest = heptad_manifest_ref (manifest);
  self->bundle_dir = g_strdup (bundle_dir);
  self->services = services;
  self->services_data = services_data;
  self->tenants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->failed_tenants =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_error_free);
  g_rw_lock_init (&self->tenants_lock);
  g_mutex_init (&self->pins_mutex);
  g_cond_init (&self->pins_changed);
  return self;
}

HeptadPluginRuntime *
heptad_plugin_runtime_ref (HeptadPluginRuntime *runtime)
{
  g_atomic_ref_count_inc (&runtime->references);
  return runtime;
}

void
heptad_plugin_runtime_unref (HeptadPluginRuntime *runtime)
{
  if (!g_atomic_ref_count_dec (&runtime->references))
    return;

  heptad_plugin_runtime_set_attachment (runtime, NULL, NULL);
  g_hash_table_unref (runtime->tenants);
  g_hash_table_unref (runtime->failed_tenants);
  g_rw_lock_clear (&runtime->tenants_lock);
  g_mutex_clear (&runtime->pins_mutex);
  g_cond_clear (&runtime->pins_changed);
  g_clear_object (&runtime->host);
  heptad_manifest_unref (runtime->manifest);
  g_free (runtime->bundle_dir);
  g_free (runtime);
}

const char *
heptad_plugin_runtime_get_id (HeptadPluginRuntime *runtime)
{
  return runtime->manifest->id;
}

HeptadManifest *
heptad_plugin_runtime_get_manifest (HeptadPluginRuntime *runtime)
{
  return runtime->manifest;
}

const char *
heptad_plugin_runtime_get_bundle_dir (HeptadPluginRuntime *runtime)
{
  return runtime->bundle_dir;
}

const HeptadPluginDescriptor *
heptad_plugin_runtime_get_descriptor (HeptadPluginRuntime *runtime)
{
  return runtime->descriptor;
}

void
heptad_plugin_runtime_set_descriptor (HeptadPluginRuntime *runtime,
                                      const HeptadPluginDescriptor *descriptor)
{
  runtime->descriptor = descriptor;
}

gpointer
heptad_plugin_runtime_get_instance (HeptadPluginRuntime *runtime)
{
  return runtime->instance;
}

void
heptad_plugin_runtime_set_attachment (HeptadPluginRuntime *runtime,
                                      gpointer attachment,
                                      GDestroyNotify destroy)
{
  if (runtime->destroy_attachment != NULL && runtime->attachment != NULL)
    runtime->destroy_attachment (runtime->attachment);
  runtime->attachment = attachment;
  runtime->destroy_attachment = destroy;
}

gpointer
heptad_plugin_runtime_get_attachment (HeptadPluginRuntime *runtime)
{
  return runtime->attachment;
}

/* The host, as the plugin sees it. It may outlive the runtime in a thread that the plugin forgot.
 */

static HeptadTenant *
host_get_tenant (gpointer data, const char *tenant_id)
{
  return heptad_plugin_runtime_get_tenant (data, tenant_id);
}

static GObject *
host_get_service (gpointer data, const char *interface_id, guint revision, GError **error)
{
  HeptadPluginRuntime *self = data;

  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
               "This host has no service %s that belongs to no tenant, which the plugin %s asks "
               "for; take it from a tenant",
               interface_id, self->manifest->id);
  return NULL;
}

static const HeptadHostBackend host_backend = {
  .get_tenant = host_get_tenant,
  .get_service = host_get_service,
};

/* Pins. */

gboolean
heptad_plugin_runtime_pin (HeptadPluginRuntime *runtime)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&runtime->pins_mutex);

  if (runtime->closing)
    return FALSE;
  runtime->n_pins++;
  heptad_plugin_runtime_ref (runtime);
  return TRUE;
}

void
heptad_plugin_runtime_unpin (HeptadPluginRuntime *runtime)
{
  g_mutex_lock (&runtime->pins_mutex);
  runtime->n_pins--;
  g_cond_broadcast (&runtime->pins_changed);
  g_mutex_unlock (&runtime->pins_mutex);
  heptad_plugin_runtime_unref (runtime);
}

guint
heptad_plugin_runtime_count_pins (HeptadPluginRuntime *runtime)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&runtime->pins_mutex);

  return runtime->n_pins;
}

static void
wait_for_pins (HeptadPluginRuntime *self)
{
  g_mutex_lock (&self->pins_mutex);
  self->closing = TRUE;
  while (self->n_pins > 0)
    g_cond_wait (&self->pins_changed, &self->pins_mutex);
  g_mutex_unlock (&self->pins_mutex);
}

/* Tenants. */

HeptadTenant *
heptad_plugin_runtime_get_tenant (HeptadPluginRuntime *runtime, const char *tenant_id)
{
  HeptadTenant *tenant;

  g_rw_lock_reader_lock (&runtime->tenants_lock);
  tenant = g_hash_table_lookup (runtime->tenants, tenant_id);
  if (tenant != NULL)
    g_object_ref (tenant);
  g_rw_lock_reader_unlock (&runtime->tenants_lock);
  return tenant;
}

GPtrArray *
heptad_plugin_runtime_list_tenants (HeptadPluginRuntime *runtime)
{
  GPtrArray *tenants = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iterator;
  gpointer tenant;

  g_rw_lock_reader_lock (&runtime->tenants_lock);
  g_hash_table_iter_init (&iterator, runtime->tenants);
  while (g_hash_table_iter_next (&iterator, NULL, &tenant))
    g_ptr_array_add (tenants, g_object_ref (tenant));
  g_rw_lock_reader_unlock (&runtime->tenants_lock);
  return tenants;
}

GError *
heptad_plugin_runtime_explain_tenant (HeptadPluginRuntime *runtime, const char *tenant_id)
{
  const GError *failure;
  GError *error;

  g_rw_lock_reader_lock (&runtime->tenants_lock);
  failure = g_hash_table_lookup (runtime->failed_tenants, tenant_id);
  if (failure != NULL)
    error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                         "The plugin %s cannot serve the tenant %s: %s", runtime->manifest->id,
                         tenant_id, failure->message);
  else
    error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                         "The plugin %s is not enabled for the tenant %s", runtime->manifest->id,
                         tenant_id);
  g_rw_lock_reader_unlock (&runtime->tenants_lock);
  return error;
}

static gboolean
call_tenant_added (HeptadPluginRuntime *self, HeptadTenant *tenant, GError **error)
{
  const HeptadPluginDescriptor *descriptor = self->descriptor;

  if (descriptor == NULL || !HEPTAD_HAS_FIELD (descriptor, tenant_added)
      || descriptor->tenant_added == NULL
      || descriptor->tenant_added (self->instance, tenant, error))
    return TRUE;
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                         "its tenant_added function failed and gave no reason; set the GError");
  return FALSE;
}

static void
remember_failed_tenant (HeptadPluginRuntime *self, const char *tenant_id, const GError *error)
{
  g_rw_lock_writer_lock (&self->tenants_lock);
  g_hash_table_remove (self->tenants, tenant_id);
  g_hash_table_replace (self->failed_tenants, g_strdup (tenant_id), g_error_copy (error));
  g_rw_lock_writer_unlock (&self->tenants_lock);
}

gboolean
heptad_plugin_runtime_add_tenant (HeptadPluginRuntime *runtime,
                                  const char *tenant_id,
                                  GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadTenant) tenant =
      heptad_plugin_tenant_new (runtime->services, runtime->services_data, runtime->manifest,
                                runtime->bundle_dir, tenant_id, &failure);

  if (tenant != NULL)
    {
      g_rw_lock_writer_lock (&runtime->tenants_lock);
      g_hash_table_replace (runtime->tenants, g_strdup (tenant_id), g_object_ref (tenant));
      g_hash_table_remove (runtime->failed_tenants, tenant_id);
      g_rw_lock_writer_unlock (&runtime->tenants_lock);
    }

  if (tenant != NULL && call_tenant_added (runtime, tenant, &failure))
    return TRUE;
  remember_failed_tenant (runtime, tenant_id, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
heptad_plugin_runtime_remove_tenant (HeptadPluginRuntime *runtime, const char *tenant_id)
{
  g_autoptr (HeptadTenant) tenant = heptad_plugin_runtime_get_tenant (runtime, tenant_id);
  const HeptadPluginDescriptor *descriptor = runtime->descriptor;

  g_rw_lock_writer_lock (&runtime->tenants_lock);
  g_hash_table_remove (runtime->tenants, tenant_id);
  g_hash_table_remove (runtime->failed_tenants, tenant_id);
  g_rw_lock_writer_unlock (&runtime->tenants_lock);

  if (tenant != NULL && descriptor != NULL && HEPTAD_HAS_FIELD (descriptor, tenant_removed)
      && descriptor->tenant_removed != NULL)
    descriptor->tenant_removed (runtime->instance, tenant);
}

/* A tenant that fails does not keep the plugin from serving the others; when all fail, it fails. */
static gboolean
add_all_tenants (HeptadPluginRuntime *self, GError **error)
{
  g_auto (GStrv) tenants =
      self->services != NULL
          ? self->services->list_tenants (self->services_data, self->manifest->id)
          : NULL;
  g_autoptr (GError) first = NULL;
  guint n_added = 0;

  for (guint i = 0; tenants != NULL && tenants[i] != NULL; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (heptad_plugin_runtime_add_tenant (self, tenants[i], &failure))
        {
          n_added++;
          continue;
        }
      g_warning ("The plugin %s cannot serve the tenant %s: %s", self->manifest->id, tenants[i],
                 failure->message);
      if (first == NULL)
        first = g_steal_pointer (&failure);
    }

  if (n_added > 0 || first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean
heptad_plugin_runtime_start (HeptadPluginRuntime *runtime, GError **error)
{
  const HeptadPluginDescriptor *descriptor = runtime->descriptor;
  g_autoptr (GError) failure = NULL;

  runtime->host = heptad_host_new (&host_backend, HEPTAD_HOST_VERSION, runtime);
  if (descriptor != NULL && HEPTAD_HAS_FIELD (descriptor, start) && descriptor->start != NULL)
    {
      runtime->instance = descriptor->start (runtime->host, &failure);
      if (runtime->instance == NULL)
        {
          if (failure != NULL)
            g_propagate_prefixed_error (error, g_steal_pointer (&failure), "it refuses to start: ");
          else
            g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                                 "its start function returned NULL and gave no reason; set the "
                                 "GError, or return a pointer");
          return FALSE;
        }
    }
  runtime->started = TRUE;
  if (add_all_tenants (runtime, error))
    return TRUE;
  heptad_plugin_runtime_stop (runtime);
  return FALSE;
}

void
heptad_plugin_runtime_stop (HeptadPluginRuntime *runtime)
{
  const HeptadPluginDescriptor *descriptor = runtime->descriptor;

  wait_for_pins (runtime);
  if (!runtime->started)
    return;
  runtime->started = FALSE;
  if (descriptor != NULL && HEPTAD_HAS_FIELD (descriptor, stop) && descriptor->stop != NULL)
    descriptor->stop (runtime->instance);
  runtime->instance = NULL;

  g_rw_lock_writer_lock (&runtime->tenants_lock);
  g_hash_table_remove_all (runtime->tenants);
  g_rw_lock_writer_unlock (&runtime->tenants_lock);
}
