/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/ctl/ctl-arguments.h"
#include "core/ctl/ctl-request.h"

G_BEGIN_DECLS

/**
 * CtlServer:
 *
 * The host, over HTTP. Calls block.
 */
typedef struct _CtlServer CtlServer;

/* Reads the key. CTL_USAGE_ERROR when its file cannot be. (transfer full) */
CtlServer *ctl_server_new (const CtlArguments *arguments, GError **error);
void ctl_server_free (CtlServer *server);

/**
 * ctl_server_open:
 * @message: (out): the exchange, for its status and headers
 *
 * Sends a request.
 *
 * Returns: (transfer full): the answer's body, whatever its status
 */
GInputStream *ctl_server_open (CtlServer *server,
                               const CtlRequest *request,
                               SoupMessage **message,
                               GError **error);

/**
 * ctl_server_read_json:
 * @body: read to its end
 *
 * Returns: (transfer full) (nullable): the answer's value; %NULL without @error for an empty body
 */
HeptadValue *ctl_server_read_json (GInputStream *body, GError **error);

/* Asks for a value; a status of failure is the error. (transfer full) */
HeptadValue *ctl_server_get (CtlServer *server, const char *target, GError **error);

/* The error of an answer that failed. (transfer full) */
GError *ctl_server_read_problem (SoupMessage *message, GInputStream *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlServer, ctl_server_free)

G_END_DECLS
