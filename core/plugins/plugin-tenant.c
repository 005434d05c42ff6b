/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-services.h"

#include <string.h>

#include "sdk/backend/heptad-tenant-backend.h"
#include "sdk/heptad-error.h"

/* What a manifest may ask for, and the interface it opens; some are rights without an object. */
static const struct {
  const char *ask;
  const char *interface_id; /* (nullable) */
  guint revision;
} offers[] = {
  { "store", "heptad.store", 1 },
  { "events", "heptad.events", 1 },
  { "settings", "heptad.settings", 1 },
  { "blobs", "heptad.draft.blobs", 0 },
  { "jobs", NULL, 0 },
};

#define NETWORK_PREFIX "network:"

typedef struct {
  HeptadManifest *manifest;
  GObject *services[G_N_ELEMENTS (offers)]; /* (nullable) */
} TenantServices;

gboolean
heptad_plugin_asks_known (const char *what)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    if (g_str_equal (offers[i].ask, what))
      return TRUE;
  return g_str_has_prefix (what, NETWORK_PREFIX)
         && g_regex_match_simple ("^(\\*\\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$",
                                  what + strlen (NETWORK_PREFIX), G_REGEX_DOLLAR_ENDONLY, 0);
}

const char *
heptad_plugin_asks_describe (void)
{
  return "store, events, jobs, settings, blobs or network:HOST";
}

void
heptad_plugin_refuse_service (const HeptadManifest *manifest,
                              const char *interface_id,
                              guint revision,
                              GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      if (g_strcmp0 (offers[i].interface_id, interface_id) != 0)
        continue;
      if (revision > offers[i].revision)
        g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
                     "This host offers %s in revision %u, the plugin %s needs %u; update the host",
                     interface_id, offers[i].revision, manifest->id, revision);
      else
        g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED,
                     "The plugin %s does not ask for %s; add '%s' to `asks` in %s", manifest->id,
                     interface_id, offers[i].ask, manifest->file_name);
      return;
    }
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
               "This host has no service %s, which the plugin %s needs; update the host",
               interface_id, manifest->id);
}

static GObject *
get_service (gpointer data, const char *interface_id, guint revision, GError **error)
{
  TenantServices *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    if (g_strcmp0 (offers[i].interface_id, interface_id) == 0 && revision <= offers[i].revision
        && self->services[i] != NULL)
      return self->services[i];

  heptad_plugin_refuse_service (self->manifest, interface_id, revision, error);
  return NULL;
}

static void
free_services (gpointer data)
{
  TenantServices *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    g_clear_object (&self->services[i]);
  heptad_manifest_unref (self->manifest);
  g_free (self);
}

static const HeptadTenantBackend backend = {
  .get_service = get_service,
  .finalize = free_services,
};

HeptadTenant *
heptad_plugin_tenant_new (const HeptadPluginServices *services,
                          gpointer services_data,
                          HeptadManifest *manifest,
                          const char *bundle_dir,
                          const char *tenant_id,
                          GError **error)
{
  TenantServices *self = g_new0 (TenantServices, 1);

  self->manifest = heptad_manifest_ref (manifest);
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      if (offers[i].interface_id == NULL || !heptad_manifest_asks (manifest, offers[i].ask))
        continue;
      self->services[i] = services->open_service (services_data, manifest, bundle_dir, tenant_id,
                                                  offers[i].interface_id, error);
      if (self->services[i] != NULL)
        continue;
      free_services (self);
      return NULL;
    }
  return heptad_tenant_new (&backend, tenant_id, self);
}
