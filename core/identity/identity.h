/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/credentials.h"
#include "core/identity/password.h"
#include "sdk/heptad-store.h"

G_BEGIN_DECLS

/**
 * HeptadIdentity:
 *
 * Users, their passwords, roles and permissions, sessions and API keys. Everything is kept in the
 * core's store; valid tokens are also in memory, so that authenticating reads no disk. But for
 * heptad_identity_authenticate_bearer() all calls block: pool thread, or the main thread before the
 * host serves.
 *
 * Three roles are built in: `admin` may do everything, `operator` may read, write and operate in
 * every plugin, `viewer` may read.
 */
typedef struct _HeptadIdentity HeptadIdentity;

#define HEPTAD_ROLE_ADMIN    "admin"
#define HEPTAD_ROLE_OPERATOR "operator"
#define HEPTAD_ROLE_VIEWER   "viewer"

/**
 * HeptadIdentityConfig:
 * @password_cost: how dear one guess is
 * @session_seconds: how long a session lasts
 */
typedef struct {
  HeptadPasswordCost password_cost;
  guint64 session_seconds;
} HeptadIdentityConfig;

/**
 * heptad_identity_new:
 * @store: from heptad_identity_store_open()
 */
HeptadIdentity *
heptad_identity_new (HeptadStore *store, const HeptadIdentityConfig *config, GError **error);
void heptad_identity_free (HeptadIdentity *identity);

/**
 * heptad_identity_authenticate_bearer:
 * @token: an API key or a session's token; hostile
 *
 * Any thread; about a microsecond.
 *
 * Returns: (transfer full) (nullable): whose it is; %NULL when it is unknown, expired or revoked
 */
HeptadPrincipal *
heptad_identity_authenticate_bearer (HeptadIdentity *identity, const char *token, gsize length);

/* (transfer none): the tokens in force, for the doors */
HeptadCredentials *heptad_identity_get_credentials (HeptadIdentity *identity);

/* Users. A name is `[a-z0-9][a-z0-9._-]{0,62}`. */

/**
 * heptad_identity_create_user:
 * @must_change: whether the password is meant for one sign-in
 * @error: %HEPTAD_ERROR_INVALID_INPUT; %HEPTAD_ERROR_CONFLICT when the name is taken
 */
gboolean heptad_identity_create_user (HeptadIdentity *identity,
                                      const char *tenant_id,
                                      const char *name,
                                      const char *password,
                                      gboolean must_change,
                                      GError **error);

/* Also ends the user's sessions. */
gboolean heptad_identity_set_password (HeptadIdentity *identity,
                                       const char *name,
                                       const char *password,
                                       GError **error);

/* A disabled user's sessions and keys are refused at once. */
gboolean heptad_identity_set_user_disabled (HeptadIdentity *identity,
                                            const char *name,
                                            gboolean disabled,
                                            GError **error);
gboolean heptad_identity_delete_user (HeptadIdentity *identity, const char *name, GError **error);

/* Returns: (transfer full): an array of objects: name, tenant, disabled, roles, createdAt */
HeptadValue *
heptad_identity_list_users (HeptadIdentity *identity, const char *tenant_id, GError **error);

/* Roles and permissions. */

/**
 * heptad_identity_set_role:
 * @permissions: an array of objects: permission, resource (optional); see #HeptadGrants
 *
 * Makes a role of the tenant's own, or gives it other permissions.
 */
gboolean heptad_identity_set_role (HeptadIdentity *identity,
                                   const char *tenant_id,
                                   const char *name,
                                   const char *title,
                                   const HeptadValue *permissions,
                                   GError **error);
gboolean heptad_identity_delete_role (HeptadIdentity *identity,
                                      const char *tenant_id,
                                      const char *name,
                                      GError **error);
gboolean heptad_identity_assign_role (HeptadIdentity *identity,
                                      const char *user,
                                      const char *role,
                                      GError **error);
gboolean heptad_identity_unassign_role (HeptadIdentity *identity,
                                        const char *user,
                                        const char *role,
                                        GError **error);

/**
 * heptad_identity_grant:
 * @resource: (nullable): such as `account/123456789012`, or everything that begins alike; %NULL:
 * everywhere
 */
gboolean heptad_identity_grant (HeptadIdentity *identity,
                                const char *user,
                                const char *permission,
                                const char *resource,
                                GError **error);
gboolean heptad_identity_revoke_grant (HeptadIdentity *identity,
                                       const char *user,
                                       const char *permission,
                                       const char *resource,
                                       GError **error);

/* Sessions. */

typedef struct {
  char *token; /* shown once */
  char *principal_id;
  gint64 expires_at_us;
  gboolean must_change;
} HeptadSignIn;

void heptad_sign_in_free (HeptadSignIn *sign_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadSignIn, heptad_sign_in_free)

/**
 * heptad_identity_sign_in:
 * @error: %HEPTAD_ERROR_UNAUTHENTICATED, the same for a wrong name and a wrong password;
 *   %HEPTAD_ERROR_BUSY when too many sign in at once
 *
 * Returns: (transfer full): the session
 */
HeptadSignIn *heptad_identity_sign_in (HeptadIdentity *identity,
                                       const char *name,
                                       const char *password,
                                       GError **error);

/* Ends the session of a token; one that is none has ended already. */
gboolean heptad_identity_sign_out (HeptadIdentity *identity, const char *token, GError **error);

/* API keys. */

/**
 * heptad_identity_create_key:
 * @user: whose key: it may never do more than this user
 * @scope: (nullable): narrows it: an array of objects: permission, resource (optional)
 * @expires_at_us: wall-clock microseconds UTC; 0 for never
 * @id: (out) (optional) (transfer full): to revoke it by
 *
 * Returns: (transfer full): the key itself, which is not kept and cannot be shown again
 */
char *heptad_identity_create_key (HeptadIdentity *identity,
                                  const char *user,
                                  const char *title,
                                  const HeptadValue *scope,
                                  gint64 expires_at_us,
                                  char **id,
                                  GError **error);

/* From when this returns the key is refused on every thread. */
gboolean heptad_identity_revoke_key (HeptadIdentity *identity, const char *id, GError **error);

/* Returns: (transfer full): an array of objects: id, user, title, scope, createdAt, expiresAt */
HeptadValue *
heptad_identity_list_keys (HeptadIdentity *identity, const char *tenant_id, GError **error);

/* Forgets what has expired, in memory and on disk; to be called some times an hour. */
gboolean heptad_identity_purge (HeptadIdentity *identity, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadIdentity, heptad_identity_free)

G_END_DECLS
