/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/sqlite-store.h"

typedef enum {
  SQLITE_MEMBER_WAITS,
  SQLITE_MEMBER_LEADS, /* still in line; its own thread runs the next group */
  SQLITE_MEMBER_RUNS,  /* part of a group */
  SQLITE_MEMBER_DONE,
} SqliteMemberState;

/**
 * SqliteMember:
 *
 * One write, on the stack of the thread that waits for it. @state and the line are guarded by the
 * store's mutex; the rest belongs to the leader while the member runs.
 */
typedef struct {
  SqliteStore *store;
  HeptadWriteFunc write;
  gpointer data;
  GCancellable *cancellable;
  SqliteMemberState state;
  GCond changed;
  GError *error;   /* why it did not commit */
  gboolean is_out; /* broke a whole transaction; not run again */
  gboolean has_published;
  gboolean has_enqueued;
} SqliteMember;

/**
 * sqlite_group_run:
 * @members: (out caller-allocates): those that were taken from the line, each with its outcome
 *
 * Takes who waits, runs their functions in one transaction with a savepoint each, commits once.
 * SQLite rolls the whole transaction back when a changing statement is interrupted or the disk is
 * full; then the others run again without the one that broke it.
 */
void sqlite_group_run (SqliteStore *store, GPtrArray *members);
