/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/ctl/ctl-arguments.h"

G_BEGIN_DECLS

/* The commands that are no operation of a server. */
typedef enum {
  CTL_BUILTIN_NONE,
  CTL_BUILTIN_PLUGIN_NEW,
  CTL_BUILTIN_EVENT_TAIL,
  CTL_BUILTIN_COMPLETION,
  CTL_BUILTIN_COMPLETE,
} CtlBuiltin;

CtlBuiltin ctl_builtin_find (const char *const *words, guint *n_used);

/* One line for each whose name begins with @words; all when NULL. */
void ctl_builtin_print_help (const char *const *words, GString *into);

/* Its words with spaces between; NULL past the end. For completion. */
const char *ctl_builtin_get_name (guint index);

/* (nullable): what --help says of it. */
const char *ctl_builtin_get_usage (CtlBuiltin builtin);

G_END_DECLS
