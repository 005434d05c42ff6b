/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/store-fixture.h"
#include "sdk/backend/heptad-deadline.h"

static const char schema[] = "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT);";

/* What SQL of a plugin must not do, by a write, a query or both. */
static const char *const hostile[] = {
  "ATTACH DATABASE '/etc/passwd' AS other",
  "ATTACH ':memory:' AS other",
  "DETACH DATABASE main",
  "VACUUM INTO '/dev/shm/stolen.db'",
  "VACUUM",
  "PRAGMA journal_mode = OFF",
  "PRAGMA writable_schema = ON",
  "PRAGMA table_info(item)",
  "PRAGMA main.synchronous = 0",
  "SELECT * FROM pragma_table_info('item')",
  "SELECT * FROM pragma_database_list",
  "SELECT load_extension('/tmp/evil.so')",
  "SELECT writefile('/tmp/x', 'x')",
  "SELECT readfile('/etc/passwd')",
  "SELECT fts3_tokenizer('simple')",
  "SELECT sqlite_compileoption_get(1)",
  "SELECT * FROM sqlite_master",
  "SELECT * FROM sqlite_schema",
  "SELECT sql FROM main.sqlite_master",
  "SELECT * FROM sqlite_sequence",
  "SELECT * FROM sqlite_stmt",
  "SELECT * FROM dbstat",
  "SELECT * FROM _heptad_jobs",
  "SELECT * FROM \"_heptad_jobs\"",
  "SELECT * FROM main._heptad_outbox",
  "SELECT * FROM _HEPTAD_JOBS",
  "SELECT 1 FROM item WHERE EXISTS (SELECT 1 FROM _heptad_meta)",
  "INSERT INTO _heptad_outbox (id) VALUES ('x')",
  "DELETE FROM _heptad_migrations",
  "UPDATE _heptad_jobs SET state = 'queued'",
  "DELETE FROM sqlite_master",
  "CREATE TABLE mine (id TEXT)",
  "CREATE TEMP TABLE mine (id TEXT)",
  "CREATE INDEX mine ON item (name)",
  "CREATE VIEW mine AS SELECT 1",
  "CREATE TRIGGER mine AFTER INSERT ON item BEGIN DELETE FROM item; END",
  "CREATE VIRTUAL TABLE mine USING fts5 (x)",
  "DROP TABLE item",
  "ALTER TABLE item ADD COLUMN more TEXT",
  "ALTER TABLE item RENAME TO other",
  "ANALYZE",
  "REINDEX",
  "BEGIN",
  "COMMIT",
  "ROLLBACK",
  "END",
  "SAVEPOINT mine",
  "RELEASE member",
  "ROLLBACK TO member",
  "SELECT 1; SELECT 2",
  "INSERT INTO item VALUES (1, 'a'); DROP TABLE item",
  "SELECT \"no such column\"",
  "SELECT ?",
  "SELECT :name",
  "SELECT @name",
  "SELECT $name",
  "SELECT $1x",
  "SELECT '1'::text",
  "SELECT 'not closed",
  "SELECT /* not closed",
  "SELECT [id] FROM item",
  "SELECT `id` FROM item",
  "",
  "  -- nothing\n ; ",
  "EXPLAIN SELECT * FROM _heptad_jobs",
};

static void
test_hostile_sql (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);

  store_fixture_run (fixture->store, "INSERT INTO item VALUES (7, 'kept')", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GError) by_write = NULL;
      g_autoptr (GError) by_query = NULL;
      g_autoptr (HeptadRows) rows =
          heptad_store_query (fixture->store, hostile[i], NULL, NULL, &by_query);
      heptad_store_execute (fixture->store, hostile[i], NULL, NULL, &by_write);
      if (!g_error_matches (by_write, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT)
          || !g_error_matches (by_query, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT))
        g_error ("'%s': %s / %s", hostile[i], by_write != NULL ? by_write->message : "was run",
                 by_query != NULL ? by_query->message : "was run");
    }
  store_assert_reads (fixture->store, "SELECT id, name FROM item", NULL, "7|kept");
}

static void
test_hostile_migrations (void)
{
  static const char *const migrations[] = {
    "ATTACH ':memory:' AS other;",
    "PRAGMA writable_schema = ON;",
    "CREATE TABLE _heptad_mine (id TEXT);",
    "CREATE TRIGGER t AFTER INSERT ON _heptad_jobs BEGIN SELECT 1; END;",
    "CREATE VIEW v AS SELECT * FROM \"_heptad_jobs\";",
    "DROP TABLE _heptad_jobs;",
    "ALTER TABLE \"_heptad_jobs\" ADD COLUMN x TEXT;",
    "DELETE FROM sqlite_master;",
    "COMMIT;",
    "CREATE VIRTUAL TABLE f USING fts5 (x);",
    "CREATE TABLE t AS SELECT 1 AS x;",
    "CREATE TABLE t (x);",
    "CREATE TABLE t (x MONEY);",
    "CREATE TEMP TABLE t (x TEXT);",
  };

  for (guint i = 0; i < G_N_ELEMENTS (migrations); i++)
    {
      g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
      g_autoptr (GError) error = NULL;
      store_fixture_add_migration (fixture, "0002-evil.sql", migrations[i]);
      heptad_store_hub_close (fixture->hub, "acme", "cost");
      g_autoptr (HeptadStore) store =
          heptad_store_hub_open (fixture->hub, "acme", "cost", fixture->migrations_dir, &error);
      if (store != NULL || !g_error_matches (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT))
        g_error ("'%s': %s", migrations[i], error != NULL ? error->message : "was run");
      g_assert_nonnull (strstr (error->message, "0002-evil.sql"));
    }
}

/* A view made in a migration is compiled when it is used, under the rights of that use. */
static void
test_limits (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) deep = g_string_new ("SELECT ");
  g_autoptr (GString) wide = g_string_new ("SELECT 1");
  g_autoptr (GString) compound = g_string_new ("SELECT 1");
  const char *texts[4];

  for (guint i = 0; i < 2000; i++)
    {
      g_string_append (deep, "(1 +");
      g_string_append (wide, ", 1");
      g_string_append (compound, " UNION SELECT 1");
    }
  texts[0] = deep->str;
  texts[1] = wide->str;
  texts[2] = compound->str;
  texts[3] = "SELECT length(zeroblob(1000000000))";
  heptad_cancellable_set_deadline (cancellable, g_get_monotonic_time () + 5 * G_USEC_PER_SEC);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HeptadRows) rows =
          heptad_store_query (fixture->store, texts[i], NULL, cancellable, &error);
      g_assert_null (rows);
      g_assert_nonnull (error);
    }
}

static void
test_other_stores_are_out_of_reach (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  static const char *const ids[] = { "../acme", "a/b", "", "A", "a.b", NULL };

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (heptad_store_hub_open (fixture->hub, ids[i], "cost", NULL, &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
      g_clear_error (&error);
      g_assert_null (heptad_store_hub_open (fixture->hub, "acme", ids[i], NULL, &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
    }
}

static HeptadStore *
reopen (StoreFixture *fixture, GError **error)
{
  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  return heptad_store_hub_open (fixture->hub, "acme", "cost", fixture->migrations_dir, error);
}

static void
test_failed_migration (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  store_fixture_run (fixture->store, "INSERT INTO item VALUES (1, 'old')", NULL);
  store_fixture_add_migration (fixture, "0002-more.sql",
                               "ALTER TABLE item ADD COLUMN more TEXT;\n"
                               "UPDATE item SET name = 'new';\n\n"
                               "INSERT INTO nowhere VALUES (1);\n");
  g_assert_null (reopen (fixture, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "0002-more.sql"));
  g_assert_nonnull (strstr (error->message, "line 4"));
  g_assert_nonnull (strstr (error->message, "nowhere"));
  g_clear_error (&error);

  store_fixture_add_migration (fixture, "0002-more.sql",
                               "ALTER TABLE item ADD COLUMN more DECIMAL;");
  fixture->store = reopen (fixture, &error);
  g_assert_no_error (error);
  store_assert_reads (fixture->store, "SELECT id, name, more FROM item", NULL, "1|old|NULL");
}

static void
test_changed_migration (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  store_fixture_add_migration (fixture, "0001-schema.sql", "CREATE TABLE item (id TEXT);");
  g_assert_null (reopen (fixture, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
  g_assert_nonnull (strstr (error->message, "0001-schema.sql was changed"));
}

static void
test_migration_names (void)
{
  static const char *const names[] = { "0003-gap.sql",      "2-short.sql", "0001-again.sql",
                                       "0002-x.oracle.sql", "0002-.sql",   "0000-zero.sql" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
      g_autoptr (GError) error = NULL;
      store_fixture_add_migration (fixture, names[i], "SELECT 1;");
      g_assert_null (reopen (fixture, &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT);
    }
}

static void
test_migration_variant (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  store_fixture_add_migration (fixture, "0002-x.sql", "CREATE TABLE general (id TEXT);");
  store_fixture_add_migration (fixture, "0002-x.sqlite.sql", "CREATE TABLE special (id TEXT);");
  store_fixture_add_migration (fixture, "0002-x.postgresql.sql", "CREATE TABLE other (id TEXT);");
  fixture->store = reopen (fixture, &error);
  g_assert_no_error (error);
  store_assert_reads (fixture->store, "SELECT count(*) FROM special", NULL, "0");
}

static void
test_newer_store (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  g_assert_null (heptad_store_hub_open (fixture->hub, "acme", "cost", NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "0001-schema.sql"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/safety/hostile-sql-is-refused", test_hostile_sql);
  g_test_add_func ("/store/safety/hostile-migrations-are-refused", test_hostile_migrations);
  g_test_add_func ("/store/safety/statements-are-bounded", test_limits);
  g_test_add_func ("/store/safety/ids-cannot-leave-their-folder",
                   test_other_stores_are_out_of_reach);
  g_test_add_func ("/store/a-failed-migration-leaves-the-old-schema", test_failed_migration);
  g_test_add_func ("/store/migrations/a-changed-one-is-refused-by-name", test_changed_migration);
  g_test_add_func ("/store/migrations/gaps-and-wrong-names-are-refused", test_migration_names);
  g_test_add_func ("/store/migrations/a-variant-takes-the-place-of-the-general",
                   test_migration_variant);
  g_test_add_func ("/store/migrations/a-newer-store-is-refused", test_newer_store);
  return g_test_run ();
}
