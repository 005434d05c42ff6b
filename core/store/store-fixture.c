/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/store-fixture.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>

static void
open_store (StoreFixture *fixture, const HeptadStoreConfig *config)
{
  g_autoptr (GError) error = NULL;

  fixture->hub = heptad_store_hub_new (fixture->data_dir, config, &error);
  g_assert_no_error (error);
  fixture->store =
      heptad_store_hub_open (fixture->hub, "acme", "cost", fixture->migrations_dir, &error);
  g_assert_no_error (error);
}

StoreFixture *
store_fixture_new (const char *schema, const HeptadStoreConfig *config)
{
  StoreFixture *fixture = g_new0 (StoreFixture, 1);

  fixture->data_dir = g_dir_make_tmp ("heptad-store-XXXXXX", NULL);
  fixture->migrations_dir = g_build_filename (fixture->data_dir, "migrations", NULL);
  g_mkdir (fixture->migrations_dir, 0700);
  if (schema != NULL)
    store_fixture_add_migration (fixture, "0001-schema.sql", schema);
  open_store (fixture, config);
  return fixture;
}

static int
remove_entry (const char *path, const struct stat *info, int type, struct FTW *walk)
{
  return remove (path);
}

void
store_fixture_free (StoreFixture *fixture)
{
  g_clear_object (&fixture->store);
  g_clear_pointer (&fixture->hub, heptad_store_hub_free);
  nftw (fixture->data_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  g_free (fixture->data_dir);
  g_free (fixture->migrations_dir);
  g_free (fixture);
}

void
store_fixture_reopen (StoreFixture *fixture)
{
  g_clear_object (&fixture->store);
  g_clear_pointer (&fixture->hub, heptad_store_hub_free);
  open_store (fixture, NULL);
}

void
store_fixture_add_migration (StoreFixture *fixture, const char *name, const char *sql)
{
  g_autofree char *path = g_build_filename (fixture->migrations_dir, name, NULL);
  g_assert_true (g_file_set_contents (path, sql, -1, NULL));
}

char *
store_fixture_read (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (store, sql, parameters, NULL, &error);

  g_assert_no_error (error);
  gboolean has_row = heptad_rows_next (rows, &error);
  g_assert_no_error (error);
  if (!has_row)
    return g_strdup ("(none)");
  return g_strdup (heptad_rows_is_null (rows, 0) ? "NULL" : heptad_rows_get_text (rows, 0));
}

char *
store_fixture_read_all (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query (store, sql, parameters, NULL, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  while (heptad_rows_next (rows, &error))
    {
      if (text->len > 0)
        g_string_append_c (text, ';');
      for (guint i = 0; i < heptad_rows_get_n_columns (rows); i++)
        {
          gboolean is_null = heptad_rows_is_null (rows, i);
          g_string_append_printf (text, "%s%s", i > 0 ? "|" : "",
                                  is_null ? "NULL" : heptad_rows_get_text (rows, i));
        }
    }
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
store_fixture_run (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters)
{
  g_autoptr (GError) error = NULL;

  heptad_store_execute (store, sql, parameters, NULL, &error);
  g_assert_no_error (error);
}
