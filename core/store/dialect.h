/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sql-tokens.h"

/* How the constraints begin that stand for a column's type where SQLite has none. */
#define DIALECT_TYPE_CHECK "heptad_type_"

/**
 * dialect_to_sqlite:
 * @sql: one or more statements of the shared dialect (docs/sdk/store.md)
 * @is_core: whether the ledger's tables may be named
 * @decimals: (nullable) (inout): the names, in lower case, of columns that hold decimals; those
 * that @sql itself creates are added
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT for what is not in the dialect
 *
 * Rewrites @sql for SQLite: `$1` becomes `?1` (SQLite numbers `$2, $1` by first appearance), column
 * types become those of STRICT tables with checks, computed decimals get the decimal collation.
 * Line breaks stay where they are. Any thread.
 *
 * Returns: (transfer full): the text for SQLite
 */
char *dialect_to_sqlite (const char *sql, gboolean is_core, GHashTable *decimals, GError **error);

/* (transfer full): an empty set of such names */
GHashTable *dialect_decimals_new (void);

/* Adds the names of a table's decimal columns, from its definition as SQLite keeps it. */
void dialect_decimals_add_table (GHashTable *decimals, const char *sqlite_sql);

/* Whether nothing is left but space, comments and semicolons. */
gboolean dialect_is_blank (const char *sql);

/* The rewrite of one statement's column definitions, in dialect-ddl.c; strings live in @strings. */
gboolean dialect_rewrite_schema (GArray *tokens,
                                 guint start,
                                 guint end,
                                 GStringChunk *strings,
                                 GHashTable *decimals,
                                 GError **error);

/* Gives computed decimals of one statement their order and affinity, in dialect-decimals.c. */
void dialect_rewrite_decimals (GArray *tokens, guint start, guint end, GHashTable *decimals);

/* What SQLite calls a type of the dialect, such as `decimal(12, 2)`; NULL when there is no such
 * type. */
const char *dialect_get_sqlite_type (const char *type);

/* The words of a type from token @at on; (out) @next is the token after it. (transfer full) */
char *dialect_read_type (GArray *tokens, guint at, guint end, guint *next);

/* The token that closes the parenthesis at @open; @end when none does. */
guint dialect_find_close (GArray *tokens, guint open, guint end);
