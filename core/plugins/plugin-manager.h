/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/plugin-runtime.h"
#include "core/plugins/plugin-state.h"

G_BEGIN_DECLS

/**
 * HeptadPluginHooks:
 * @prepare: (nullable): the module has passed its probe and none of its code has run in the host:
 * check what the bundle declares. @report is %NULL for a bundle without code
 * @activate: (nullable): the plugin has started: let calls in. It pins the runtime for as long as
 * calls may come. With @replaces the new generation takes over in one step
 * @deactivate: (nullable): let no more calls in, unless a newer generation has taken over
 * (@replaced), and unpin when those in flight have ended
 * @changed: (nullable): a listed plugin has another state. Any thread, with the manager locked: it
 * may not call the manager
 *
 * What the host does with a plugin on its way. @prepare and @activate run on the plugin's start
 * thread.
 */
typedef struct {
  gboolean (*prepare) (gpointer data,
                       HeptadPluginRuntime *runtime,
                       const HeptadProbeReport *report,
                       GError **error);
  gboolean (*activate) (gpointer data,
                        HeptadPluginRuntime *runtime,
                        HeptadPluginRuntime *replaces,
                        GError **error);
  void (*deactivate) (gpointer data, HeptadPluginRuntime *runtime, gboolean replaced);
  void (*changed) (gpointer data, const char *id, HeptadPluginState state, const char *reason);
} HeptadPluginHooks;

/**
 * HeptadPluginManagerConfig:
 * @search_paths: (array zero-terminated=1): where bundles are; an earlier one wins
 * @data_dir: the host's data folder
 * @probe_path: the program heptad-probe
 * @probe_timeout_ms: how long a module may take in the throw-away child
 * @start_deadline_ms: how long a plugin may take to start
 * @stop_deadline_ms: how long its calls in flight and its stop may take
 */
typedef struct {
  const char *const *search_paths;
  const char *data_dir;
  const char *probe_path;
  guint probe_timeout_ms;
  guint start_deadline_ms;
  guint stop_deadline_ms;
  const HeptadPluginHooks *hooks;
  gpointer hooks_data;
  const HeptadPluginServices *services; /* (nullable) */
  gpointer services_data;
} HeptadPluginManagerConfig;

/**
 * HeptadPluginInfo:
 *
 * Where one plugin stands, for people. A copy.
 */
typedef struct {
  char *id;
  char *name;    /* (nullable) until the manifest is read */
  char *version; /* (nullable) */
  char *summary; /* (nullable) */
  char *bundle_dir;
  HeptadPluginState state;
  char *reason; /* (nullable): why it does not serve, and what to do */
  gint64 since_us;
} HeptadPluginInfo;

void heptad_plugin_info_free (HeptadPluginInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPluginInfo, heptad_plugin_info_free)

/**
 * HeptadPluginManager:
 *
 * Finds, checks, probes, loads, starts, replaces and stops plugins. Its functions may be called
 * from any thread but a connection thread; those that say so block, for no longer than the
 * deadlines.
 */
typedef struct _HeptadPluginManager HeptadPluginManager;

HeptadPluginManager *heptad_plugin_manager_new (const HeptadPluginManagerConfig *config);
HeptadPluginManager *heptad_plugin_manager_ref (HeptadPluginManager *manager);
void heptad_plugin_manager_unref (HeptadPluginManager *manager);

/**
 * heptad_plugin_manager_start_all:
 *
 * Starts every plugin that is found, each on a thread of its own, after those it depends on.
 * Returns when each of them serves or is listed with its reason; blocks.
 */
void heptad_plugin_manager_start_all (HeptadPluginManager *manager);

/* Stops all, those first on which no other depends; blocks. */
void heptad_plugin_manager_stop_all (HeptadPluginManager *manager);

/**
 * heptad_plugin_manager_load_bundle:
 * @error: %HEPTAD_ERROR_CONFLICT when a plugin of that id runs; else why it cannot serve
 *
 * Starts the bundle in a folder while the host serves; blocks.
 */
gboolean heptad_plugin_manager_load_bundle (HeptadPluginManager *manager,
                                            const char *bundle_dir,
                                            GError **error);

/* As load_bundle, for a plugin that is listed or has come into the search paths since. */
gboolean heptad_plugin_manager_load (HeptadPluginManager *manager, const char *id, GError **error);

/**
 * heptad_plugin_manager_reload:
 *
 * Starts the bundle's present content beside the running generation, which it then replaces in one
 * step; calls in flight end on the old one. When it cannot start, the old one goes on serving.
 * Blocks.
 */
gboolean
heptad_plugin_manager_reload (HeptadPluginManager *manager, const char *id, GError **error);

/* Stops a plugin, on which no running one may depend; blocks. */
gboolean
heptad_plugin_manager_unload (HeptadPluginManager *manager, const char *id, GError **error);

/* As unload, and remembers that it is not to be started again; and back. Both block. */
gboolean heptad_plugin_manager_disable (HeptadPluginManager *manager,
                                        const char *id,
                                        const char *reason,
                                        GError **error);
gboolean
heptad_plugin_manager_enable (HeptadPluginManager *manager, const char *id, GError **error);

/**
 * heptad_plugin_manager_list:
 *
 * Returns: (transfer full) (element-type HeptadPluginInfo): all plugins, by id
 */
GPtrArray *heptad_plugin_manager_list (HeptadPluginManager *manager);

/* Returns: (transfer full) (nullable): one of them */
HeptadPluginInfo *heptad_plugin_manager_describe (HeptadPluginManager *manager, const char *id);

/**
 * heptad_plugin_manager_get_runtime:
 *
 * Returns: (transfer full) (nullable): the generation that serves now, not pinned
 */
HeptadPluginRuntime *heptad_plugin_manager_get_runtime (HeptadPluginManager *manager,
                                                        const char *id);

/* Returns: (transfer full) (element-type HeptadPluginRuntime): all that serve now, not pinned */
GPtrArray *heptad_plugin_manager_list_runtimes (HeptadPluginManager *manager);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPluginManager, heptad_plugin_manager_unref)

G_END_DECLS
