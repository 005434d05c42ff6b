/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a server sends must not steer the terminal: control characters become visible escapes.
 * (transfer full); NULL gives an empty text. */
char *ctl_text_clean (const char *text);

/* Columns of a terminal that a clean text takes. */
gsize ctl_text_get_width (const char *text);

/* "getCosts" and "billed_cost" become "get-costs" and "billed-cost". (transfer full) */
char *ctl_text_to_kebab (const char *name);

/* Appends a text wrapped at 80 columns, each line behind `indent` spaces. */
void ctl_text_wrap (GString *into, const char *text, guint indent);

void ctl_text_append_spaces (GString *into, gsize n_spaces);

G_END_DECLS
