/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sqlite-store.h"

/* Copies the store, as it is at one moment, to @path, which is replaced only by a whole copy. */
gboolean sqlite_backup (SqliteStore *store, const char *path, GError **error);

/* Reads all of the store; %HEPTAD_ERROR_CORRUPT names the first fault. */
gboolean sqlite_verify (SqliteStore *store, GError **error);
