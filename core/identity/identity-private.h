/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/credentials.h"
#include "core/identity/identity.h"

G_BEGIN_DECLS

/* Shared by the files that make up HeptadIdentity. */

struct _HeptadIdentity {
  HeptadStore *store;
  HeptadPasswords *passwords;
  HeptadCredentials *credentials;
  gint64 session_us;
  GMutex reload_mutex; /* the last one to reload has read the latest */
};

/* Reads everything from the store and puts the tokens in force, in one step. */
gboolean heptad_identity_reload (HeptadIdentity *self, GError **error);

/* Runs one changing statement and puts its effect in force. */
gboolean heptad_identity_change (HeptadIdentity *self,
                                 const char *sql,
                                 const HeptadSqlParameter *parameters,
                                 GError **error);

typedef void (*HeptadRowFunc) (HeptadRows *rows, gpointer data);

/* Calls @func for each row. */
gboolean heptad_identity_read (HeptadIdentity *self,
                               const char *sql,
                               const HeptadSqlParameter *parameters,
                               HeptadRowFunc func,
                               gpointer data,
                               GError **error);

/* Checks an array of {permission, resource}. */
gboolean heptad_identity_check_permissions (const HeptadValue *permissions, GError **error);
gboolean
heptad_identity_check_permission (const char *permission, const char *resource, GError **error);
gboolean heptad_identity_check_name (const char *what, const char *name, GError **error);

/* Adds an array of {permission, resource} that has been checked. */
void heptad_identity_add_permissions (HeptadGrants *grants, const HeptadValue *permissions);

G_END_DECLS
