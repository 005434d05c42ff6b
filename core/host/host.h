/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/events/event-hub.h"
#include "core/host/config.h"
#include "core/identity/audit.h"
#include "core/identity/identity.h"
#include "core/identity/tenants.h"
#include "core/jobs/job-queue.h"
#include "core/operations/operation-registry.h"
#include "core/plugins/plugin-manager.h"
#include "core/plugins/plugin-settings.h"
#include "core/store/store-hub.h"
#include "core/telemetry/health.h"
#include "core/telemetry/metrics.h"

G_BEGIN_DECLS

/**
 * HeptadHostDaemon:
 *
 * The parts of a running host, in the order in which they are opened; they are closed in the other
 * one. The doors stand on these. Members are read-only for others.
 */
typedef struct {
  HeptadConfig *config;
  HeptadMetrics *metrics;
  HeptadHealth *health;
  HeptadStoreHub *stores;
  HeptadEventHub *events;
  HeptadJobQueue *jobs;
  HeptadStore *core_store;
  HeptadTenants *tenants;
  HeptadIdentity *identity;
  HeptadAudit *audit;
  HeptadSettingsHub *settings;
  HeptadOperationRegistry *operations;
  HeptadPluginManager *plugins;
  gint64 started_at_us;
  char *first_password; /* (nullable): the administrator's, on a first start only */

  /*< private >*/
  GThread *starting;
  guint housekeeping; /* a source on the main thread */
  void (*started) (gpointer data);
  gpointer started_data;
} HeptadHostDaemon;

/**
 * heptad_host_daemon_new:
 * @config: (transfer full): how
 * @error: what cannot be opened, and what to do
 *
 * Opens everything; no plugin's code runs yet. Main thread.
 */
HeptadHostDaemon *heptad_host_daemon_new (HeptadConfig *config, GError **error);

/**
 * heptad_host_daemon_start_plugins:
 * @started: called on the main thread when every plugin serves or is listed with its reason
 *
 * Starts the plugins on a thread of their own, so that the host serves meanwhile. Main thread.
 */
void heptad_host_daemon_start_plugins (HeptadHostDaemon *daemon,
                                       void (*started) (gpointer data),
                                       gpointer data);

/**
 * heptad_host_daemon_free:
 *
 * Stops the plugins and closes everything; the doors are closed already. Main thread; blocks for no
 * longer than the plugins' deadlines.
 */
void heptad_host_daemon_free (HeptadHostDaemon *daemon);

/**
 * heptad_host_daemon_add_tenant:
 * @error: why it cannot be made; a plugin that cannot serve it is logged and does not fail this
 *
 * Makes a tenant and enables every plugin for it. Pool thread; blocks.
 */
gboolean heptad_host_daemon_add_tenant (HeptadHostDaemon *daemon,
                                        const char *tenant_id,
                                        const char *name,
                                        GError **error);

/**
 * heptad_host_daemon_set_tenant_plugin:
 * @error: why the plugin cannot serve the tenant
 *
 * Enables or disables a plugin for one tenant, and remembers it. Pool thread; blocks.
 */
gboolean heptad_host_daemon_set_tenant_plugin (HeptadHostDaemon *daemon,
                                               const char *tenant_id,
                                               const char *plugin_id,
                                               gboolean enabled,
                                               GError **error);

/* Changes what can change while the host serves: the log level. The certificate is the door's. */
void heptad_host_daemon_apply (HeptadHostDaemon *daemon, const HeptadConfig *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHostDaemon, heptad_host_daemon_free)

G_END_DECLS
