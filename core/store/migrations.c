/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/migrations.h"

#include <string.h>

#include "sdk/heptad-error.h"

enum {
  MAX_MIGRATION_SIZE = 1 << 20,
  MAX_MIGRATIONS = 9999,
};

static void
migration_free (gpointer data)
{
  Migration *migration = data;

  g_free (migration->name);
  g_free (migration->sql);
  g_free (migration->checksum);
  g_free (migration);
}

/* `0001-name.sql`, `0001-name.ENGINE.sql`: FALSE for any other shape. */
static gboolean
parse_name (const char *file, guint *number, char **engine)
{
  gsize digits = strspn (file, "0123456789");
  gsize name = digits == 4 && file[4] == '-'
                   ? strspn (file + 5, "abcdefghijklmnopqrstuvwxyz0123456789-_")
                   : 0;
  const char *rest = file + 5 + name;

  if (name == 0)
    return FALSE;
  *number = (guint) g_ascii_strtoull (file, NULL, 10);
  if (strcmp (rest, ".sql") == 0)
    *engine = NULL;
  else if (strcmp (rest, ".sqlite.sql") == 0)
    *engine = g_strdup ("sqlite");
  else if (strcmp (rest, ".postgresql.sql") == 0)
    *engine = g_strdup ("postgresql");
  else
    return FALSE;
  return *number >= 1 && *number <= MAX_MIGRATIONS;
}

static Migration *
read_one (const char *directory, const char *file, guint number, GError **error)
{
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *sql = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &sql, &length, error))
    return NULL;
  if (length > MAX_MIGRATION_SIZE || !g_utf8_validate_len (sql, length, NULL))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "The migration %s is not UTF-8 text of at most 1 MiB", path);
      return NULL;
    }
  Migration *migration = g_new0 (Migration, 1);
  migration->number = number;
  migration->name = g_strdup (file);
  migration->checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) sql, length);
  migration->sql = g_steal_pointer (&sql);
  return migration;
}

typedef struct {
  char *general;
  char *variant;
} Files;

static void
files_free (gpointer data)
{
  Files *files = data;

  g_free (files->general);
  g_free (files->variant);
  g_free (files);
}

static gboolean
note_file (GHashTable *by_number,
           const char *directory,
           const char *file,
           const char *engine,
           GError **error)
{
  g_autofree char *of_engine = NULL;
  guint number = 0;

  if (!parse_name (file, &number, &of_engine))
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
          "%s/%s: migrations are named like 0001-accounts.sql, 0001-accounts.sqlite.sql or "
          "0001-accounts.postgresql.sql",
          directory, file);
      return FALSE;
    }
  Files *files = g_hash_table_lookup (by_number, GUINT_TO_POINTER (number));
  if (files == NULL)
    {
      files = g_new0 (Files, 1);
      g_hash_table_insert (by_number, GUINT_TO_POINTER (number), files);
    }
  if (of_engine != NULL && strcmp (of_engine, engine) != 0)
    return TRUE;
  char **place = of_engine != NULL ? &files->variant : &files->general;
  if (*place != NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "%s: %s and %s have the same number", directory, *place, file);
      return FALSE;
    }
  *place = g_strdup (file);
  return TRUE;
}

static GPtrArray *
read_in_order (GHashTable *by_number, const char *directory, GError **error)
{
  g_autoptr (GPtrArray) migrations = g_ptr_array_new_with_free_func (migration_free);

  for (guint number = 1; number <= g_hash_table_size (by_number); number++)
    {
      const Files *files = g_hash_table_lookup (by_number, GUINT_TO_POINTER (number));
      const char *file = files == NULL            ? NULL
                         : files->variant != NULL ? files->variant
                                                  : files->general;
      if (file == NULL)
        {
          g_set_error (
              error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
              "%s has no migration %04u for this engine: they are numbered from 0001 without "
              "gaps",
              directory, number);
          return NULL;
        }
      Migration *migration = read_one (directory, file, number, error);
      if (migration == NULL)
        return NULL;
      g_ptr_array_add (migrations, migration);
    }
  return g_steal_pointer (&migrations);
}

GPtrArray *
migrations_read (const char *directory, const char *engine, GError **error)
{
  g_autoptr (GHashTable) by_number = g_hash_table_new_full (NULL, NULL, NULL, files_free);
  const char *file = NULL;

  if (directory == NULL || !g_file_test (directory, G_FILE_TEST_IS_DIR))
    return g_ptr_array_new_with_free_func (migration_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  if (dir == NULL)
    return NULL;
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".sql") && !note_file (by_number, directory, file, engine, error))
      return NULL;
  return read_in_order (by_number, directory, error);
}
