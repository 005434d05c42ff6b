/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadYamlLines:
 *
 * On which line of a YAML text each value stands. Immutable; any thread.
 */
typedef struct _HeptadYamlLines HeptadYamlLines;

void heptad_yaml_lines_free (HeptadYamlLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadYamlLines, heptad_yaml_lines_free)

/**
 * heptad_yaml_lines_find:
 * @pointer: a JSON Pointer into the value that was parsed
 *
 * Returns: the line, from 1, of the member's name or the item; of the nearest thing around it when
 *   there is nothing at @pointer
 */
guint heptad_yaml_lines_find (const HeptadYamlLines *lines, const char *pointer);

/**
 * heptad_yaml_parse:
 * @text: one YAML document in UTF-8
 * @length: bytes in @text, or -1 when NUL-terminated
 * @file_name: what errors call it
 * @error: %HEPTAD_ERROR_MALFORMED as `FILE:LINE:COLUMN: what is wrong`; %HEPTAD_ERROR_TOO_LARGE for
 *   more than 4 MiB, 64 levels, or 100,000 values once every alias is written out
 *
 * Plain scalars are what the core schema of YAML 1.2 says (so `yes` and `on` are strings), numbers
 * exact; quoted ones are strings. Names may be any scalar and are taken as text, so `200:` is the
 * name "200". Refused: a name that comes twice, merge keys (`<<`), infinities and NaN, tags beyond
 * the core schema's, a second document. Any thread.
 *
 * Returns: (transfer full): the value
 */
HeptadValue *
heptad_yaml_parse (const char *text, gssize length, const char *file_name, GError **error);

/**
 * heptad_yaml_parse_with_lines:
 * @lines: (out) (transfer full): where each value stands; untouched on failure
 *
 * As heptad_yaml_parse().
 */
HeptadValue *heptad_yaml_parse_with_lines (const char *text,
                                           gssize length,
                                           const char *file_name,
                                           HeptadYamlLines **lines,
                                           GError **error);

G_END_DECLS
