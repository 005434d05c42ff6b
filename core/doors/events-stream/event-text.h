/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-events.h"

G_BEGIN_DECLS

/**
 * heptad_event_print:
 * @tenant_id: whose event
 *
 * Writes an event as CloudEvents 1.0 JSON, on one line. The newest texts are remembered by each
 * thread, so that an event for a thousand clients is written once.
 *
 * Returns: (transfer full): the text
 */
GBytes *heptad_event_print (HeptadEvent *event, const char *tenant_id);

G_END_DECLS
