/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-group.h"
#include "sdk/backend/heptad-deadline.h"

/* Group commit without threads of its own: the first to come leads, runs everybody's functions that
 * wait, commits once, and hands the lead to the next in line. */

/* Whether this thread is inside a write function: a write inside a write would wait for itself. */
static _Thread_local gboolean is_inside_write;

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  SqliteMember *member = data;

  g_mutex_lock (&member->store->mutex);
  g_cond_signal (&member->changed);
  g_mutex_unlock (&member->store->mutex);
}

static gboolean
join_queue (SqliteStore *store, SqliteMember *member, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->mutex);

  if (store->is_closed)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE, "The %s is closed", store->name);
      return FALSE;
    }
  if (store->waiting_writes.length >= store->context->config.max_queued_writes)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY, "%s: %u writes wait already; try again",
                   store->name, store->waiting_writes.length);
      return FALSE;
    }
  if (!store->is_writing)
    {
      store->is_writing = TRUE;
      member->state = SQLITE_MEMBER_LEADS;
    }
  g_queue_push_tail (&store->waiting_writes, member);
  return TRUE;
}

static gboolean
is_waiting (const SqliteMember *member)
{
  return member->state == SQLITE_MEMBER_WAITS || member->state == SQLITE_MEMBER_RUNS;
}

/* Until it is done or leads. A member that still waits leaves the line when its time is over; once
 * it runs, the leader's progress handler looks after that. */
static void
wait_for_turn (SqliteStore *store, SqliteMember *member)
{
  gint64 deadline_us = heptad_cancellable_get_deadline (member->cancellable);

  g_mutex_lock (&store->mutex);
  while (is_waiting (member))
    {
      if (member->state == SQLITE_MEMBER_WAITS && heptad_cancellable_is_over (member->cancellable))
        {
          g_queue_remove (&store->waiting_writes, member);
          heptad_cancellable_set_error (member->cancellable, "The wait for a turn to write",
                                        &member->error);
          member->state = SQLITE_MEMBER_DONE;
        }
      else if (member->state == SQLITE_MEMBER_RUNS || deadline_us == G_MAXINT64)
        g_cond_wait (&member->changed, &store->mutex);
      else
        g_cond_wait_until (&member->changed, &store->mutex, deadline_us);
    }
  g_mutex_unlock (&store->mutex);
}

static void
hand_over_lead (SqliteStore *store)
{
  SqliteMember *next = g_queue_peek_head (&store->waiting_writes);

  store->is_writing = next != NULL;
  if (next != NULL)
    {
      next->state = SQLITE_MEMBER_LEADS;
      g_cond_signal (&next->changed);
    }
}

static void
finish_group (SqliteStore *store, GPtrArray *members, const SqliteMember *leader)
{
  g_mutex_lock (&store->mutex);
  store->last_group = members->len;
  hand_over_lead (store);
  for (guint i = 0; i < members->len; i++)
    {
      SqliteMember *member = g_ptr_array_index (members, i);
      member->state = SQLITE_MEMBER_DONE;
      if (member != leader)
        g_cond_signal (&member->changed);
    }
  g_mutex_unlock (&store->mutex);
}

static void
lead (SqliteStore *store, SqliteMember *leader)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new ();

  is_inside_write = TRUE;
  sqlite_group_run (store, members);
  is_inside_write = FALSE;
  finish_group (store, members, leader);
  sqlite_budget_notify_idle (store->context->budget);
}

static void
call_hooks (const SqliteMember *member)
{
  const SqliteStore *store = member->store;
  const HeptadStoreEventHooks *events = &store->context->event_hooks;
  const HeptadStoreJobHooks *jobs = &store->context->job_hooks;

  if (member->has_published && events->committed != NULL)
    events->committed (events->data, store->tenant_id, store->plugin_id);
  if (member->has_enqueued && jobs->committed != NULL)
    jobs->committed (jobs->data, store->tenant_id, store->plugin_id);
}

static gboolean
check_may_write (GCancellable *cancellable, GError **error)
{
  if (is_inside_write)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                           "A write function began another write; do both in one");
      return FALSE;
    }
  if (heptad_cancellable_is_over (cancellable))
    {
      heptad_cancellable_set_error (cancellable, "The write", error);
      return FALSE;
    }
  return TRUE;
}

gboolean
sqlite_store_write (gpointer data,
                    HeptadWriteFunc write,
                    gpointer write_data,
                    GCancellable *cancellable,
                    GError **error)
{
  SqliteStore *store = data;
  SqliteMember member = {
    .store = store,
    .write = write,
    .data = write_data,
    .cancellable = cancellable,
  };

  if (!check_may_write (cancellable, error))
    return FALSE;
  g_cond_init (&member.changed);
  if (!join_queue (store, &member, error))
    {
      g_cond_clear (&member.changed);
      return FALSE;
    }
  if (member.state != SQLITE_MEMBER_LEADS)
    {
      gulong handler =
          cancellable != NULL
              ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), &member, NULL)
              : 0;
      wait_for_turn (store, &member);
      g_cancellable_disconnect (cancellable, handler);
    }
  if (member.state == SQLITE_MEMBER_LEADS)
    lead (store, &member);
  g_cond_clear (&member.changed);
  if (member.error != NULL)
    {
      g_propagate_error (error, member.error);
      return FALSE;
    }
  call_hooks (&member);
  return TRUE;
}
