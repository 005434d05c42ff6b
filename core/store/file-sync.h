/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Files that are there, whole, after a power cut. */

/* Waits until the entries of a directory are on disk. */
gboolean file_sync_directory (const char *path, GError **error);

/* Syncs @from, renames it to @to, and syncs the directory. */
gboolean file_sync_rename (const char *from, const char *to, GError **error);

/* Makes a directory and its parents, for the owner only, and syncs the parent. */
gboolean file_sync_make_directory (const char *path, GError **error);

/* Sets @error for errno of an operation on @path. */
void file_sync_set_error (GError **error, const char *path, int number);
