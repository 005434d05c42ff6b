/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * Migration:
 *
 * One numbered step of a plugin's schema, as its file holds it for one engine.
 */
typedef struct {
  guint number;
  char *name; /* the file's, such as `0001-accounts.sql` */
  char *sql;
  char *checksum;
} Migration;

/**
 * migrations_read:
 * @directory: (nullable): the bundle's `migrations`; one that is not there holds none
 * @engine: `sqlite` or `postgresql`: `0002-x.sqlite.sql` takes the place of `0002-x.sql`
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT for a wrong name, a gap, two of one number, a file too large
 *
 * Returns: (transfer full): an array of #Migration, by number from 1
 */
GPtrArray *migrations_read (const char *directory, const char *engine, GError **error);
