/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-flags.h"

G_BEGIN_DECLS

/**
 * ctl_body_new:
 * @input: (nullable): the body as JSON, or `@PATH` of it; flags replace its members
 *
 * Makes a JSON body of flags, each in the type that its schema asks for. Secrets are read from
 * their files, or asked for.
 *
 * Returns: (transfer full) (nullable): the body; %NULL without @error when there is none to send
 */
HeptadValue *
ctl_body_new (const CtlCommand *command, CtlGiven *given, const char *input, GError **error);

G_END_DECLS
