/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/tenants.h"

#include "sdk/heptad-error.h"

struct _HeptadTenants {
  HeptadStore *store;
};

static gboolean
make_default (HeptadTenants *self, GError **error)
{
  return heptad_store_execute (self->store,
                               "INSERT INTO tenant (id, name, created_at) SELECT $1, $2, $3 "
                               "WHERE NOT EXISTS (SELECT 1 FROM tenant)",
                               HEPTAD_SQL (heptad_sql_text (HEPTAD_TENANT_DEFAULT),
                                           heptad_sql_text ("Default"),
                                           heptad_sql_time (g_get_real_time ())),
                               NULL, error);
}

HeptadTenants *
heptad_tenants_new (HeptadStore *store, GError **error)
{
  g_autoptr (HeptadTenants) self = g_new0 (HeptadTenants, 1);

  self->store = g_object_ref (store);
  return make_default (self, error) ? g_steal_pointer (&self) : NULL;
}

void
heptad_tenants_free (HeptadTenants *tenants)
{
  g_object_unref (tenants->store);
  g_free (tenants);
}

gboolean
heptad_tenants_create (HeptadTenants *tenants, const char *id, const char *name, GError **error)
{
  if (!g_regex_match_simple ("^[a-z0-9][a-z0-9-]{0,62}$", id, G_REGEX_DOLLAR_ENDONLY, 0))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "'%s' is no id of a tenant; use up to 63 lower-case letters, digits and hyphens",
                   id);
      return FALSE;
    }
  return heptad_store_execute (tenants->store,
                               "INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, $3)",
                               HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text (name),
                                           heptad_sql_time (g_get_real_time ())),
                               NULL, error);
}

static char **
read_ids (HeptadTenants *self,
          const char *sql,
          const HeptadSqlParameter *parameters,
          GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_store_query (self->store, sql, parameters, NULL, error);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GError) failure = NULL;

  if (rows == NULL)
    return NULL;
  while (heptad_rows_next (rows, &failure))
    g_strv_builder_add (ids, heptad_rows_get_text (rows, 0));
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return g_strv_builder_end (ids);
}

char **
heptad_tenants_list (HeptadTenants *tenants, GError **error)
{
  return read_ids (tenants, "SELECT id FROM tenant ORDER BY id", NULL, error);
}

char **
heptad_tenants_list_for_plugin (HeptadTenants *tenants, const char *plugin_id, GError **error)
{
  return read_ids (tenants,
                   "SELECT id FROM tenant WHERE NOT EXISTS (SELECT 1 FROM tenant_plugin p"
                   " WHERE p.tenant_id = tenant.id AND p.plugin_id = $1 AND NOT p.enabled)"
                   " ORDER BY id",
                   HEPTAD_SQL (heptad_sql_text (plugin_id)), error);
}

gboolean
heptad_tenants_set_plugin (HeptadTenants *tenants,
                           const char *tenant_id,
                           const char *plugin_id,
                           gboolean enabled,
                           GError **error)
{
  return heptad_store_execute (
      tenants->store,
      "INSERT INTO tenant_plugin (tenant_id, plugin_id, enabled) VALUES ($1, $2, $3)"
      " ON CONFLICT (tenant_id, plugin_id) DO UPDATE SET enabled = excluded.enabled",
      HEPTAD_SQL (heptad_sql_text (tenant_id), heptad_sql_text (plugin_id),
                  heptad_sql_boolean (enabled)),
      NULL, error);
}

HeptadValue *
heptad_tenants_get_settings (HeptadTenants *tenants,
                             const char *tenant_id,
                             const char *plugin_id,
                             GError **error)
{
  g_autoptr (HeptadBuilder) settings = heptad_builder_new_object ();
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (
      tenants->store,
      "SELECT name, value FROM tenant_setting WHERE tenant_id = $1 AND plugin_id = $2 ORDER BY "
      "name",
      HEPTAD_SQL (heptad_sql_text (tenant_id), heptad_sql_text (plugin_id)), NULL, error);

  if (rows == NULL)
    return NULL;
  while (heptad_rows_next (rows, &failure))
    {
      g_autoptr (HeptadValue) value = heptad_rows_get_json (rows, 1);

      heptad_builder_set_value (settings, heptad_rows_get_text (rows, 0), value);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return heptad_builder_end (settings);
}

typedef struct {
  const char *tenant_id;
  const char *plugin_id;
  const HeptadValue *settings;
} SettingsWrite;

static gboolean
write_settings (HeptadTransaction *transaction, gpointer data, GError **error)
{
  SettingsWrite *write = data;

  if (!heptad_transaction_execute (
          transaction, "DELETE FROM tenant_setting WHERE tenant_id = $1 AND plugin_id = $2",
          HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->plugin_id)), NULL,
          error))
    return FALSE;

  for (guint i = 0; i < heptad_value_get_size (write->settings); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (write->settings, i, &name);

      if (!heptad_transaction_execute (
              transaction,
              "INSERT INTO tenant_setting (tenant_id, plugin_id, name, value, updated_at)"
              " VALUES ($1, $2, $3, $4, $5)",
              HEPTAD_SQL (heptad_sql_text (write->tenant_id), heptad_sql_text (write->plugin_id),
                          heptad_sql_text (name), heptad_sql_json (value),
                          heptad_sql_time (g_get_real_time ())),
              NULL, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
heptad_tenants_set_settings (HeptadTenants *tenants,
                             const char *tenant_id,
                             const char *plugin_id,
                             const HeptadValue *settings,
                             GError **error)
{
  SettingsWrite write = { tenant_id, plugin_id, settings };

  return heptad_store_write (tenants->store, write_settings, &write, NULL, error);
}
