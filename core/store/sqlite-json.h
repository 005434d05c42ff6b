/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

/* Replaces `->` and `->>` by ones that answer as PostgreSQL's do: a name or an index on the right,
 * `->>` always text, numbers exactly as they were written. */
void sqlite_json_register (sqlite3 *db);
