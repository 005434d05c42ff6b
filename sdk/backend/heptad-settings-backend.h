/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-settings.h"

G_BEGIN_DECLS

/**
 * HeptadSettingsBackend:
 * @get_value: (transfer full) (nullable): what is set, or the default. Any thread
 * @finalize: frees @data
 *
 * Between libheptad and the host, not installed: what stands behind a #HeptadSettings.
 */
typedef struct {
  HeptadValue *(*get_value) (gpointer data, const char *name);
  void (*finalize) (gpointer data);
} HeptadSettingsBackend;

/**
 * heptad_settings_new:
 * @backend: constant, for the life of the program
 * @data: (transfer full): handed to the backend's functions
 *
 * Returns: (transfer full): the settings
 */
HEPTAD_API
HeptadSettings *heptad_settings_new (const HeptadSettingsBackend *backend, gpointer data);

/* Emits `changed::NAME`. Main thread. */
HEPTAD_API
void heptad_settings_emit_changed (HeptadSettings *settings, const char *name);

G_END_DECLS
