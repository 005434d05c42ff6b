/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/store-hub.h"

/* For tests: a store of an engine in a directory of its own. Every test of the store's behaviour is
 * written against this, so that a second engine runs it too. */
typedef struct {
  char *data_dir;
  char *migrations_dir;
  HeptadStoreHub *hub;
  HeptadStore *store; /* of plugin `cost` for tenant `acme` */
} StoreFixture;

/* @schema (nullable) becomes the migration 0001. */
StoreFixture *store_fixture_new (const char *schema, const HeptadStoreConfig *config);
void store_fixture_free (StoreFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreFixture, store_fixture_free)

/* Closes everything and opens it again, as a restart does. */
void store_fixture_reopen (StoreFixture *fixture);

/* Writes a file into the migrations' directory. */
void store_fixture_add_migration (StoreFixture *fixture, const char *name, const char *sql);

/* The first column of the first row as text; "(none)" without rows, "NULL" for NULL. Fails the test
 * on an error. */
char *
store_fixture_read (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters);

/* All rows as `a|b;c|d`. */
char *
store_fixture_read_all (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters);
void store_fixture_run (HeptadStore *store, const char *sql, const HeptadSqlParameter *parameters);

#define store_assert_reads(store, sql, parameters, expected)                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ = store_fixture_read_all (store, sql, parameters);                     \
    g_assert_cmpstr (found_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END
