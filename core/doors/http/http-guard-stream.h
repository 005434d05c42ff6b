/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-connection.h"

G_BEGIN_DECLS

/**
 * heptad_http_guard_stream_new:
 *
 * Returns: (transfer full): the stream that libsoup takes for the client's
 */
GIOStream *heptad_http_guard_stream_new (HeptadHttpConnection *connection);

G_END_DECLS
