/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-operations.h"

#include "core/host/assets-resource.h"
#include "core/operations/yaml.h"
#include "sdk/backend/heptad-tenant-backend.h"

#define DECLARATION "/org/heptad/host/openapi.yaml"

/* The host has no store of its own behind HeptadTenant: its handlers work on the daemon. */
static GObject *
refuse_service (gpointer data, const char *interface_id, guint revision, GError **error)
{
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED,
               "The host's own operations have no service '%s'", interface_id);
  return NULL;
}

static HeptadTenant *
get_tenant (gpointer data, const char *tenant_id)
{
  static const HeptadTenantBackend backend = { .get_service = refuse_service };

  return heptad_tenant_new (&backend, tenant_id, NULL);
}

static GArray *
collect_entries (void)
{
  static const HeptadOperationEntry *const tables[] = {
    heptad_host_operations_general, heptad_host_operations_plugins, heptad_host_operations_users,
    heptad_host_operations_keys, heptad_host_operations_jobs
  };
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (HeptadOperationEntry));

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      for (const HeptadOperationEntry *entry = tables[i]; entry->operation_id != NULL; entry++)
        g_array_append_val (entries, *entry);
    }
  return entries;
}

gboolean
heptad_host_operations_install (HeptadHostDaemon *daemon, GError **error)
{
  const HeptadOperationTarget target = { .get_tenant = get_tenant };
  g_autoptr (GArray) entries = collect_entries ();
  g_autoptr (GBytes) text = g_resource_lookup_data (heptad_assets_get_resource (), DECLARATION,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr (HeptadValue) document = NULL;
  g_autoptr (HeptadOperationSet) set = NULL;

  if (text == NULL)
    return FALSE;
  document = heptad_yaml_parse (g_bytes_get_data (text, NULL), (gssize) g_bytes_get_size (text),
                                "core/host/openapi.yaml", error);
  if (document == NULL)
    return FALSE;
  set = heptad_operation_set_parse ("host", document, "core/host/openapi.yaml", error);
  return set != NULL
         && heptad_operation_set_bind (set, (const HeptadOperationEntry *) (gpointer) entries->data,
                                       daemon, &target, error)
         && heptad_operation_registry_install (daemon->operations, set, error);
}

const char *
heptad_host_operations_get_tenant_id (HeptadCall *call)
{
  return heptad_tenant_get_id (heptad_call_get_tenant (call));
}

void
heptad_host_operations_return_items (HeptadCall *call, HeptadValue *items, GError *error)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (HeptadValue) owned = items;

  if (items == NULL)
    {
      heptad_call_take_error (call, error);
      return;
    }
  heptad_builder_set_value (answer, "items", items);
  heptad_call_return (call, heptad_builder_end (answer));
}
