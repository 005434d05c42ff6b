/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sqlite-store.h"

/**
 * SqliteTransaction:
 *
 * One member's part of a group commit.
 */
typedef struct {
  HeptadTransaction base;
  SqliteStore *store;
  SqliteConnection *connection;
  GError *failure; /* of the first statement that failed: the member then cannot commit */
  guint n_open;    /* cursors and bulks */
  gboolean has_published;
  gboolean has_enqueued;
} SqliteTransaction;

void sqlite_transaction_init (SqliteTransaction *transaction,
                              SqliteStore *store,
                              SqliteConnection *connection);

/* Remembers that a statement failed, with a copy of @error. Returns FALSE. */
gboolean sqlite_transaction_fail (SqliteTransaction *transaction, const GError *error);

/* sqlite-rows.c: (transfer full) @statement, bound. Failures of the rows are failures of the write.
 */
HeptadRows *sqlite_rows_new_in_write (SqliteStatement *statement,
                                      SqliteTransaction *transaction,
                                      GError **error);

/* sqlite-bulk.c */
HeptadBulk *sqlite_bulk_new (SqliteTransaction *transaction,
                             const char *table,
                             const char *const *columns,
                             GError **error);
