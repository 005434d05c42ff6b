/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * CtlColumns:
 *
 * Rows of texts by column name; a column appears where a row first has it.
 */
typedef struct _CtlColumns CtlColumns;

CtlColumns *ctl_columns_new (void);
void ctl_columns_free (CtlColumns *columns);

void ctl_columns_begin_row (CtlColumns *columns);

/* Puts a cell into the row that was begun. @text is clean. */
void ctl_columns_set (CtlColumns *columns, const char *column, const char *text);

void ctl_columns_print (const CtlColumns *columns, gboolean with_titles, GString *into);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlColumns, ctl_columns_free)

G_END_DECLS
