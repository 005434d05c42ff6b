/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-group.h"

#include "core/store/sqlite-transaction.h"
#include "sdk/backend/heptad-deadline.h"

enum {
  MAX_GROUP = 512,
  MAX_GROUP_US = 20 * 1000, /* nobody joins a group that has run so long */
};

static gboolean
run_control (SqliteConnection *connection, const char *sql, GError **error)
{
  g_autoptr (SqliteStatement) statement =
      sqlite_connection_prepare (connection, SQLITE_ACCESS_CORE, sql, error);

  return statement != NULL && sqlite_statement_step (statement, error) == SQLITE_DONE;
}

static gboolean
is_rolled_back (SqliteConnection *connection)
{
  return sqlite3_get_autocommit (connection->db) != 0;
}

static SqliteMember *
take_next (SqliteStore *store)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);
  SqliteMember *member = g_queue_pop_head (&store->waiting_writes);

  if (member != NULL)
    member->state = SQLITE_MEMBER_RUNS;
  return member;
}

static void
set_outcome (SqliteMember *member, SqliteTransaction *transaction, gboolean is_ok, GError *failure)
{
  member->has_published = transaction->has_published;
  member->has_enqueued = transaction->has_enqueued;
  if (transaction->n_open > 0)
    g_critical ("%s: a write function left %u rows or bulks open", member->store->name,
                transaction->n_open);
  /* A statement that failed fails the write, also when the function went on: so it is in every
   * engine. */
  if (is_ok && transaction->failure != NULL)
    member->error = g_steal_pointer (&transaction->failure);
  else if (!is_ok && failure != NULL)
    member->error = g_steal_pointer (&failure);
  else if (!is_ok)
    member->error = g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                                         "A write function failed and did not say why");
  g_clear_error (&failure);
  g_clear_error (&transaction->failure);
}

/* Runs one function between a savepoint and its release. */
static void
run_member (SqliteConnection *connection, SqliteMember *member)
{
  SqliteTransaction transaction;
  GError *failure = NULL;

  g_clear_error (&member->error);
  sqlite_transaction_init (&transaction, member->store, connection);
  sqlite_connection_set_cancellable (connection, member->cancellable);
  gboolean is_over = heptad_cancellable_is_over (member->cancellable);
  if (is_over)
    heptad_cancellable_set_error (member->cancellable, "The write", &failure);
  gboolean is_ok = run_control (connection, "SAVEPOINT member", is_over ? NULL : &failure)
                   && !is_over && member->write (&transaction.base, member->data, &failure);
  sqlite_connection_set_cancellable (connection, NULL);
  set_outcome (member, &transaction, is_ok, failure);
  if (is_rolled_back (connection))
    return;
  g_autoptr (GError) ignored = NULL;
  if (member->error == NULL)
    run_control (connection, "RELEASE member", &member->error);
  else if (run_control (connection, "ROLLBACK TO member", &ignored))
    run_control (connection, "RELEASE member", &ignored);
}

static void
fail_all (GPtrArray *members, const GError *error)
{
  for (guint i = 0; i < members->len; i++)
    {
      SqliteMember *member = g_ptr_array_index (members, i);
      if (member->is_out)
        continue;
      g_clear_error (&member->error);
      member->error = g_error_copy (error);
    }
}

static gboolean
run_and_check (SqliteConnection *connection, SqliteMember *member)
{
  run_member (connection, member);
  if (!is_rolled_back (connection))
    return TRUE;
  member->is_out = TRUE;
  if (member->error == NULL)
    member->error = g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_INTERNAL,
                                         "The transaction was rolled back under the write");
  return FALSE;
}

/* One pass over those that were taken before and those that come meanwhile. FALSE when SQLite has
 * rolled everything back and one member is out. */
static gboolean
run_pass (SqliteStore *store, SqliteConnection *connection, GPtrArray *members, gint64 end_us)
{
  for (guint i = 0; i < members->len; i++)
    {
      SqliteMember *member = g_ptr_array_index (members, i);
      if (!member->is_out && !run_and_check (connection, member))
        return FALSE;
    }
  while (members->len < MAX_GROUP && (members->len == 0 || g_get_monotonic_time () < end_us))
    {
      SqliteMember *member = take_next (store);
      if (member == NULL)
        return TRUE;
      g_ptr_array_add (members, member);
      if (!run_and_check (connection, member))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_group (SqliteStore *store, SqliteConnection *connection, GPtrArray *members, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + MAX_GROUP_US;
  gboolean is_whole = FALSE;

  while (!is_whole)
    {
      if (!run_control (connection, "BEGIN IMMEDIATE", error))
        return FALSE;
      is_whole = run_pass (store, connection, members, end_us);
    }
  if (run_control (connection, "COMMIT", error))
    return TRUE;
  if (!is_rolled_back (connection))
    run_control (connection, "ROLLBACK", NULL);
  return FALSE;
}

static SqliteConnection *
get_writer (SqliteStore *store, GError **error)
{
  /* Only the leader touches the writer, and nobody evicts it while there is one. */
  if (store->writer == NULL)
    store->writer = sqlite_store_open_connection (store, TRUE, NULL, error);
  return store->writer;
}

void
sqlite_group_run (SqliteStore *store, GPtrArray *members)
{
  g_autoptr (GError) error = NULL;
  SqliteConnection *connection = get_writer (store, &error);

  if (connection != NULL && run_group (store, connection, members, &error))
    {
      connection->last_used_us = g_get_monotonic_time ();
      return;
    }
  /* Without a connection or BEGIN the leader is still in line; those behind it try for themselves.
   */
  if (members->len == 0)
    g_ptr_array_add (members, take_next (store));
  fail_all (members, error);
}
