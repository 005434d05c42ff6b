/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/* What a plugin does besides answering calls: topics, durable event handlers, jobs, schedules. */

/* Declares the topics of a manifest, so that the plugin may publish on them. */
gboolean
heptad_host_work_declare (HeptadHostDaemon *daemon, const HeptadManifest *manifest, GError **error);

/**
 * heptad_host_work_join:
 *
 * Begins to run a started plugin's jobs, schedules and event handlers for one tenant. Start or pool
 * thread.
 */
gboolean heptad_host_work_join (HeptadHostDaemon *daemon,
                                HeptadPluginRuntime *runtime,
                                HeptadTenant *tenant,
                                GError **error);

/* Ends that; interrupts what runs and waits for it. */
void heptad_host_work_leave (HeptadHostDaemon *daemon,
                             HeptadPluginRuntime *runtime,
                             const char *tenant_id);

/* Both for all of a plugin's tenants. */
gboolean
heptad_host_work_join_all (HeptadHostDaemon *daemon, HeptadPluginRuntime *runtime, GError **error);
void heptad_host_work_leave_all (HeptadHostDaemon *daemon, HeptadPluginRuntime *runtime);

G_END_DECLS
