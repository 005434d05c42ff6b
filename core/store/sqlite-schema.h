/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sqlite-connection.h"

/**
 * sqlite_schema_prepare:
 * @path: the database file
 * @name: of the store, for errors
 * @steps: (nullable) (array zero-terminated=1): core tables beside the ledger's, for the core's own
 * stores
 * @migrations: of #Migration
 * @error: %HEPTAD_ERROR_CORRUPT for a file that is no database; %HEPTAD_ERROR_PLUGIN_FAULT naming
 * the migration, line and reason; the schema is then as before that migration
 *
 * Makes the file if it is not there (whole or not at all), brings the core's tables and then the
 * plugin's up to date, each migration in a transaction of its own.
 */
gboolean sqlite_schema_prepare (const char *path,
                                const char *name,
                                const char *const *steps,
                                GPtrArray *migrations,
                                GError **error);
