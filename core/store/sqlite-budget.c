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
  GCond changed;
  guint n_open;
  gint n_waiting; /* atomic */
  GHashTable *stores;
};

SqliteBudget *
sqlite_budget_new (guint max_connections, SqliteBudgetAgeFunc get_age, SqliteBudgetEvictFunc evict)
{
  SqliteBudget *budget = g_new0 (SqliteBudget, 1);

  g_mutex_init (&budget->mutex);
  g_cond_init (&budget->changed);
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
  g_cond_clear (&budget->changed);
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

gboolean
sqlite_budget_take (SqliteBudget *budget, GCancellable *cancellable, gint64 wait_us, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&budget->mutex);
  gint64 end_us = g_get_monotonic_time () + wait_us;

  while (!try_take (budget))
    {
      if (heptad_cancellable_is_over (cancellable))
        {
          heptad_cancellable_set_error (cancellable, "The wait for a database connection", error);
          return FALSE;
        }
      if (g_get_monotonic_time () >= end_us)
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY,
                       "All %u database connections are in use; try again, or raise "
                       "store.max_connections",
                       budget->max_connections);
          return FALSE;
        }
      g_atomic_int_inc (&budget->n_waiting);
      g_cond_wait_until (&budget->changed, &budget->mutex, g_get_monotonic_time () + LOOK_AGAIN_US);
      g_atomic_int_add (&budget->n_waiting, -1);
    }
  return TRUE;
}

void
sqlite_budget_give_back (SqliteBudget *budget)
{
  g_mutex_lock (&budget->mutex);
  budget->n_open--;
  g_cond_signal (&budget->changed);
  g_mutex_unlock (&budget->mutex);
}

void
sqlite_budget_notify_idle (SqliteBudget *budget)
{
  if (g_atomic_int_get (&budget->n_waiting) == 0)
    return;
  g_mutex_lock (&budget->mutex);
  g_cond_signal (&budget->changed);
  g_mutex_unlock (&budget->mutex);
}

guint
sqlite_budget_get_n_open (SqliteBudget *budget)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&budget->mutex);
  return budget->n_open;
}
