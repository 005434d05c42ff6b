/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-budget.h"

#include "sdk/backend/heptad-deadline.h"

enum {
  LOOK_AGAIN_US = 20 * 1000,
};

struct _SqliteBudget {
  SqliteBudgetAgeFunc get_age;
  SqliteBudgetEvictFunc evict;
  guint max_connections;
  GMutex mutex; /* taken before a store's, never after */
  guint n_open;
  GQueue waiting; /* of GCond, first come first served */
  gint n_waiting; /* atomic */
  GHashTable *stores;
};

SqliteBudget *
sqlite_budget_new (guint max_connections, SqliteBudgetAgeFunc get_age, SqliteBudgetEvictFunc evict)
{
  SqliteBudget *budget = g_new0 (SqliteBudget, 1);

  g_mutex_init (&budget->mutex);
  budget->max_connections = max_connections;
  budget->get_age = get_age;
  budget->evict = evict;
  budget->stores = g_hash_table_new (NULL, NULL);
  return budget;
}

void
sqlite_budget_free (SqliteBudget *budget)
{
  g_hash_table_unref (budget->stores);
  g_mutex_clear (&budget->mutex);
  g_free (budget);
}

void
sqlite_budget_add_store (SqliteBudget *budget, gpointer store)
{
  g_mutex_lock (&budget->mutex);
  g_hash_table_add (budget->stores, store);
  g_mutex_unlock (&budget->mutex);
}

void
sqlite_budget_remove_store (SqliteBudget *budget, gpointer store)
{
  g_mutex_lock (&budget->mutex);
  g_hash_table_remove (budget->stores, store);
  g_mutex_unlock (&budget->mutex);
}

static gpointer
find_idlest (SqliteBudget *budget)
{
  GHashTableIter iter;
  gpointer store = NULL;
  gpointer idlest = NULL;
  gint64 oldest_us = G_MAXINT64;

  g_hash_table_iter_init (&iter, budget->stores);
  while (g_hash_table_iter_next (&iter, &store, NULL))
    {
      gint64 used_us = budget->get_age (store);
      if (used_us < oldest_us)
        {
          oldest_us = used_us;
          idlest = store;
        }
    }
  return idlest;
}

/* With the mutex held. */
static gboolean
try_take (SqliteBudget *budget)
{
  if (budget->n_open >= budget->max_connections)
    {
      gpointer idlest = find_idlest (budget);
      if (idlest == NULL || !budget->evict (idlest))
        return FALSE;
      budget->n_open--;
    }
  budget->n_open++;
  return TRUE;
}

static void
wake_first (SqliteBudget *budget)
{
  GCond *first = g_queue_peek_head (&budget->waiting);

  if (first != NULL)
    g_cond_signal (first);
}

/* With the mutex held: until this thread is the first in line and there is a connection for it. */
static gboolean
wait_in_line (
    SqliteBudget *budget, GCond *turn, GCancellable *cancellable, gint64 end_us, GError **error)
{
  while (g_queue_peek_head (&budget->waiting) != turn || !try_take (budget))
    {
      gint64 now_us = g_get_monotonic_time ();
      if (heptad_cancellable_is_over (cancellable))
        {
          heptad_cancellable_set_error (cancellable, "The wait for a database connection", error);
          return FALSE;
        }
      if (now_us >= end_us)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY,
                       "All %u database connections are in use; try again, or raise "
                       "store.max_connections",
                       budget->max_connections);
          return FALSE;
        }
      g_cond_wait_until (turn, &budget->mutex, now_us + LOOK_AGAIN_US);
    }
  return TRUE;
}

gboolean
sqlite_budget_take (SqliteBudget *budget, GCancellable *cancellable, gint64 wait_us, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&budget->mutex);
  GCond turn;

  if (g_queue_is_empty (&budget->waiting) && try_take (budget))
    return TRUE;
  g_cond_init (&turn);
  g_queue_push_tail (&budget->waiting, &turn);
  g_atomic_int_inc (&budget->n_waiting);
  gboolean is_ok =
      wait_in_line (budget, &turn, cancellable, g_get_monotonic_time () + wait_us, error);
  g_atomic_int_add (&budget->n_waiting, -1);
  g_queue_remove (&budget->waiting, &turn);
  g_cond_clear (&turn);
  wake_first (budget);
  return is_ok;
}

void
sqlite_budget_give_back (SqliteBudget *budget)
{
  g_mutex_lock (&budget->mutex);
  budget->n_open--;
  wake_first (budget);
  g_mutex_unlock (&budget->mutex);
}

gboolean
sqlite_budget_is_wanted (SqliteBudget *budget)
{
  return g_atomic_int_get (&budget->n_waiting) > 0;
}

guint
sqlite_budget_get_n_open (SqliteBudget *budget)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&budget->mutex);
  return budget->n_open;
}
