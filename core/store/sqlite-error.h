/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/**
 * sqlite_error_set:
 * @db: the connection that failed
 * @code: the result code of the call
 * @where: which store, for people
 *
 * Sets @error to the code of the closed list that @code stands for, with SQLite's message. Not for
 * SQLITE_INTERRUPT, whose reason only the caller knows.
 */
void sqlite_error_set (sqlite3 *db, int code, const char *where, GError **error);
