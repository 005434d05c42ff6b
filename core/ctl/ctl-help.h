/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-command.h"

G_BEGIN_DECLS

/* What can be asked for: all groups where @words is empty, else the commands that begin with them.
 * @commands may be NULL, when no server is there to tell. (transfer full) (nullable): NULL when
 * there are none. */
char *ctl_help_print_list (const CtlCommands *commands, const char *const *words);

/* One command: what it does, its flags, its body. (transfer full) */
char *ctl_help_print_command (const CtlCommand *command);

G_END_DECLS
