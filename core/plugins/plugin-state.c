/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/plugin-state.h"

#define BIT(STATE) (1u << HEPTAD_PLUGIN_##STATE)

/* A stop that does not end leaves the plugin failed, since its code still runs. */
static const struct {
  const char *name;
  guint may_follow; /* bits of the states that may come next */
} states[] = {
  [HEPTAD_PLUGIN_FOUND] = { "found", BIT (CHECKED) | BIT (FAILED) | BIT (DISABLED) },
  [HEPTAD_PLUGIN_CHECKED] = { "checked", BIT (PROBED) | BIT (FAILED) | BIT (DISABLED) },
  [HEPTAD_PLUGIN_PROBED] = { "probed", BIT (LOADED) | BIT (FAILED) | BIT (STOPPED) },
  [HEPTAD_PLUGIN_LOADED] = { "loaded", BIT (STARTING) | BIT (FAILED) },
  [HEPTAD_PLUGIN_STARTING] = { "starting", BIT (ACTIVE) | BIT (FAILED) },
  [HEPTAD_PLUGIN_ACTIVE] = { "active", BIT (STOPPING) },
  [HEPTAD_PLUGIN_STOPPING] = { "stopping", BIT (STOPPED) | BIT (FAILED) },
  [HEPTAD_PLUGIN_STOPPED] = { "stopped", BIT (FOUND) | BIT (DISABLED) },
  [HEPTAD_PLUGIN_FAILED] = { "failed", BIT (FOUND) | BIT (DISABLED) },
  [HEPTAD_PLUGIN_DISABLED] = { "disabled", BIT (FOUND) },
};

const char *
heptad_plugin_state_get_name (HeptadPluginState state)
{
  return states[state].name;
}

gboolean
heptad_plugin_state_may_follow (HeptadPluginState from, HeptadPluginState to)
{
  return (states[from].may_follow & (1u << to)) != 0;
}

gboolean
heptad_plugin_state_is_settled (HeptadPluginState state)
{
  return state == HEPTAD_PLUGIN_ACTIVE || state >= HEPTAD_PLUGIN_STOPPED;
}
