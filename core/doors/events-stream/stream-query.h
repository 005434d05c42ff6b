/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadStreamQuery:
 * @topics: (array zero-terminated=1): what to listen to
 * @cursor: (nullable): where to begin
 *
 * What a request for a stream of events asks for.
 */
typedef struct {
  char **topics;
  char *cursor;
} HeptadStreamQuery;

/**
 * heptad_stream_query_parse:
 * @query: (nullable): `topics=a,b&cursor=…`, percent-encoded; hostile
 * @error: %HEPTAD_ERROR_INVALID_INPUT
 */
gboolean heptad_stream_query_parse (HeptadStreamQuery *self, const char *query, GError **error);
void heptad_stream_query_clear (HeptadStreamQuery *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeptadStreamQuery, heptad_stream_query_clear)

G_END_DECLS
