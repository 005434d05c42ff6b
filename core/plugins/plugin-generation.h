/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/plugins/module-cache.h"
#include "core/plugins/plugin-manager.h"

G_BEGIN_DECLS

/* Shared by the files of the plugin manager. */

struct _HeptadPluginManager {
  gatomicrefcount references;
  char **search_paths;
  char *data_dir;
  char *marker_dir;
  char *note_dir;
  char *probe_path;
  HeptadPluginManagerConfig config; /* its strings are those above */
  HeptadModuleCache *cache;
  GMutex lifecycle; /* one load, reload, unload … at a time; taken before @mutex */

  GMutex mutex;       /* over all that follows and over every generation's fields */
  GCond changed;      /* a generation has another state */
  GPtrArray *all;     /* HeptadPluginGeneration: the present one of each bundle */
  GPtrArray *retired; /* HeptadPluginGeneration: replaced ones that may still drain */
};

/**
 * HeptadPluginGeneration:
 *
 * One attempt to run one bundle, with its place in the state machine. The thread that brings it up
 * or takes it down holds a reference, so that a plugin which hangs keeps only what it uses.
 */
typedef struct {
  gatomicrefcount references;
  HeptadPluginManager *manager; /* (transfer full) */
  char *bundle_dir;
  char *id; /* of the manifest; of the folder while there is none */
  HeptadPluginState state;
  char *reason;
  gint64 since_us;
  HeptadManifest *manifest;      /* (nullable) */
  HeptadPluginRuntime *runtime;  /* (nullable) */
  HeptadPluginRuntime *replaces; /* (nullable): the generation that serves meanwhile */
  gboolean replaced;             /* a newer one has taken over */
  const char *doing;             /* what the plugin's code is doing, for messages */
  gint64 deadline_us;            /* monotonic, for what it is doing; 0: none */
} HeptadPluginGeneration;

HeptadPluginGeneration *heptad_plugin_generation_new (HeptadPluginManager *manager,
                                                      const char *bundle_dir);
HeptadPluginGeneration *heptad_plugin_generation_ref (HeptadPluginGeneration *generation);
void heptad_plugin_generation_unref (HeptadPluginGeneration *generation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPluginGeneration, heptad_plugin_generation_unref)

/**
 * heptad_plugin_generation_move:
 * @reason: (nullable)
 *
 * Moves to another state, unless the generation was given up meanwhile. Takes the manager's mutex.
 *
 * Returns: %FALSE when it was given up: nothing more may be done with it but cleaning up
 */
gboolean heptad_plugin_generation_move (HeptadPluginGeneration *generation,
                                        HeptadPluginState state,
                                        const char *reason);

/* As move, with the mutex held. */
gboolean heptad_plugin_generation_move_locked (HeptadPluginGeneration *generation,
                                               HeptadPluginState state,
                                               const char *reason);

/* With the mutex held: tells the host's hook how a listed generation stands; one that is not
 * listed, since another of its id serves, is not told of. */
void heptad_plugin_generation_tell_locked (HeptadPluginGeneration *generation);

/* Sets what the plugin's code does from now on and for how long it may; %NULL when it has done it.
 */
void heptad_plugin_generation_set_deadline (HeptadPluginGeneration *generation,
                                            const char *doing,
                                            guint milliseconds);

/**
 * heptad_plugin_generations_wait:
 * @generations: (element-type HeptadPluginGeneration): being brought up or taken down
 *
 * Waits until each is settled; those whose deadline passes are given up as failed.
 */
void heptad_plugin_generations_wait (HeptadPluginManager *manager, GPtrArray *generations);

/* plugin-bring-up.c */

/* Reads the manifest and what is noted about the plugin: it is then checked, failed or disabled. */
void heptad_plugin_generation_check (HeptadPluginGeneration *generation);

/* Sets an error when what a checked generation requires is not there, or it requires itself. */
gboolean heptad_plugin_generation_check_dependencies (HeptadPluginGeneration *generation,
                                                      GError **error);

/* Starts a thread that takes a checked generation to active or failed. */
void heptad_plugin_generation_bring_up (HeptadPluginGeneration *generation);

/* plugin-take-down.c */

/* Starts a thread that takes an active generation to stopped; @replaced says that a newer one took
 * over. */
void heptad_plugin_generation_take_down (HeptadPluginGeneration *generation, gboolean replaced);

/* Whether some other active generation requires this one; with the mutex held. (nullable) */
const char *heptad_plugin_generation_find_dependent (HeptadPluginGeneration *generation,
                                                     gboolean only_required);

/* With the mutex held. (transfer none) (nullable) */
HeptadPluginGeneration *heptad_plugin_manager_find (HeptadPluginManager *manager, const char *id);

/* With the mutex held: (transfer container) the manifests of all that are there. */
GPtrArray *heptad_plugin_manager_collect_manifests (HeptadPluginManager *manager);

G_END_DECLS
