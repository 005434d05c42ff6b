/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/identity/principal.h"

G_BEGIN_DECLS

#define HEPTAD_TOPICS_MAX 32

/**
 * heptad_topics_check:
 * @topics: (array zero-terminated=1): exact names, `prefix.*` or `*`; hostile
 * @error: %HEPTAD_ERROR_INVALID_INPUT for what is no topic, for none, and for more than
 *   %HEPTAD_TOPICS_MAX
 *
 * Whether these are topics that can be subscribed to.
 */
gboolean heptad_topics_check (const char *const *topics, GError **error);

/**
 * heptad_topics_check_access:
 * @topics: checked ones
 * @error: %HEPTAD_ERROR_DENIED, naming the permission that is missing
 *
 * Whether somebody may see events: a topic that begins with `PLUGIN.` needs `PLUGIN:read`, `*`
 * needs `*:read`.
 */
gboolean heptad_topics_check_access (const char *const *topics,
                                     const HeptadPrincipal *principal,
                                     GError **error);

G_END_DECLS
