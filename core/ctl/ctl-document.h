/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-http.h"

G_BEGIN_DECLS

/**
 * ctl_document_load:
 * @server_name: what the copy is kept under
 *
 * The server's OpenAPI document. A copy is kept with its entity tag under XDG_CACHE_HOME, so that
 * an unchanged one is not sent again.
 *
 * Returns: (transfer full): the document
 */
HeptadValue *ctl_document_load (CtlServer *server, const char *server_name, GError **error);

/* The copy as it was kept, without asking. (transfer full) (nullable) */
HeptadValue *ctl_document_load_copy (const char *server_name);

G_END_DECLS
