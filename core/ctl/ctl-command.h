/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

typedef enum {
  CTL_IN_PATH,
  CTL_IN_QUERY,
  CTL_IN_HEADER,
  CTL_IN_BODY,
} CtlPlace;

/**
 * CtlFlag:
 * @flag: without the dashes; (owned)
 * @name: as the declaration calls it
 * @place: where the value goes
 * @schema: (nullable): the value's schema, resolved
 * @description: (nullable): for help
 * @required: the server refuses the call without it
 * @secret: never taken from the command line: `--FLAG-file PATH` instead, or typed at a terminal
 *
 * One input of a command. What is not owned lives as long as the document.
 */
typedef struct {
  char *flag;
  const char *name;
  CtlPlace place;
  const HeptadValue *schema;
  const char *description;
  gboolean required;
  gboolean secret;
} CtlFlag;

/* The type that a schema asks for: "string" where it says nothing; the first that is not "null" of
 * several. */
const char *ctl_flag_get_type (const CtlFlag *flag);

/**
 * CtlCommand:
 * @words: what is typed: `cost`, `get-costs`; (owned)
 * @method: in upper case; (owned)
 * @path: with its braces
 * @summary: (nullable): for help
 * @description: (nullable): for help
 * @is_alias: the shorter name of an operation that also has its long one
 * @flags: (element-type CtlFlag): path parameters first, in the path's order
 * @takes_json: the body is JSON, given by flags or --input
 * @body_required: the server refuses the call without a body
 * @body_types: (element-type utf8): the types of a body that is not JSON, the first preferred
 */
typedef struct {
  GStrv words;
  char *method;
  const char *path;
  const char *summary;
  const char *description;
  gboolean is_alias;
  GPtrArray *flags;
  gboolean takes_json;
  gboolean body_required;
  GPtrArray *body_types;
} CtlCommand;

/**
 * CtlCommands:
 * @document: the server's OpenAPI document
 * @list: (element-type CtlCommand): in the document's order
 */
typedef struct {
  HeptadValue *document;
  GPtrArray *list;
} CtlCommands;

/* Makes a command of each operation. (transfer full) */
CtlCommands *ctl_commands_new (const HeptadValue *document);
void ctl_commands_free (CtlCommands *commands);

/**
 * ctl_commands_find:
 * @words: what was typed
 * @n_used: (out): how many of them name the command
 *
 * Returns: (nullable): the command with the longest name that @words begins with
 */
const CtlCommand *
ctl_commands_find (const CtlCommands *commands, const char *const *words, guint *n_used);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlCommands, ctl_commands_free)

G_END_DECLS
