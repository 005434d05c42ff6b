/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * ctl_table_print:
 * @value: an answer
 *
 * Writes an answer for a person: an array of objects as aligned columns, an object as its members
 * with a table below for each list in it, members of members as `key.service`. Numbers and money
 * stand under each other by their point. What could steer a terminal becomes visible.
 *
 * Returns: (transfer full): the text, which ends with a line break
 */
char *ctl_table_print (const HeptadValue *value);

G_END_DECLS
