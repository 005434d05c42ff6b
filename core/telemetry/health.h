/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadHealth:
 *
 * Whether the host is ready to serve, and of what it is made: each part says how it is, and why.
 * Any thread.
 */
typedef struct _HeptadHealth HeptadHealth;

/**
 * HeptadHealthState:
 * @HEPTAD_HEALTH_STARTING: not ready yet; the host is not ready
 * @HEPTAD_HEALTH_OK: works
 * @HEPTAD_HEALTH_DEGRADED: does not work, and the host serves without it
 * @HEPTAD_HEALTH_FAILED: does not work, and the host is not ready without it
 */
typedef enum {
  HEPTAD_HEALTH_STARTING,
  HEPTAD_HEALTH_OK,
  HEPTAD_HEALTH_DEGRADED,
  HEPTAD_HEALTH_FAILED,
} HeptadHealthState;

HeptadHealth *heptad_health_new (void);
void heptad_health_free (HeptadHealth *health);

/**
 * heptad_health_set:
 * @part: such as `plugin/cost` or `store`
 * @reason: (nullable): why, and what to do
 */
void heptad_health_set (HeptadHealth *health,
                        const char *part,
                        HeptadHealthState state,
                        const char *reason);
void heptad_health_remove (HeptadHealth *health, const char *part);

/* From now on the host is not ready, so that no more requests are sent to it. */
void heptad_health_set_stopping (HeptadHealth *health);

/**
 * heptad_health_is_ready:
 *
 * Whether no part is starting or failed and the host is not stopping.
 */
gboolean heptad_health_is_ready (HeptadHealth *health);

/* Returns: (transfer full): an object: ready, parts (each: name, state, reason) */
HeptadValue *heptad_health_describe (HeptadHealth *health);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHealth, heptad_health_free)

G_END_DECLS
