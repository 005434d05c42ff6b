/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadSettings:
 *
 * A plugin's settings for one tenant. The names, types and defaults are the JSON Schema under
 * `settings` in plugin.yaml; what is stored always fits it. The signal `changed` has the setting's
 * name as its detail and is emitted on the main thread. Reading: any thread.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_SETTINGS (heptad_settings_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadSettings, heptad_settings, HEPTAD, SETTINGS, GObject)

/**
 * heptad_settings_get_value:
 * @name: a declared setting
 *
 * Returns: (transfer full) (nullable): what is set, or the default
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadValue *heptad_settings_get_value (HeptadSettings *settings, const char *name);

/**
 * heptad_settings_get_string:
 *
 * Returns: (transfer full) (nullable): the string
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
char *heptad_settings_get_string (HeptadSettings *settings, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_settings_get_int64 (HeptadSettings *settings, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_settings_get_boolean (HeptadSettings *settings, const char *name);

G_END_DECLS
