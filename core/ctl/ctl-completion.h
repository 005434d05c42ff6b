/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-command.h"

G_BEGIN_DECLS

/* (nullable): the script for a shell, which asks `heptadctl __complete WORD… CURRENT`. */
const char *ctl_completion_get_script (const char *shell);

/**
 * ctl_completion_suggest:
 * @commands: (nullable): what the server offers, where that is known
 * @words: what was typed after the program's name; the last is being typed and may be empty
 *
 * Returns: (transfer full): what may come, a line each
 */
char *ctl_completion_suggest (const CtlCommands *commands, const char *const *words);

G_END_DECLS
