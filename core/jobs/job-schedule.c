/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-ledger.h"
#include "sdk/backend/heptad-store-backend.h"

typedef struct {
  const char *id;
  gint64 last_us;
  gint64 now_us;
  const char *kind;
  const HeptadValue *input;
} Firing;

static gboolean
write_down (HeptadTransaction *transaction, gpointer data, GError **error)
{
  Firing *firing = data;

  if (!heptad_transaction_execute_core (
          transaction,
          "INSERT INTO _heptad_schedules (id, last_us) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
          HEPTAD_SQL (heptad_sql_text (firing->id), heptad_sql_int64 (firing->last_us)), NULL,
          error))
    return FALSE;
  g_autoptr (HeptadRows) rows = heptad_transaction_query_core (
      transaction, "SELECT last_us FROM _heptad_schedules WHERE id = $1",
      HEPTAD_SQL (heptad_sql_text (firing->id)), error);
  if (rows == NULL || !heptad_rows_next (rows, error))
    return FALSE;
  firing->now_us = heptad_rows_get_int64 (rows, 0);
  return TRUE;
}

gboolean
job_ledger_read_schedule (HeptadStore *store, const char *id, gint64 *last_us, GError **error)
{
  Firing firing = { .id = id, .last_us = *last_us };

  if (!heptad_store_write (store, write_down, &firing, NULL, error))
    return FALSE;
  *last_us = firing.now_us;
  return TRUE;
}

static gboolean
fire (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Firing *firing = data;
  gint64 n_changed = 0;

  if (!heptad_transaction_execute_core (
          transaction, "UPDATE _heptad_schedules SET last_us = $3 WHERE id = $1 AND last_us = $2",
          HEPTAD_SQL (heptad_sql_text (firing->id), heptad_sql_int64 (firing->last_us),
                      heptad_sql_int64 (firing->now_us)),
          &n_changed, error))
    return FALSE;
  if (n_changed == 0) /* another host was first */
    return TRUE;
  g_autofree char *job =
      heptad_transaction_enqueue (transaction, firing->kind, firing->input, error);
  return job != NULL;
}

gboolean
job_ledger_fire_schedule (HeptadStore *store,
                          const char *id,
                          gint64 last_us,
                          gint64 now_us,
                          const char *kind,
                          const HeptadValue *input,
                          GError **error)
{
  Firing firing = { id, last_us, now_us, kind, input };
  return heptad_store_write (store, fire, &firing, NULL, error);
}
