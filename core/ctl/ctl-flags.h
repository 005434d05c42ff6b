/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-command.h"

G_BEGIN_DECLS

/* What was given for a command's flags: a CtlFlag's GPtrArray of texts. Secrets hold the path of
 * their file. */
typedef struct {
  GHashTable *values;
} CtlGiven;

/**
 * ctl_flags_parse:
 * @command: what takes the flags
 * @tokens: what was typed after the command's words
 *
 * Bare words are the path's parameters, in its order. A flag of an array may come more than once.
 *
 * Returns: (transfer full): what was given; on failure %NULL with a CTL_USAGE_ERROR, which names
 * the flag that was meant where it can be told
 */
CtlGiven *ctl_flags_parse (const CtlCommand *command, const char *const *tokens, GError **error);

void ctl_given_free (CtlGiven *given);

/* (nullable): all texts that were given. */
GPtrArray *ctl_given_get_all (const CtlGiven *given, const CtlFlag *flag);

/* (nullable): the first text that was given. */
const char *ctl_given_get (const CtlGiven *given, const CtlFlag *flag);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlGiven, ctl_given_free)

G_END_DECLS
