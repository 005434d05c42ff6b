/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation.h"

/**
 * HEPTAD_ROUTE_MAX_CAPTURES:
 *
 * The most `{name}` segments in a path.
 */
#define HEPTAD_ROUTE_MAX_CAPTURES 8

/**
 * HeptadRouter:
 *
 * Finds the operation of a method and path in time that depends on the path's segments and not on
 * the number of routes: a tree of segments with a hash table at each node. A literal segment wins
 * over a
 * `{name}`. Immutable once built; any thread.
 */
typedef struct _HeptadRouter HeptadRouter;

typedef struct {
  const char *text; /* still percent-encoded, inside the path that was matched */
  gsize length;
} HeptadCapture;

typedef struct {
  HeptadOperation *operation; /* NULL when nothing matched */
  char *allow;                /* (nullable) the methods of a path that has others: `GET, POST` */
  guint n_captures;
  HeptadCapture captures[HEPTAD_ROUTE_MAX_CAPTURES];
} HeptadRouteMatch;

HeptadRouter *heptad_router_new (void);
void heptad_router_free (HeptadRouter *router);

/**
 * heptad_router_add:
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT when the method and path are taken, naming by whom
 *
 * Returns: whether it was added
 */
gboolean heptad_router_add (HeptadRouter *router, HeptadOperation *operation, GError **error);

/**
 * heptad_router_match:
 * @method: `GET`; `HEAD` matches what `GET` would
 * @path: percent-encoded, from the first slash
 * @match: (out caller-allocates): what was found; heptad_route_match_clear() it
 *
 * Returns: %TRUE when an operation was found; %FALSE with `allow` set when only the method is wrong
 */
gboolean heptad_router_match (HeptadRouter *router,
                              const char *method,
                              const char *path,
                              HeptadRouteMatch *match);
void heptad_route_match_clear (HeptadRouteMatch *match);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadRouter, heptad_router_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeptadRouteMatch, heptad_route_match_clear)
