/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/bundle.h"
#include "core/plugins/bundle-check.h"
#include "core/plugins/disabled-note.h"
#include "core/plugins/module.h"
#include "core/plugins/plugin-generation.h"
#include "core/plugins/plugin-order.h"
#include "core/plugins/probe.h"
#include "core/plugins/start-marker.h"
#include "core/plugins/version-range.h"
#include "sdk/heptad-error.h"

/* What is found on the way up. */
typedef struct {
  HeptadPluginGeneration *generation;
  char *module; /* (nullable): the copy that is loaded */
} BringUp;

static const char *
fail (HeptadPluginGeneration *self, const GError *error)
{
  heptad_plugin_generation_move (self, HEPTAD_PLUGIN_FAILED, error->message);
  return NULL;
}

/* A start that took the host down becomes a note, which stays until somebody enables the plugin. */
static void
turn_marker_into_note (HeptadPluginGeneration *self)
{
  HeptadPluginManager *manager = self->manager;
  g_autofree char *date = heptad_start_marker_read (manager->marker_dir, self->id);
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;

  if (date == NULL)
    return;
  reason = g_strdup_printf ("it stopped the host while starting on %s; mend or update it, then run "
                            "'heptadctl plugin enable %s'",
                            date, self->id);
  if (heptad_disabled_note_put (manager->note_dir, self->id, reason, &error))
    heptad_start_marker_remove (manager->marker_dir, self->id);
}

static gboolean
is_disabled (HeptadPluginGeneration *self)
{
  g_autofree char *reason = NULL;

  turn_marker_into_note (self);
  reason = heptad_disabled_note_read (self->manager->note_dir, self->id);
  if (reason == NULL)
    return FALSE;
  heptad_plugin_generation_move (self, HEPTAD_PLUGIN_DISABLED, reason);
  return TRUE;
}

void
heptad_plugin_generation_check (HeptadPluginGeneration *generation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadManifest) manifest = heptad_manifest_load (generation->bundle_dir, &error);

  if (manifest == NULL)
    {
      fail (generation, error);
      return;
    }

  g_mutex_lock (&generation->manager->mutex);
  g_free (generation->id);
  generation->id = g_strdup (manifest->id);
  generation->manifest = heptad_manifest_ref (manifest);
  generation->runtime = heptad_plugin_runtime_new (manifest, generation->bundle_dir,
                                                   generation->manager->config.services,
                                                   generation->manager->config.services_data);
  g_mutex_unlock (&generation->manager->mutex);

  if (is_disabled (generation))
    return;
  if (heptad_bundle_check_sdk (manifest, &error))
    heptad_plugin_generation_move (generation, HEPTAD_PLUGIN_CHECKED, NULL);
  else
    fail (generation, error);
}

/* Dependencies. */

static gboolean
check_dependency (HeptadPluginGeneration *self,
                  const HeptadManifestDependency *dependency,
                  GError **error)
{
  HeptadPluginGeneration *other = heptad_plugin_manager_find (self->manager, dependency->id);

  if (!dependency->required)
    return TRUE;
  if (other == NULL || other->manifest == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "it requires the plugin '%s', which is not installed; install it, or remove it "
                   "from `requires`",
                   dependency->id);
      return FALSE;
    }
  if (dependency->version_range == NULL
      || heptad_version_range_contains (dependency->version_range, other->manifest->version))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "it requires '%s' %s, and version %s is installed; install one that fits",
               dependency->id, dependency->version_range, other->manifest->version);
  return FALSE;
}

gboolean
heptad_plugin_generation_check_dependencies (HeptadPluginGeneration *generation, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&generation->manager->mutex);
  g_autoptr (GPtrArray) manifests = heptad_plugin_manager_collect_manifests (generation->manager);
  g_autofree char *cycle = heptad_plugin_order_describe_cycle (manifests, generation->id);
  GArray *dependencies = generation->manifest->dependencies;

  if (cycle != NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "it requires itself: %s; turn one `requires` of the circle into `wants`", cycle);
      return FALSE;
    }
  for (guint i = 0; i < dependencies->len; i++)
    if (!check_dependency (generation, &g_array_index (dependencies, HeptadManifestDependency, i),
                           error))
      return FALSE;
  return TRUE;
}

static gboolean
wait_for_dependency (HeptadPluginGeneration *self,
                     const HeptadManifestDependency *dependency,
                     GError **error)
{
  HeptadPluginManager *manager = self->manager;
  HeptadPluginGeneration *other;

  while ((other = heptad_plugin_manager_find (manager, dependency->id)) != NULL
         && !heptad_plugin_state_is_settled (other->state))
    g_cond_wait (&manager->changed, &manager->mutex);

  if (!dependency->required || (other != NULL && other->state == HEPTAD_PLUGIN_ACTIVE))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
               "it requires the plugin '%s', which is %s; see to that one first", dependency->id,
               other != NULL ? heptad_plugin_state_get_name (other->state) : "gone");
  return FALSE;
}

static gboolean
wait_for_dependencies (HeptadPluginGeneration *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->manager->mutex);
  g_autoptr (GPtrArray) manifests = heptad_plugin_manager_collect_manifests (self->manager);
  GArray *dependencies = self->manifest->dependencies;

  for (guint i = 0; i < dependencies->len; i++)
    {
      const HeptadManifestDependency *dependency =
          &g_array_index (dependencies, HeptadManifestDependency, i);

      if (heptad_plugin_order_must_wait (manifests, self->id, dependency)
          && !wait_for_dependency (self, dependency, error))
        return FALSE;
    }
  return TRUE;
}

/* Probing. */

static HeptadProbeReport *
probe_module (BringUp *up, const char *module, GError **error)
{
  HeptadPluginManager *manager = up->generation->manager;
  g_autofree char *digest = NULL;
  HeptadProbeReport *report;

  up->module = heptad_module_cache_add (manager->cache, module, &digest, error);
  if (up->module == NULL)
    return NULL;

  report = heptad_module_cache_lookup_report (manager->cache, digest);
  if (report != NULL)
    return report;
  report = heptad_probe_module (manager->probe_path, up->module, up->generation->bundle_dir,
                                manager->config.probe_timeout_ms, error);
  if (report != NULL)
    heptad_module_cache_keep_report (manager->cache, digest, report);
  return report;
}

static gboolean
probe (BringUp *up, GError **error)
{
  HeptadPluginGeneration *self = up->generation;
  const HeptadPluginManagerConfig *config = &self->manager->config;
  g_autoptr (GError) failure = NULL;
  g_autofree char *module = heptad_bundle_find_module (self->bundle_dir, self->manifest, &failure);
  g_autoptr (HeptadProbeReport) report = NULL;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (module != NULL)
    {
      report = probe_module (up, module, error);
      if (report == NULL || !heptad_bundle_check_report (self->manifest, report, error))
        return FALSE;
    }
  if (config->hooks != NULL && config->hooks->prepare != NULL
      && !config->hooks->prepare (config->hooks_data, self->runtime, report, error))
    return FALSE;
  return heptad_plugin_generation_move (self, HEPTAD_PLUGIN_PROBED, NULL);
}

/* Loading and starting: from the marker on, the plugin's code runs in the host. */

static gboolean
load (BringUp *up, GError **error)
{
  HeptadPluginGeneration *self = up->generation;
  const HeptadPluginDescriptor *descriptor;

  if (up->module != NULL)
    {
      descriptor = heptad_module_open (up->module, error);
      if (descriptor == NULL)
        return FALSE;
      heptad_plugin_runtime_set_descriptor (self->runtime, descriptor);
    }
  return heptad_plugin_generation_move (self, HEPTAD_PLUGIN_LOADED, NULL)
         && heptad_plugin_generation_move (self, HEPTAD_PLUGIN_STARTING, NULL);
}

static gboolean
activate (HeptadPluginGeneration *self, GError **error)
{
  const HeptadPluginManagerConfig *config = &self->manager->config;

  if (config->hooks == NULL || config->hooks->activate == NULL)
    return TRUE;
  return config->hooks->activate (config->hooks_data, self->runtime, self->replaces, error);
}

static gboolean
start (HeptadPluginGeneration *self, GError **error)
{
  guint milliseconds = self->manager->config.start_deadline_ms;
  gboolean given_up;

  heptad_plugin_generation_set_deadline (self, "start", milliseconds);
  if (!heptad_plugin_runtime_start (self->runtime, error))
    return FALSE;

  g_mutex_lock (&self->manager->mutex);
  given_up = self->state != HEPTAD_PLUGIN_STARTING;
  self->deadline_us = 0;
  g_mutex_unlock (&self->manager->mutex);

  if (!given_up && activate (self, error))
    return TRUE;
  heptad_plugin_runtime_stop (self->runtime);
  return FALSE;
}

static gboolean
load_and_start (BringUp *up, GError **error)
{
  HeptadPluginGeneration *self = up->generation;
  const char *marker_dir = self->manager->marker_dir;
  gboolean started;

  if (up->module != NULL && !heptad_start_marker_put (marker_dir, self->id, error))
    return FALSE;
  heptad_plugin_generation_set_deadline (self, "load", self->manager->config.start_deadline_ms);
  started = load (up, error) && start (self, error);
  if (up->module != NULL)
    heptad_start_marker_remove (marker_dir, self->id);
  return started && heptad_plugin_generation_move (self, HEPTAD_PLUGIN_ACTIVE, NULL);
}

static gpointer
bring_up (gpointer data)
{
  g_autoptr (HeptadPluginGeneration) self = data;
  BringUp up = { .generation = self };
  g_autoptr (GError) error = NULL;

  /* Without an error set, the generation was given up and its reason stands. */
  if (!(probe (&up, &error) && wait_for_dependencies (self, &error) && load_and_start (&up, &error))
      && error != NULL)
    fail (self, error);
  g_free (up.module);
  return NULL;
}

void
heptad_plugin_generation_bring_up (HeptadPluginGeneration *generation)
{
  g_thread_unref (
      g_thread_new ("plugin-start", bring_up, heptad_plugin_generation_ref (generation)));
}
