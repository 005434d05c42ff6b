/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-plugin.h"

#include "backend/heptad-host-backend.h"

struct _HeptadHost {
  GObject parent;
  const HeptadHostBackend *backend;
  gpointer data;
  char *version;
};

G_DEFINE_FINAL_TYPE (HeptadHost, heptad_host, G_TYPE_OBJECT)

HeptadHost *
heptad_host_new (const HeptadHostBackend *backend, const char *version, gpointer data)
{
  HeptadHost *self = g_object_new (HEPTAD_TYPE_HOST, NULL);

  self->backend = backend;
  self->data = data;
  self->version = g_strdup (version);
  return self;
}

const char *
heptad_host_get_version (HeptadHost *host)
{
  g_return_val_if_fail (HEPTAD_IS_HOST (host), NULL);

  return host->version;
}

HeptadTenant *
heptad_host_get_tenant (HeptadHost *host, const char *tenant_id)
{
  g_return_val_if_fail (HEPTAD_IS_HOST (host), NULL);
  g_return_val_if_fail (tenant_id != NULL, NULL);

  return host->backend->get_tenant (host->data, tenant_id);
}

GObject *
heptad_host_get_service (HeptadHost *host, const char *interface_id, guint revision, GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_HOST (host), NULL);
  g_return_val_if_fail (interface_id != NULL, NULL);

  return host->backend->get_service (host->data, interface_id, revision, error);
}

static void
heptad_host_finalize (GObject *object)
{
  HeptadHost *self = HEPTAD_HOST (object);

  if (self->backend != NULL && self->backend->finalize != NULL)
    self->backend->finalize (self->data);
  g_free (self->version);
  G_OBJECT_CLASS (heptad_host_parent_class)->finalize (object);
}

static void
heptad_host_class_init (HeptadHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_host_finalize;
}

static void
heptad_host_init (HeptadHost *self)
{
}
