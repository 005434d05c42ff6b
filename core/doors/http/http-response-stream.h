/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-compression.h"
#include "core/doors/http/http-exchange.h"

G_BEGIN_DECLS

/**
 * heptad_http_response_stream_new:
 *
 * Returns: (transfer full): a blocking stream whose bytes become the body of @exchange, which has
 *   begun a streamed response
 */
GOutputStream *heptad_http_response_stream_new (HeptadHttpExchange *exchange,
                                                HeptadHttpCoding coding);

G_END_DECLS
