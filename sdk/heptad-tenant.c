/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-tenant.h"

#include "backend/heptad-tenant-backend.h"

struct _HeptadTenant {
  GObject parent;
  const HeptadTenantBackend *backend;
  gpointer data;
  char *id;
  /* Filled at the first use and never changed after; a call asks for its store every time. */
  gpointer store;
  gpointer events;
  gpointer settings;
};

G_DEFINE_FINAL_TYPE (HeptadTenant, heptad_tenant, G_TYPE_OBJECT)

HeptadTenant *
heptad_tenant_new (const HeptadTenantBackend *backend, const char *tenant_id, gpointer data)
{
  HeptadTenant *self = g_object_new (HEPTAD_TYPE_TENANT, NULL);

  self->backend = backend;
  self->data = data;
  self->id = g_strdup (tenant_id);
  return self;
}

const char *
heptad_tenant_get_id (HeptadTenant *tenant)
{
  g_return_val_if_fail (HEPTAD_IS_TENANT (tenant), NULL);

  return tenant->id;
}

GObject *
heptad_tenant_get_service (HeptadTenant *tenant,
                           const char *interface_id,
                           guint revision,
                           GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_TENANT (tenant), NULL);
  g_return_val_if_fail (interface_id != NULL, NULL);

  return tenant->backend->get_service (tenant->data, interface_id, revision, error);
}

static gpointer
get_cached_service (HeptadTenant *tenant, gpointer *cache, const char *interface_id)
{
  g_autoptr (GError) error = NULL;
  gpointer service = g_atomic_pointer_get (cache);

  if (G_LIKELY (service != NULL))
    return service;

  service = tenant->backend->get_service (tenant->data, interface_id, 1, &error);
  if (service == NULL)
    g_critical ("The service %s: %s", interface_id, error->message);
  g_atomic_pointer_set (cache, service);
  return service;
}

HeptadStore *
heptad_tenant_get_store (HeptadTenant *tenant)
{
  g_return_val_if_fail (HEPTAD_IS_TENANT (tenant), NULL);

  return get_cached_service (tenant, &tenant->store, "heptad.store");
}

HeptadEvents *
heptad_tenant_get_events (HeptadTenant *tenant)
{
  g_return_val_if_fail (HEPTAD_IS_TENANT (tenant), NULL);

  return get_cached_service (tenant, &tenant->events, "heptad.events");
}

HeptadSettings *
heptad_tenant_get_settings (HeptadTenant *tenant)
{
  g_return_val_if_fail (HEPTAD_IS_TENANT (tenant), NULL);

  return get_cached_service (tenant, &tenant->settings, "heptad.settings");
}

static void
heptad_tenant_finalize (GObject *object)
{
  HeptadTenant *self = HEPTAD_TENANT (object);

  if (self->backend != NULL && self->backend->finalize != NULL)
    self->backend->finalize (self->data);
  g_free (self->id);
  G_OBJECT_CLASS (heptad_tenant_parent_class)->finalize (object);
}

static void
heptad_tenant_class_init (HeptadTenantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_tenant_finalize;
}

static void
heptad_tenant_init (HeptadTenant *self)
{
}
