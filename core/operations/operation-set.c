/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/operation-set.h"

#include "core/operations/openapi-parser.h"

#include <string.h>

struct _HeptadOperationSet {
  gatomicrefcount references;
  char *plugin_id;
  HeptadValue *document;
  GPtrArray *operations;
  gpointer plugin;
  HeptadOperationTarget target;
};

static void
clear_parameter (gpointer data)
{
  HeptadParameter *parameter = data;

  g_free (parameter->name);
  g_clear_pointer (&parameter->schema, heptad_schema_unref);
}

static void
clear_media_type (gpointer data)
{
  HeptadMediaType *media = data;

  g_free (media->type);
  g_clear_pointer (&media->schema, heptad_schema_unref);
}

static void
clear_response (gpointer data)
{
  HeptadResponse *response = data;

  g_clear_pointer (&response->media, g_array_unref);
}

GArray *
heptad_media_types_new (void)
{
  GArray *media = g_array_new (FALSE, TRUE, sizeof (HeptadMediaType));

  g_array_set_clear_func (media, clear_media_type);
  return media;
}

HeptadOperation *
heptad_operation_new (HeptadOperationSet *set)
{
  HeptadOperation *operation = g_new0 (HeptadOperation, 1);

  operation->set = set;
  operation->parameters = g_array_new (FALSE, TRUE, sizeof (HeptadParameter));
  g_array_set_clear_func (operation->parameters, clear_parameter);
  operation->body = heptad_media_types_new ();
  operation->responses = g_array_new (FALSE, TRUE, sizeof (HeptadResponse));
  g_array_set_clear_func (operation->responses, clear_response);
  return operation;
}

void
heptad_operation_free (HeptadOperation *operation)
{
  g_free (operation->id);
  g_free (operation->qualified);
  g_free (operation->method);
  g_free (operation->path);
  g_free (operation->summary);
  g_free (operation->permission);
  g_free (operation->resource);
  g_array_unref (operation->parameters);
  g_array_unref (operation->body);
  g_array_unref (operation->responses);
  g_free (operation);
}

HeptadOperationSet *
heptad_operation_set_parse (const char *plugin_id,
                            const HeptadValue *document,
                            const char *file_name,
                            GError **error)
{
  g_autoptr (HeptadOperationSet) set = g_new0 (HeptadOperationSet, 1);

  g_atomic_ref_count_init (&set->references);
  set->plugin_id = g_strdup (plugin_id);
  set->document = heptad_value_ref (document);
  set->operations = g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_operation_free);

  if (!heptad_openapi_parse (set, plugin_id, set->document, set->operations, error))
    {
      g_prefix_error (error, "%s: ", file_name);
      return NULL;
    }
  return g_steal_pointer (&set);
}

HeptadOperationSet *
heptad_operation_set_ref (HeptadOperationSet *set)
{
  g_atomic_ref_count_inc (&set->references);
  return set;
}

void
heptad_operation_set_unref (HeptadOperationSet *set)
{
  if (set == NULL || !g_atomic_ref_count_dec (&set->references))
    return;
  if (set->target.destroy != NULL)
    set->target.destroy (set->target.data);
  g_ptr_array_unref (set->operations);
  heptad_value_unref (set->document);
  g_free (set->plugin_id);
  g_free (set);
}

static HeptadOperation *
find_operation (HeptadOperationSet *set, const char *id)
{
  for (guint i = 0; i < set->operations->len; i++)
    {
      HeptadOperation *operation = set->operations->pdata[i];

      if (strcmp (operation->id, id) == 0)
        return operation;
    }
  return NULL;
}

static gboolean
bind_entry (HeptadOperationSet *set, const HeptadOperationEntry *entry, GError **error)
{
  HeptadOperation *operation = find_operation (set, entry->operation_id);

  if (operation == NULL)
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
          "the plugin has a handler for '%s', which openapi.yaml does not declare; declare "
          "it or remove the handler",
          entry->operation_id);
      return FALSE;
    }
  if (operation->handle != NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "the plugin has two handlers for '%s'; remove one", entry->operation_id);
      return FALSE;
    }
  operation->handle = entry->handle;
  return TRUE;
}

static gboolean
check_all_bound (HeptadOperationSet *set, GError **error)
{
  for (guint i = 0; i < set->operations->len; i++)
    {
      HeptadOperation *operation = set->operations->pdata[i];

      if (operation->handle == NULL)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                       "openapi.yaml declares '%s', for which the plugin has no handler; add "
                       "HEPTAD_OPERATION (\"%s\", …) to its table",
                       operation->id, operation->id);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
heptad_operation_set_bind (HeptadOperationSet *set,
                           const HeptadOperationEntry *entries,
                           gpointer plugin,
                           const HeptadOperationTarget *target,
                           GError **error)
{
  g_return_val_if_fail (set->target.get_tenant == NULL, FALSE);

  for (const HeptadOperationEntry *entry = entries; entry != NULL && entry->operation_id != NULL;
       entry++)
    {
      if (!bind_entry (set, entry, error))
        return FALSE;
    }
  if (!check_all_bound (set, error))
    return FALSE;
  set->plugin = plugin;
  set->target = *target;
  return TRUE;
}

const char *
heptad_operation_set_get_plugin_id (HeptadOperationSet *set)
{
  return set->plugin_id;
}

const HeptadValue *
heptad_operation_set_get_document (HeptadOperationSet *set)
{
  return set->document;
}

gpointer
heptad_operation_set_get_plugin (HeptadOperationSet *set)
{
  return set->plugin;
}

const HeptadOperationTarget *
heptad_operation_set_get_target (HeptadOperationSet *set)
{
  return &set->target;
}

GPtrArray *
heptad_operation_set_get_operations (HeptadOperationSet *set)
{
  return set->operations;
}

GPtrArray *
heptad_operation_set_get_permissions (HeptadOperationSet *set)
{
  GPtrArray *permissions = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < set->operations->len; i++)
    {
      HeptadOperation *operation = set->operations->pdata[i];

      if (operation->permission != NULL
          && !g_ptr_array_find_with_equal_func (permissions, operation->permission, g_str_equal,
                                                NULL))
        g_ptr_array_add (permissions, g_strdup (operation->permission));
    }
  return permissions;
}
