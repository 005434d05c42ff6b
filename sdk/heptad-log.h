/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-macros.h"

G_BEGIN_DECLS

/* A log line is a sentence for the person who must act. The build helper defines HEPTAD_PLUGIN_ID;
 * the host adds the tenant, call, job and trace that the thread is working for. Any thread. */

#ifndef HEPTAD_PLUGIN_ID
#define HEPTAD_PLUGIN_ID "core"
#endif

/**
 * heptad_log:
 * @level: a GLib log level
 * @...: a printf format and its arguments
 *
 * Since: 1.0
 */
#define heptad_log(level, ...)                                                                     \
  g_log_structured ("heptad", level, "HEPTAD_PLUGIN", HEPTAD_PLUGIN_ID, "CODE_FUNC", G_STRFUNC,    \
                    "MESSAGE", __VA_ARGS__)

#define heptad_log_debug(...)   heptad_log (G_LOG_LEVEL_DEBUG, __VA_ARGS__)
#define heptad_log_info(...)    heptad_log (G_LOG_LEVEL_INFO, __VA_ARGS__)
#define heptad_log_notice(...)  heptad_log (G_LOG_LEVEL_MESSAGE, __VA_ARGS__)
#define heptad_log_warning(...) heptad_log (G_LOG_LEVEL_WARNING, __VA_ARGS__)

G_END_DECLS
