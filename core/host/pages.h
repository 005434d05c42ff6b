/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/events-stream/events-stream-door.h"
#include "core/doors/rest/rest-door.h"
#include "core/doors/websocket/websocket-door.h"
#include "core/host/host.h"

/**
 * HeptadPages:
 *
 * What the host serves that is no operation: `/`, `/docs`, `/openapi.json`, `/metrics`, `/livez`,
 * `/readyz`, the files that its pages need, and `/ws` and `/events`.
 */
typedef struct _HeptadPages HeptadPages;

HeptadPages *heptad_pages_new (HeptadHostDaemon *daemon);
void heptad_pages_free (HeptadPages *pages);

/* The doors behind `/ws` and `/events`; before anybody is let in. */
void heptad_pages_set_doors (HeptadPages *pages,
                             HeptadWebsocketDoor *websocket,
                             HeptadEventsStreamDoor *stream);

/* (transfer none): to be served with a #HeptadPages as their data */
const HeptadRestPage *heptad_pages_get_table (void);

/**
 * heptad_front_page_print:
 *
 * Returns: (transfer full): the front page: what runs here and what to try next
 */
GBytes *heptad_front_page_print (HeptadHostDaemon *daemon);
