/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-http.h"

G_BEGIN_DECLS

/* Calls one operation, follows its job and prints what it answered. */
gboolean ctl_call_run (CtlServer *server,
                       const CtlCommand *command,
                       const char *const *tokens,
                       const CtlArguments *arguments,
                       GError **error);

G_END_DECLS
