/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CtlArguments:
 * @server: where the host serves, without a slash at the end
 * @key_file: (nullable): the API key's file
 * @ca_file: (nullable): certificates to trust, in PEM
 * @input: (nullable): the whole body as JSON, or `@PATH`
 * @file: (nullable): the body's file, or `-`
 * @timeout_s: seconds without an answer
 * @rest: (owned): the command's words and its own flags
 *
 * The flags that every command has, taken out of the command line.
 */
typedef struct {
  char *server;
  char *key_file;
  char *ca_file;
  char *input;
  char *file;
  guint timeout_s;
  gboolean json;
  gboolean no_wait;
  gboolean help;
  gboolean version;
  GStrv rest;
} CtlArguments;

/* Reads the flags, then the environment for what they leave open. CTL_USAGE_ERROR. */
CtlArguments *ctl_arguments_new (const char *const *arguments, GError **error);
void ctl_arguments_free (CtlArguments *arguments);

/* Whether a flag's name is one that every command has. */
gboolean ctl_arguments_is_reserved (const char *flag);

/* (nullable): the name, without dashes, of each flag in turn, for completion. */
const char *ctl_arguments_get_name (guint index);

/* The flags as --help tells them. (transfer full) */
char *ctl_arguments_print_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlArguments, ctl_arguments_free)

G_END_DECLS
