/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "sdk/backend/heptad-store-backend.h"

/**
 * sqlite_bind:
 * @index: from 1
 * @borrow: whether what @parameter points to outlives the statement's run
 *
 * How each type of the SDK stands in SQLite: decimals as their canonical text, times as
 * microseconds, JSON as compact text, booleans as 0 and 1.
 *
 * Returns: a result code
 */
int sqlite_bind (sqlite3_stmt *statement,
                 int index,
                 const HeptadSqlParameter *parameter,
                 gboolean borrow);

/* The value of a column of the current row. */
HeptadSqlCell sqlite_get_cell (sqlite3_stmt *statement, int column);

/* How many parameters stand before the end mark; @parameters may be NULL. */
guint sqlite_count_parameters (const HeptadSqlParameter *parameters);
