/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/identity-schema.h"

/* Only ever added to: what has run on some host is not changed. An empty resource means everywhere.
 */
static const char *const steps[] = {
  "CREATE TABLE tenant ("
  "  id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at TIMESTAMP NOT NULL);"
  "CREATE TABLE tenant_plugin ("
  "  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE, plugin_id TEXT NOT NULL,"
  "  enabled BOOLEAN NOT NULL, PRIMARY KEY (tenant_id, plugin_id));"
  "CREATE TABLE tenant_setting ("
  "  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE, plugin_id TEXT NOT NULL,"
  "  name TEXT NOT NULL, value JSON NOT NULL, updated_at TIMESTAMP NOT NULL,"
  "  PRIMARY KEY (tenant_id, plugin_id, name));",

  "CREATE TABLE account ("
  "  name TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,"
  "  display_name TEXT NOT NULL, password_hash TEXT NOT NULL, must_change BOOLEAN NOT NULL,"
  "  disabled BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL);"
  "CREATE TABLE role ("
  "  tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE, name TEXT NOT NULL,"
  "  title TEXT NOT NULL, PRIMARY KEY (tenant_id, name));"
  "CREATE TABLE role_permission ("
  "  tenant_id TEXT NOT NULL, role TEXT NOT NULL, permission TEXT NOT NULL, resource TEXT NOT NULL,"
  "  PRIMARY KEY (tenant_id, role, permission, resource),"
  "  FOREIGN KEY (tenant_id, role) REFERENCES role (tenant_id, name) ON DELETE CASCADE);"
  "CREATE TABLE account_role ("
  "  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE, role TEXT NOT NULL,"
  "  PRIMARY KEY (account, role));"
  "CREATE TABLE account_permission ("
  "  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE, permission TEXT NOT NULL,"
  "  resource TEXT NOT NULL, PRIMARY KEY (account, permission, resource));",

  "CREATE TABLE api_key ("
  "  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,"
  "  title TEXT NOT NULL, digest BYTES NOT NULL UNIQUE, scope JSON, created_at TIMESTAMP NOT NULL,"
  "  expires_at TIMESTAMP);"
  "CREATE TABLE session ("
  "  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,"
  "  digest BYTES NOT NULL UNIQUE, created_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL);"
  "CREATE INDEX session_account ON session (account);",

  "CREATE TABLE audit ("
  "  sequence BIGINT PRIMARY KEY, at TIMESTAMP NOT NULL, tenant_id TEXT NOT NULL,"
  "  actor TEXT NOT NULL, action TEXT NOT NULL, resource TEXT NOT NULL, outcome TEXT NOT NULL,"
  "  detail TEXT NOT NULL, previous BYTES NOT NULL, hash BYTES NOT NULL);"
  "CREATE INDEX audit_tenant ON audit (tenant_id, sequence);",
  NULL,
};

HeptadStore *
heptad_identity_store_open (HeptadStoreHub *hub, GError **error)
{
  return heptad_store_hub_open_core (hub, HEPTAD_CORE_TENANT, "_identity", steps, error);
}
