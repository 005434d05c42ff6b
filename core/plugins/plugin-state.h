/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadPluginState:
 * @HEPTAD_PLUGIN_FOUND: there is a bundle
 * @HEPTAD_PLUGIN_CHECKED: its manifest is valid; no code of it has run
 * @HEPTAD_PLUGIN_PROBED: a throw-away child could load its module (or it has none)
 * @HEPTAD_PLUGIN_LOADED: its module is in the host
 * @HEPTAD_PLUGIN_STARTING: its own code runs, with a deadline
 * @HEPTAD_PLUGIN_ACTIVE: it serves
 * @HEPTAD_PLUGIN_STOPPING: it takes no more calls; those in flight end
 * @HEPTAD_PLUGIN_STOPPED: it was stopped
 * @HEPTAD_PLUGIN_FAILED: it cannot serve; the reason says why and what to do
 * @HEPTAD_PLUGIN_DISABLED: it is not to be started
 *
 * Where a plugin stands. It moves only as heptad_plugin_state_may_follow() says.
 */
typedef enum {
  HEPTAD_PLUGIN_FOUND,
  HEPTAD_PLUGIN_CHECKED,
  HEPTAD_PLUGIN_PROBED,
  HEPTAD_PLUGIN_LOADED,
  HEPTAD_PLUGIN_STARTING,
  HEPTAD_PLUGIN_ACTIVE,
  HEPTAD_PLUGIN_STOPPING,
  HEPTAD_PLUGIN_STOPPED,
  HEPTAD_PLUGIN_FAILED,
  HEPTAD_PLUGIN_DISABLED,
} HeptadPluginState;

/* The state's name in answers, logs and metrics, such as `active`. */
const char *heptad_plugin_state_get_name (HeptadPluginState state);
gboolean heptad_plugin_state_may_follow (HeptadPluginState from, HeptadPluginState to);

/* Whether the plugin stays in this state until somebody acts. */
gboolean heptad_plugin_state_is_settled (HeptadPluginState state);

G_END_DECLS
