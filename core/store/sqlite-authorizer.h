/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "core/store/sqlite-connection.h"

/**
 * sqlite_authorize:
 * @data: the #SqliteConnection, whose access decides
 *
 * An sqlite3_set_authorizer() callback. Plugin SQL may read and change the plugin's own tables;
 * migrations may also change the schema; only the core sees tables named `_heptad_…`. Nothing else
 * passes: no other file, no pragma, no transaction control, no catalogue, no extension.
 */
int sqlite_authorize (void *data,
                      int action,
                      const char *first,
                      const char *second,
                      const char *database,
                      const char *trigger);
