/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/rest/rest-door.h"

/**
 * heptad_cross_origin_add_headers:
 *
 * Lets a browser's page of an allowed origin read the answer (Fetch standard, CORS protocol).
 */
void heptad_cross_origin_add_headers (HeptadRestDoor *door, HeptadHttpExchange *exchange);

/**
 * heptad_cross_origin_is_preflight:
 *
 * Returns: whether a browser asks before it sends the real request
 */
gboolean heptad_cross_origin_is_preflight (HeptadHttpExchange *exchange);

/**
 * heptad_cross_origin_answer_preflight:
 * @allow: the methods of the path
 */
void heptad_cross_origin_answer_preflight (HeptadRestDoor *door,
                                           HeptadHttpExchange *exchange,
                                           const char *allow);

/**
 * heptad_cross_origin_is_foreign:
 *
 * Returns: whether a browser says that a page of another origin, not an allowed one, sent the
 * request; such a page must not act with the person's session cookie
 */
gboolean heptad_cross_origin_is_foreign (HeptadRestDoor *door, HeptadHttpExchange *exchange);
