/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/**
 * SqliteBudget:
 *
 * How many connections all stores of a host may hold open together. When it is spent, the
 * connection that was idle longest is closed for the one that is needed now. Any thread.
 */
typedef struct _SqliteBudget SqliteBudget;

/* When a store's idlest connection was last used (G_MAXINT64: it has none idle); and: close that
 * one. */
typedef gint64 (*SqliteBudgetAgeFunc) (gpointer store);
typedef gboolean (*SqliteBudgetEvictFunc) (gpointer store);

SqliteBudget *
sqlite_budget_new (guint max_connections, SqliteBudgetAgeFunc get_age, SqliteBudgetEvictFunc evict);
void sqlite_budget_free (SqliteBudget *budget);

/* Stores among which to look for an idle connection. */
void sqlite_budget_add_store (SqliteBudget *budget, gpointer store);
void sqlite_budget_remove_store (SqliteBudget *budget, gpointer store);

/**
 * sqlite_budget_take:
 * @cancellable: (nullable): ends the wait
 * @wait_us: so long at most
 * @error: %HEPTAD_ERROR_BUSY, or the cancellable's
 *
 * Takes the right to open one connection. The caller holds no lock of a store.
 */
gboolean sqlite_budget_take (SqliteBudget *budget,
                             GCancellable *cancellable,
                             gint64 wait_us,
                             GError **error);
void sqlite_budget_give_back (SqliteBudget *budget);

/* Whether somebody waits: then a connection that becomes idle is closed for them. Cheap. */
gboolean sqlite_budget_is_wanted (SqliteBudget *budget);
guint sqlite_budget_get_n_open (SqliteBudget *budget);
