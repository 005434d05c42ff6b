/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-events.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: how events are made, and what stands behind a
 * HeptadEvents. */

/**
 * heptad_event_new:
 * @id: its CloudEvents id
 * @key: (nullable): events of one key keep their order
 * @data: a reference is taken
 * @position: its place in the tenant's log
 * @cursor: the opaque form of that place
 *
 * Returns: (transfer full): the event
 */
HEPTAD_API
HeptadEvent *heptad_event_new (const char *id,
                               const char *topic,
                               const char *key,
                               const HeptadValue *data,
                               gint64 time_us,
                               gint64 position,
                               const char *cursor);
HEPTAD_API
gint64 heptad_event_get_position (HeptadEvent *event);

typedef struct {
  gboolean (*publish) (gpointer data,
                       const char *topic,
                       const char *key,
                       const HeptadValue *value,
                       GCancellable *cancellable,
                       GError **error);
  void (*free) (gpointer data);
} HeptadEventsBackend;

/* (transfer full): over @backend, which owns @data */
HEPTAD_API
HeptadEvents *heptad_events_new (const HeptadEventsBackend *backend, gpointer data);

/* Emits `event` with the topic as its detail. Main thread. */
HEPTAD_API
void heptad_events_emit (HeptadEvents *events, HeptadEvent *event);

G_END_DECLS
