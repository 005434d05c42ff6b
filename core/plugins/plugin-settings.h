/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/tenants.h"
#include "core/plugins/manifest.h"
#include "sdk/heptad-settings.h"

G_BEGIN_DECLS

/**
 * HeptadSettingsHub:
 *
 * The settings of all plugins for all tenants: what is stored always fits the schema in the
 * plugin's manifest. A plugin's #HeptadSettings object reads a value that is swapped as a whole.
 */
typedef struct _HeptadSettingsHub HeptadSettingsHub;

/**
 * heptad_settings_hub_new:
 * @tenants: where they are kept; outlives the hub and its objects
 */
HeptadSettingsHub *heptad_settings_hub_new (HeptadTenants *tenants);
void heptad_settings_hub_free (HeptadSettingsHub *hub);

/**
 * heptad_settings_hub_open:
 *
 * Pool or start thread; blocks.
 *
 * Returns: (transfer full): the service `heptad.settings` of one plugin and tenant
 */
HeptadSettings *heptad_settings_hub_open (HeptadSettingsHub *hub,
                                          HeptadManifest *manifest,
                                          const char *tenant_id,
                                          GError **error);

/**
 * heptad_settings_hub_get:
 *
 * Pool thread; blocks.
 *
 * Returns: (transfer full): an object of every setting, with the defaults of those that are not set
 */
HeptadValue *heptad_settings_hub_get (HeptadSettingsHub *hub,
                                      HeptadManifest *manifest,
                                      const char *tenant_id,
                                      GError **error);

/**
 * heptad_settings_hub_set:
 * @settings: an object; what it leaves out has its default again
 * @error: %HEPTAD_ERROR_INVALID_INPUT naming the setting and what was expected
 *
 * Stores settings and tells the plugin of those that changed, on the main thread. Pool thread;
 * blocks.
 */
gboolean heptad_settings_hub_set (HeptadSettingsHub *hub,
                                  HeptadManifest *manifest,
                                  const char *tenant_id,
                                  const HeptadValue *settings,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadSettingsHub, heptad_settings_hub_free)

G_END_DECLS
