/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-settings.h"

#include "core/operations/json-schema.h"
#include "sdk/backend/heptad-settings-backend.h"
#include "sdk/heptad-error.h"

/* What stands behind the settings objects of one plugin and tenant. */
typedef struct {
  GMutex mutex;
  HeptadValue *values; /* every setting, with defaults */
  GPtrArray *objects;  /* GWeakRef: HeptadSettings, one a generation */
} Slot;

struct _HeptadSettingsHub {
  HeptadTenants *tenants;
  GMutex mutex;
  GHashTable *slots; /* TENANT/PLUGIN -> Slot, for as long as the hub lives */
};

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
slot_release (gpointer data)
{
  Slot *slot = data;

  g_clear_pointer (&slot->values, heptad_value_unref);
  g_ptr_array_unref (slot->objects);
  g_mutex_clear (&slot->mutex);
}

static void
slot_unref (gpointer slot)
{
  g_atomic_rc_box_release_full (slot, slot_release);
}

HeptadSettingsHub *
heptad_settings_hub_new (HeptadTenants *tenants)
{
  HeptadSettingsHub *hub = g_new0 (HeptadSettingsHub, 1);

  hub->tenants = tenants;
  g_mutex_init (&hub->mutex);
  hub->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, slot_unref);
  return hub;
}

void
heptad_settings_hub_free (HeptadSettingsHub *hub)
{
  g_hash_table_unref (hub->slots);
  g_mutex_clear (&hub->mutex);
  g_free (hub);
}

static Slot *
get_slot (HeptadSettingsHub *self, const char *plugin_id, const char *tenant_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);
  Slot *slot = g_hash_table_lookup (self->slots, key);

  if (slot == NULL)
    {
      slot = g_atomic_rc_box_new0 (Slot);
      g_mutex_init (&slot->mutex);
      slot->objects = g_ptr_array_new_with_free_func (weak_ref_free);
      g_hash_table_insert (self->slots, g_steal_pointer (&key), slot);
    }
  return g_atomic_rc_box_acquire (slot);
}

static HeptadValue *
get_value (gpointer data, const char *name)
{
  Slot *slot = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&slot->mutex);
  const HeptadValue *value = heptad_value_get_member (slot->values, name);

  return value != NULL ? heptad_value_ref (value) : NULL;
}

static const HeptadSettingsBackend backend = {
  .get_value = get_value,
  .finalize = slot_unref,
};

/* Every declared setting: what is set, else the default; null when there is neither. */
static HeptadValue *
fill_in (HeptadManifest *manifest, const HeptadValue *set)
{
  const HeptadValue *properties = heptad_value_get_member (manifest->settings, "properties");
  g_autoptr (HeptadBuilder) all = heptad_builder_new_object ();

  for (guint i = 0; i < heptad_value_get_size (properties); i++)
    {
      const char *name = NULL;
      const HeptadValue *property = heptad_value_get_member_at (properties, i, &name);
      const HeptadValue *value = heptad_value_get_member (set, name);

      if (value == NULL)
        value = heptad_value_get_member (property, "default");
      if (value != NULL)
        heptad_builder_set_value (all, name, value);
    }
  return heptad_builder_end (all);
}

HeptadValue *
heptad_settings_hub_get (HeptadSettingsHub *hub,
                         HeptadManifest *manifest,
                         const char *tenant_id,
                         GError **error)
{
  g_autoptr (HeptadValue) set =
      heptad_tenants_get_settings (hub->tenants, tenant_id, manifest->id, error);

  return set != NULL ? fill_in (manifest, set) : NULL;
}

/* With the slot's mutex held: forgets the objects of generations that are gone. */
static void
forget_dead (Slot *slot)
{
  for (guint i = slot->objects->len; i > 0; i--)
    {
      g_autoptr (HeptadSettings) settings =
          g_weak_ref_get (g_ptr_array_index (slot->objects, i - 1));

      if (settings == NULL)
        g_ptr_array_remove_index_fast (slot->objects, i - 1);
    }
}

HeptadSettings *
heptad_settings_hub_open (HeptadSettingsHub *hub,
                          HeptadManifest *manifest,
                          const char *tenant_id,
                          GError **error)
{
  g_autoptr (HeptadValue) values = heptad_settings_hub_get (hub, manifest, tenant_id, error);
  GWeakRef *reference;
  HeptadSettings *settings;
  Slot *slot;

  if (values == NULL)
    return NULL;
  slot = get_slot (hub, manifest->id, tenant_id);
  settings = heptad_settings_new (&backend, slot);
  reference = g_new0 (GWeakRef, 1);
  g_weak_ref_init (reference, settings);

  g_mutex_lock (&slot->mutex);
  g_clear_pointer (&slot->values, heptad_value_unref);
  slot->values = g_steal_pointer (&values);
  forget_dead (slot);
  g_ptr_array_add (slot->objects, reference);
  g_mutex_unlock (&slot->mutex);
  return settings;
}

static gboolean
check_settings (HeptadManifest *manifest, const HeptadValue *settings, GError **error)
{
  g_autoptr (HeptadSchema) schema = NULL;
  g_auto (HeptadSchemaReport) report = { 0 };

  if (manifest->settings == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "The plugin %s has no settings",
                   manifest->id);
      return FALSE;
    }
  schema = heptad_schema_compile_at (manifest->document, "/settings", error);
  if (schema == NULL)
    return FALSE;
  if (heptad_schema_validate (schema, settings, &report))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "The setting %s of the plugin %s %s",
               *report.failures[0].pointer != '\0' ? report.failures[0].pointer + 1 : "object",
               manifest->id, report.failures[0].detail);
  return FALSE;
}

typedef struct {
  HeptadSettings *settings;
  char *name;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->settings);
  g_free (change->name);
  g_free (change);
}

static gboolean
emit_change (gpointer data)
{
  Change *change = data;

  heptad_settings_emit_changed (change->settings, change->name);
  return G_SOURCE_REMOVE;
}

/* With the slot's mutex held: tells each living object of one change, later, on the main thread. */
static void
announce (Slot *slot, const char *name)
{
  for (guint i = 0; i < slot->objects->len; i++)
    {
      HeptadSettings *settings = g_weak_ref_get (g_ptr_array_index (slot->objects, i));
      Change *change;

      if (settings == NULL)
        continue;
      change = g_new0 (Change, 1);
      change->settings = settings;
      change->name = g_strdup (name);
      g_idle_add_full (G_PRIORITY_DEFAULT, emit_change, change, change_free);
    }
}

static gboolean
differ (const HeptadValue *a, const HeptadValue *b)
{
  if (a == NULL || b == NULL)
    return a != b;
  return !heptad_value_equal (a, b);
}

static void
swap_values (Slot *slot, HeptadManifest *manifest, HeptadValue *values)
{
  const HeptadValue *properties = heptad_value_get_member (manifest->settings, "properties");
  g_autoptr (HeptadValue) old = NULL;

  g_mutex_lock (&slot->mutex);
  old = g_steal_pointer (&slot->values);
  slot->values = values;
  for (guint i = 0; i < heptad_value_get_size (properties); i++)
    {
      const char *name = NULL;

      heptad_value_get_member_at (properties, i, &name);
      if (differ (heptad_value_get_member (old, name), heptad_value_get_member (values, name)))
        announce (slot, name);
    }
  g_mutex_unlock (&slot->mutex);
}

gboolean
heptad_settings_hub_set (HeptadSettingsHub *hub,
                         HeptadManifest *manifest,
                         const char *tenant_id,
                         const HeptadValue *settings,
                         GError **error)
{
  Slot *slot;

  if (!check_settings (manifest, settings, error)
      || !heptad_tenants_set_settings (hub->tenants, tenant_id, manifest->id, settings, error))
    return FALSE;
  slot = get_slot (hub, manifest->id, tenant_id);
  swap_values (slot, manifest, fill_in (manifest, settings));
  slot_unref (slot);
  return TRUE;
}
