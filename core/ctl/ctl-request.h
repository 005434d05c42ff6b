/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "core/ctl/ctl-arguments.h"
#include "core/ctl/ctl-flags.h"

G_BEGIN_DECLS

/**
 * CtlRequest:
 * @method: an HTTP method; (not owned)
 * @target: path and query
 * @headers: (element-type utf8): name and value in turn
 * @body: (nullable): read once
 * @body_length: bytes of it, or -1
 * @body_type: (nullable): its content type; (not owned)
 */
typedef struct {
  const char *method;
  char *target;
  GPtrArray *headers;
  GInputStream *body;
  gint64 body_length;
  const char *body_type;
} CtlRequest;

/**
 * ctl_request_new:
 * @command: what is called
 * @given: its flags
 * @arguments: for --file and --input
 *
 * Returns: (transfer full): the request; on failure %NULL with a CTL_USAGE_ERROR
 */
CtlRequest *ctl_request_new (const CtlCommand *command,
                             CtlGiven *given,
                             const CtlArguments *arguments,
                             GError **error);

/* A request without a body. (transfer full) */
CtlRequest *ctl_request_new_get (const char *target);
void ctl_request_free (CtlRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlRequest, ctl_request_free)

G_END_DECLS
