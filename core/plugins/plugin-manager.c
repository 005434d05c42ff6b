/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-manager.h"

#include "core/plugins/bundle.h"
#include "core/plugins/disabled-note.h"
#include "core/plugins/plugin-generation.h"
#include "sdk/heptad-error.h"

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) heptad_plugin_generation_unref);
}

HeptadPluginManager *
heptad_plugin_manager_new (const HeptadPluginManagerConfig *config)
{
  HeptadPluginManager *self = g_new0 (HeptadPluginManager, 1);
  g_autofree char *cache_dir = g_build_filename (config->data_dir, "cache", NULL);

  g_atomic_ref_count_init (&self->references);
  self->config = *config;
  self->search_paths = g_strdupv ((char **) config->search_paths);
  self->data_dir = g_strdup (config->data_dir);
  self->probe_path = g_strdup (config->probe_path);
  self->marker_dir = g_build_filename (config->data_dir, "starting", NULL);
  self->note_dir = g_build_filename (config->data_dir, "disabled", NULL);
  self->cache = heptad_module_cache_new (cache_dir);
  self->all = new_list ();
  self->retired = new_list ();
  g_mutex_init (&self->lifecycle);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  return self;
}

HeptadPluginManager *
heptad_plugin_manager_ref (HeptadPluginManager *manager)
{
  g_atomic_ref_count_inc (&manager->references);
  return manager;
}

/* Each generation holds the manager, and the manager its generations: stop_all() lets go of them.
 */
void
heptad_plugin_manager_unref (HeptadPluginManager *manager)
{
  if (!g_atomic_ref_count_dec (&manager->references))
    return;
  g_ptr_array_unref (manager->all);
  g_ptr_array_unref (manager->retired);
  heptad_module_cache_free (manager->cache);
  g_strfreev (manager->search_paths);
  g_free (manager->data_dir);
  g_free (manager->marker_dir);
  g_free (manager->note_dir);
  g_free (manager->probe_path);
  g_mutex_clear (&manager->lifecycle);
  g_mutex_clear (&manager->mutex);
  g_cond_clear (&manager->changed);
  g_free (manager);
}

HeptadPluginGeneration *
heptad_plugin_manager_find (HeptadPluginManager *manager, const char *id)
{
  for (guint i = 0; i < manager->all->len; i++)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (manager->all, i);

      if (g_str_equal (generation->id, id))
        return generation;
    }
  return NULL;
}

GPtrArray *
heptad_plugin_manager_collect_manifests (HeptadPluginManager *manager)
{
  GPtrArray *manifests = g_ptr_array_new ();

  for (guint i = 0; i < manager->all->len; i++)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (manager->all, i);

      if (generation->manifest != NULL)
        g_ptr_array_add (manifests, generation->manifest);
    }
  return manifests;
}

/* Adds a generation to the list. The second bundle of an id fails, and the first goes on. */
static void
add_generation (HeptadPluginManager *self, HeptadPluginGeneration *generation)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  HeptadPluginGeneration *first = heptad_plugin_manager_find (self, generation->id);
  g_autofree char *reason = NULL;

  g_ptr_array_add (self->all, heptad_plugin_generation_ref (generation));
  if (first == NULL || generation->state != HEPTAD_PLUGIN_CHECKED)
    {
      heptad_plugin_generation_tell_locked (generation);
      return;
    }
  reason =
      g_strdup_printf ("the id '%s' is taken by the bundle in %s, which is used; remove one of "
                       "the two or change its id",
                       generation->id, first->bundle_dir);
  heptad_plugin_generation_move_locked (generation, HEPTAD_PLUGIN_FAILED, reason);
}

static GPtrArray *
find_all (HeptadPluginManager *self)
{
  g_autoptr (GPtrArray) bundles = heptad_bundles_find ((const char *const *) self->search_paths);
  GPtrArray *generations = new_list ();

  for (guint i = 0; i < bundles->len; i++)
    {
      HeptadPluginGeneration *generation =
          heptad_plugin_generation_new (self, g_ptr_array_index (bundles, i));

      heptad_plugin_generation_check (generation);
      add_generation (self, generation);
      g_ptr_array_add (generations, generation);
    }
  return generations;
}

static void
bring_up_if_checked (HeptadPluginGeneration *generation)
{
  g_autoptr (GError) error = NULL;

  if (generation->state != HEPTAD_PLUGIN_CHECKED)
    return;
  if (heptad_plugin_generation_check_dependencies (generation, &error))
    heptad_plugin_generation_bring_up (generation);
  else
    heptad_plugin_generation_move (generation, HEPTAD_PLUGIN_FAILED, error->message);
}

void
heptad_plugin_manager_start_all (HeptadPluginManager *manager)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (GPtrArray) generations = find_all (manager);

  for (guint i = 0; i < generations->len; i++)
    bring_up_if_checked (g_ptr_array_index (generations, i));
  heptad_plugin_generations_wait (manager, generations);
}

/* The active ones on which no other active one depends; all active ones where circles leave none.
 */
static GPtrArray *
collect_stoppable (HeptadPluginManager *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GPtrArray) free_ones = new_list ();
  g_autoptr (GPtrArray) active = new_list ();

  for (guint i = 0; i < self->all->len; i++)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (self->all, i);

      if (generation->state != HEPTAD_PLUGIN_ACTIVE)
        continue;
      g_ptr_array_add (active, heptad_plugin_generation_ref (generation));
      if (heptad_plugin_generation_find_dependent (generation, FALSE) == NULL)
        g_ptr_array_add (free_ones, heptad_plugin_generation_ref (generation));
    }
  return free_ones->len > 0 ? g_steal_pointer (&free_ones) : g_steal_pointer (&active);
}

void
heptad_plugin_manager_stop_all (HeptadPluginManager *manager)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) retired = NULL;

  for (;;)
    {
      g_autoptr (GPtrArray) wave = collect_stoppable (manager);

      if (wave->len == 0)
        break;
      for (guint i = 0; i < wave->len; i++)
        heptad_plugin_generation_take_down (g_ptr_array_index (wave, i), FALSE);
      heptad_plugin_generations_wait (manager, wave);
    }

  g_mutex_lock (&manager->mutex);
  all = g_steal_pointer (&manager->all);
  retired = g_steal_pointer (&manager->retired);
  manager->all = new_list ();
  manager->retired = new_list ();
  g_mutex_unlock (&manager->mutex);
  heptad_plugin_generations_wait (manager, retired);
}

/* One at a time, while the host serves. */

static HeptadPluginGeneration *
get_generation (HeptadPluginManager *self, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  HeptadPluginGeneration *generation = heptad_plugin_manager_find (self, id);

  if (generation != NULL)
    return heptad_plugin_generation_ref (generation);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
               "There is no plugin '%s'; 'heptadctl plugin list' lists them", id);
  return NULL;
}

static gboolean
report_state (HeptadPluginGeneration *generation, HeptadPluginState wanted, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&generation->manager->mutex);

  if (generation->state == wanted)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE, "The plugin %s is %s: %s",
               generation->id, heptad_plugin_state_get_name (generation->state),
               generation->reason != NULL ? generation->reason : "no reason is known");
  return FALSE;
}

static void
wait_for_one (HeptadPluginGeneration *generation)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, generation);
  heptad_plugin_generations_wait (generation->manager, one);
}

/* Puts @generation in the place of the one with its id that does not serve, or at the end. */
static gboolean
take_place (HeptadPluginManager *self, HeptadPluginGeneration *generation, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  HeptadPluginGeneration *present = heptad_plugin_manager_find (self, generation->id);

  if (present != NULL && present->state == HEPTAD_PLUGIN_ACTIVE)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                   "The plugin %s runs already, from %s; reload it instead", generation->id,
                   present->bundle_dir);
      return FALSE;
    }
  if (present != NULL)
    g_ptr_array_remove (self->all, present);
  g_ptr_array_add (self->all, heptad_plugin_generation_ref (generation));
  heptad_plugin_generation_tell_locked (generation);
  return TRUE;
}

static gboolean
load_locked (HeptadPluginManager *self, const char *bundle_dir, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (bundle_dir, NULL);
  g_autoptr (HeptadPluginGeneration) generation = heptad_plugin_generation_new (self, path);

  heptad_plugin_generation_check (generation);
  if (!take_place (self, generation, error))
    return FALSE;
  bring_up_if_checked (generation);
  wait_for_one (generation);
  return report_state (generation, HEPTAD_PLUGIN_ACTIVE, error);
}

gboolean
heptad_plugin_manager_load_bundle (HeptadPluginManager *manager,
                                   const char *bundle_dir,
                                   GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);

  return load_locked (manager, bundle_dir, error);
}

/* Forgets the retired ones that have stopped. With the mutex held. */
static void
forget_retired (HeptadPluginManager *self)
{
  for (guint i = self->retired->len; i > 0; i--)
    {
      HeptadPluginGeneration *generation = g_ptr_array_index (self->retired, i - 1);

      if (heptad_plugin_state_is_settled (generation->state)
          && generation->state != HEPTAD_PLUGIN_ACTIVE)
        g_ptr_array_remove_index_fast (self->retired, i - 1);
    }
}

/* Returns: (transfer full) (nullable): the folder of the bundle with that id */
static char *
find_bundle (HeptadPluginManager *self, const char *id)
{
  g_autoptr (GPtrArray) bundles = heptad_bundles_find ((const char *const *) self->search_paths);
  HeptadPluginGeneration *present;

  for (guint i = 0; i < bundles->len; i++)
    {
      const char *bundle_dir = g_ptr_array_index (bundles, i);
      g_autofree char *folder = g_path_get_basename (bundle_dir);
      g_autoptr (HeptadManifest) manifest = heptad_manifest_load (bundle_dir, NULL);

      if (g_strcmp0 (manifest != NULL ? manifest->id : folder, id) == 0)
        return g_strdup (bundle_dir);
    }

  g_mutex_lock (&self->mutex);
  present = heptad_plugin_manager_find (self, id);
  g_mutex_unlock (&self->mutex);
  return present != NULL ? g_strdup (present->bundle_dir) : NULL;
}

gboolean
heptad_plugin_manager_load (HeptadPluginManager *manager, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autofree char *bundle_dir = find_bundle (manager, id);

  if (bundle_dir != NULL)
    return load_locked (manager, bundle_dir, error);
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
      "There is no bundle of a plugin '%s' in the folders that are searched; put it into one "
      "of them, or start the host with --plugin-path",
      id);
  return FALSE;
}

static void
replace_generation (HeptadPluginManager *self,
                    HeptadPluginGeneration *old,
                    HeptadPluginGeneration *new)
{
  guint index = 0;

  g_mutex_lock (&self->mutex);
  forget_retired (self);
  if (g_ptr_array_find (self->all, old, &index))
    {
      g_ptr_array_add (self->retired, g_ptr_array_index (self->all, index));
      g_ptr_array_index (self->all, index) = heptad_plugin_generation_ref (new);
      heptad_plugin_generation_tell_locked (new);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
swap (HeptadPluginManager *self, HeptadPluginGeneration *old, GError **error)
{
  g_autoptr (HeptadPluginGeneration) new = heptad_plugin_generation_new (self, old->bundle_dir);

  heptad_plugin_generation_check (new);
  if (new->state == HEPTAD_PLUGIN_CHECKED && !g_str_equal (new->id, old->id))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                   "The bundle in %s was '%s' and is '%s' now; load it as a plugin of its own",
                   old->bundle_dir, old->id, new->id);
      return FALSE;
    }

  new->replaces = heptad_plugin_runtime_ref (old->runtime);
  bring_up_if_checked (new);
  wait_for_one (new);
  if (!report_state (new, HEPTAD_PLUGIN_ACTIVE, error))
    return FALSE;
  g_clear_pointer (&new->replaces, heptad_plugin_runtime_unref);
  replace_generation (self, old, new);

  /* The old one drains by itself; a call that is still in it is not waited for. */
  heptad_plugin_generation_take_down (old, TRUE);
  return TRUE;
}

gboolean
heptad_plugin_manager_reload (HeptadPluginManager *manager, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (HeptadPluginGeneration) present = get_generation (manager, id, error);

  if (present == NULL)
    return FALSE;
  if (present->state == HEPTAD_PLUGIN_ACTIVE)
    return swap (manager, present, error);
  return load_locked (manager, present->bundle_dir, error);
}

static gboolean
unload_locked (HeptadPluginGeneration *generation, GError **error)
{
  const char *dependent;

  g_mutex_lock (&generation->manager->mutex);
  dependent = heptad_plugin_generation_find_dependent (generation, TRUE);
  if (dependent != NULL)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                 "The plugin %s requires %s; unload %s first", dependent, generation->id,
                 dependent);
  g_mutex_unlock (&generation->manager->mutex);
  if (dependent != NULL)
    return FALSE;

  heptad_plugin_generation_take_down (generation, FALSE);
  wait_for_one (generation);
  return report_state (generation, HEPTAD_PLUGIN_STOPPED, error);
}

gboolean
heptad_plugin_manager_unload (HeptadPluginManager *manager, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (HeptadPluginGeneration) generation = get_generation (manager, id, error);

  return generation != NULL && unload_locked (generation, error);
}

gboolean
heptad_plugin_manager_disable (HeptadPluginManager *manager,
                               const char *id,
                               const char *reason,
                               GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (HeptadPluginGeneration) generation = get_generation (manager, id, error);

  if (generation == NULL || !heptad_disabled_note_put (manager->note_dir, id, reason, error))
    return FALSE;
  if (generation->state == HEPTAD_PLUGIN_ACTIVE && !unload_locked (generation, error))
    return FALSE;
  heptad_plugin_generation_move (generation, HEPTAD_PLUGIN_DISABLED, reason);
  return TRUE;
}

gboolean
heptad_plugin_manager_enable (HeptadPluginManager *manager, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&manager->lifecycle);
  g_autoptr (HeptadPluginGeneration) present = get_generation (manager, id, error);

  if (present == NULL || !heptad_disabled_note_remove (manager->note_dir, id, error))
    return FALSE;
  if (present->state == HEPTAD_PLUGIN_ACTIVE)
    return TRUE;
  return load_locked (manager, present->bundle_dir, error);
}
