/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sqlite3.h>

#include "core/store/dialect.h"
#include "core/store/sqlite-functions.h"
#include "core/store/sqlite-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static sqlite3 *
open_database (void)
{
  sqlite3 *db = NULL;

  sqlite3_open (":memory:", &db);
  sqlite_functions_register (db);
  sqlite_json_register (db);
  sqlite3_exec (db, "CREATE TABLE item (id INTEGER, amount TEXT COLLATE decimal, doc TEXT) STRICT",
                NULL, NULL, NULL);
  return db;
}

/* What the dialect accepts it translates into text that it would accept again, of as many lines. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static sqlite3 *db;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GHashTable) decimals = dialect_decimals_new ();
  sqlite3_stmt *statement = NULL;

  if (db == NULL)
    db = open_database ();
  g_hash_table_add (decimals, g_strdup ("amount"));
  g_autofree char *translated = dialect_to_sqlite (text, FALSE, decimals, NULL);
  if (translated == NULL)
    return 0;
  g_auto (GStrv) before = g_strsplit (text, "\n", -1);
  g_auto (GStrv) after = g_strsplit (translated, "\n", -1);
  g_assert_cmpuint (g_strv_length (after), <=, g_strv_length (before));
  sqlite3_prepare_v2 (db, translated, -1, &statement, NULL);
  if (statement != NULL && sqlite3_stmt_readonly (statement))
    for (guint i = 0; i < 10 && sqlite3_step (statement) == SQLITE_ROW; i++)
      ;
  sqlite3_finalize (statement);
  return 0;
}
