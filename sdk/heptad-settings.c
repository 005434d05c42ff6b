/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-settings.h"

#include "backend/heptad-settings-backend.h"

struct _HeptadSettings {
  GObject parent;
  const HeptadSettingsBackend *backend;
  gpointer data;
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeptadSettings, heptad_settings, G_TYPE_OBJECT)

HeptadSettings *
heptad_settings_new (const HeptadSettingsBackend *backend, gpointer data)
{
  HeptadSettings *self = g_object_new (HEPTAD_TYPE_SETTINGS, NULL);

  self->backend = backend;
  self->data = data;
  return self;
}

HeptadValue *
heptad_settings_get_value (HeptadSettings *settings, const char *name)
{
  g_return_val_if_fail (HEPTAD_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return settings->backend->get_value (settings->data, name);
}

char *
heptad_settings_get_string (HeptadSettings *settings, const char *name)
{
  g_autoptr (HeptadValue) value = heptad_settings_get_value (settings, name);

  return g_strdup (heptad_value_get_string (value));
}

gint64
heptad_settings_get_int64 (HeptadSettings *settings, const char *name)
{
  g_autoptr (HeptadValue) value = heptad_settings_get_value (settings, name);

  return heptad_value_get_int64 (value);
}

gboolean
heptad_settings_get_boolean (HeptadSettings *settings, const char *name)
{
  g_autoptr (HeptadValue) value = heptad_settings_get_value (settings, name);

  return heptad_value_get_boolean (value);
}

void
heptad_settings_emit_changed (HeptadSettings *settings, const char *name)
{
  g_return_if_fail (HEPTAD_IS_SETTINGS (settings));

  g_signal_emit (settings, signals[SIGNAL_CHANGED], g_quark_from_string (name), name);
}

static void
heptad_settings_finalize (GObject *object)
{
  HeptadSettings *self = HEPTAD_SETTINGS (object);

  if (self->backend != NULL && self->backend->finalize != NULL)
    self->backend->finalize (self->data);
  G_OBJECT_CLASS (heptad_settings_parent_class)->finalize (object);
}

static void
heptad_settings_class_init (HeptadSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heptad_settings_finalize;

  /**
   * HeptadSettings::changed:
   * @name: the setting that has another value now
   *
   * Since: 1.0
   */
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", HEPTAD_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heptad_settings_init (HeptadSettings *self)
{
}
