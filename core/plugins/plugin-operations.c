/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-operations.h"

#include "core/operations/yaml.h"
#include "core/plugins/bundle.h"

static HeptadOperationSet *
parse_file (const char *plugin_id, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (HeptadValue) document = NULL;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  document = heptad_yaml_parse (text, (gssize) length, path, error);
  if (document == NULL)
    return NULL;
  return heptad_operation_set_parse (plugin_id, document, path, error);
}

static gboolean
check_permissions (const HeptadManifest *manifest, HeptadOperationSet *set, GError **error)
{
  g_autoptr (GPtrArray) used = heptad_operation_set_get_permissions (set);

  for (guint i = 0; i < used->len; i++)
    {
      const char *permission = g_ptr_array_index (used, i);

      if (heptad_manifest_defines_permission (manifest, permission))
        continue;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "openapi.yaml uses the permission '%s', which %s does not define; add it to "
                   "`permissions`, or correct the name",
                   permission, manifest->file_name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
declares (GPtrArray *operations, const char *id)
{
  for (guint i = 0; i < operations->len; i++)
    {
      const HeptadOperation *operation = g_ptr_array_index (operations, i);

      if (g_str_equal (operation->id, id))
        return TRUE;
    }
  return FALSE;
}

/* What binding would find after the start is found here before it. */
static gboolean
check_handlers (HeptadOperationSet *set, char **handled, GError **error)
{
  GPtrArray *operations = heptad_operation_set_get_operations (set);

  for (guint i = 0; handled[i] != NULL; i++)
    if (!declares (operations, handled[i]))
      {
        g_set_error (
            error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
            "it has a handler for '%s', which openapi.yaml does not declare; declare it or "
            "remove the handler",
            handled[i]);
        return FALSE;
      }

  for (guint i = 0; i < operations->len; i++)
    {
      const HeptadOperation *operation = g_ptr_array_index (operations, i);

      if (g_strv_contains ((const char *const *) handled, operation->id))
        continue;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "openapi.yaml declares '%s', for which it has no handler; add "
                   "HEPTAD_OPERATION (\"%s\", ...) to the descriptor's operations",
                   operation->id, operation->id);
      return FALSE;
    }
  return TRUE;
}

gboolean
heptad_plugin_operations_prepare (HeptadPluginRuntime *runtime,
                                  const HeptadProbeReport *report,
                                  GError **error)
{
  const HeptadManifest *manifest = heptad_plugin_runtime_get_manifest (runtime);
  char *nothing[] = { NULL };
  char **handled = report != NULL ? report->operations : nothing;
  g_autofree char *path = heptad_bundle_find_file (heptad_plugin_runtime_get_bundle_dir (runtime),
                                                   HEPTAD_BUNDLE_OPERATIONS);
  g_autoptr (HeptadOperationSet) set = NULL;

  if (path == NULL)
    {
      if (handled[0] == NULL)
        return TRUE;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "it has a handler for '%s' but its bundle has no openapi.yaml; declare the "
                   "operation there",
                   handled[0]);
      return FALSE;
    }

  set = parse_file (manifest->id, path, error);
  if (set == NULL || !check_permissions (manifest, set, error)
      || !check_handlers (set, handled, error))
    return FALSE;
  heptad_plugin_runtime_set_attachment (runtime, g_steal_pointer (&set),
                                        (GDestroyNotify) heptad_operation_set_unref);
  return TRUE;
}

static HeptadTenant *
get_tenant (gpointer data, const char *tenant_id)
{
  return heptad_plugin_runtime_get_tenant (data, tenant_id);
}

static void
let_go (gpointer data)
{
  heptad_plugin_runtime_unpin (data);
}

gboolean
heptad_plugin_operations_activate (HeptadOperationRegistry *registry,
                                   HeptadPluginRuntime *runtime,
                                   GError **error)
{
  HeptadOperationSet *set = heptad_plugin_runtime_get_attachment (runtime);
  const HeptadPluginDescriptor *descriptor = heptad_plugin_runtime_get_descriptor (runtime);
  HeptadOperationTarget target = {
    .get_tenant = get_tenant,
    .serial = heptad_plugin_runtime_get_manifest (runtime)->serial,
    .data = runtime,
    .destroy = let_go,
  };

  if (set == NULL)
    return TRUE;
  if (!heptad_plugin_runtime_pin (runtime))
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE, "it is being stopped");
      return FALSE;
    }
  if (!heptad_operation_set_bind (set, descriptor != NULL ? descriptor->operations : NULL,
                                  heptad_plugin_runtime_get_instance (runtime), &target, error))
    {
      heptad_plugin_runtime_unpin (runtime);
      return FALSE;
    }
  if (heptad_operation_registry_install (registry, set, error))
    return TRUE;
  heptad_plugin_runtime_set_attachment (runtime, NULL, NULL);
  return FALSE;
}

void
heptad_plugin_operations_deactivate (HeptadOperationRegistry *registry,
                                     HeptadPluginRuntime *runtime,
                                     gboolean replaced)
{
  if (!replaced)
    heptad_operation_registry_remove (registry, heptad_plugin_runtime_get_id (runtime));
  heptad_plugin_runtime_set_attachment (runtime, NULL, NULL);
}
