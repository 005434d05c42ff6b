/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/yaml.h"

G_BEGIN_DECLS

HeptadYamlLines *heptad_yaml_lines_new (void);
void heptad_yaml_lines_add (HeptadYamlLines *lines, const char *pointer, guint line);

/*
 * heptad_yaml_resolve:
 * @tag: (nullable): the scalar's tag
 * @is_plain: it was written without quotes, and not as a block
 * @problem: (out): why it has no value; static
 *
 * What a scalar is in the core schema of YAML 1.2 (section 10.3).
 */
HeptadValue *heptad_yaml_resolve (
    const char *text, gsize length, const char *tag, gboolean is_plain, const char **problem);

G_END_DECLS
