/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/ledger.h"

/* AUTOINCREMENT: a number is never used again after its row was relayed and removed. */
static const char *const steps[] = {
  "CREATE TABLE _heptad_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
  "CREATE TABLE _heptad_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
  "  checksum TEXT NOT NULL, applied_us BIGINT NOT NULL);"
  "CREATE TABLE _heptad_outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,"
  "  topic TEXT NOT NULL, event_key TEXT, data TEXT NOT NULL, time_us BIGINT NOT NULL);"
  "CREATE TABLE _heptad_jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, input TEXT,"
  "  state TEXT NOT NULL, attempt BIGINT NOT NULL, max_attempts BIGINT NOT NULL,"
  "  due_us BIGINT NOT NULL, created_us BIGINT NOT NULL, started_us BIGINT, finished_us BIGINT,"
  "  checkpoint TEXT, progress TEXT, result TEXT, error_code BIGINT, error TEXT);"
  "CREATE INDEX _heptad_jobs_due ON _heptad_jobs (due_us) WHERE state IN ('queued', 'running');"
  "CREATE TABLE _heptad_schedules (id TEXT PRIMARY KEY, last_us BIGINT NOT NULL);"
  "CREATE TABLE _heptad_idempotency (idempotency_key TEXT PRIMARY KEY, digest TEXT NOT NULL,"
  "  status BIGINT NOT NULL, result TEXT, created_us BIGINT NOT NULL);"
  "CREATE INDEX _heptad_idempotency_age ON _heptad_idempotency (created_us);"
  "CREATE TABLE _heptad_offsets (consumer TEXT PRIMARY KEY, position BIGINT NOT NULL,"
  "  failures BIGINT NOT NULL DEFAULT 0);"
  "CREATE TABLE _heptad_dead_letters (number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  consumer TEXT NOT NULL, position BIGINT NOT NULL, event_id TEXT NOT NULL, topic TEXT NOT NULL,"
  "  event_key TEXT, data TEXT NOT NULL, time_us BIGINT NOT NULL, failed_us BIGINT NOT NULL,"
  "  error TEXT NOT NULL);"
  "CREATE TABLE _heptad_fences (name TEXT PRIMARY KEY, token BIGINT NOT NULL);"
  "CREATE TABLE _heptad_audit (number INTEGER PRIMARY KEY AUTOINCREMENT, time_us BIGINT NOT NULL,"
  "  entry TEXT NOT NULL);",
  NULL,
};

const char *const *
heptad_ledger_get_steps (void)
{
  return steps;
}

static void
encode_base32 (guint64 number, guint n_characters, char *into)
{
  static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

  while (n_characters-- > 0)
    {
      into[n_characters] = alphabet[number & 31];
      number >>= 5;
    }
}

char *
heptad_ledger_new_id (void)
{
  char *id = g_malloc (27);
  guint64 high = ((guint64) g_random_int () << 8 | (g_random_int () & 0xff)) & 0xffffffffff;
  guint64 low = ((guint64) g_random_int () << 8 | (g_random_int () & 0xff)) & 0xffffffffff;

  encode_base32 ((guint64) g_get_real_time () / 1000, 10, id);
  encode_base32 (high, 8, id + 10);
  encode_base32 (low, 8, id + 18);
  id[26] = '\0';
  return id;
}

gboolean
heptad_ledger_add_event (HeptadTransaction *transaction,
                         const char *topic,
                         const char *key,
                         const HeptadValue *data,
                         GError **error)
{
  g_autofree char *id = heptad_ledger_new_id ();

  return heptad_transaction_execute_core (transaction,
                                          "INSERT INTO _heptad_outbox (id, topic, event_key, data, "
                                          "time_us) VALUES ($1, $2, $3, $4, $5)",
                                          HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text (topic),
                                                      heptad_sql_text (key), heptad_sql_json (data),
                                                      heptad_sql_int64 (g_get_real_time ())),
                                          NULL, error);
}

char *
heptad_ledger_add_job (HeptadTransaction *transaction,
                       const char *plugin_id,
                       const char *kind,
                       const HeptadValue *input,
                       GError **error)
{
  g_autofree char *random = heptad_ledger_new_id ();
  g_autofree char *id = g_strconcat (plugin_id, ".", random, NULL);
  gint64 now_us = g_get_real_time ();

  if (!heptad_transaction_execute_core (transaction,
                                        "INSERT INTO _heptad_jobs (id, kind, input, state, "
                                        "attempt, max_attempts, due_us, created_us)"
                                        " VALUES ($1, $2, $3, 'queued', 0, 5, $4, $4)",
                                        HEPTAD_SQL (heptad_sql_text (id), heptad_sql_text (kind),
                                                    heptad_sql_json (input),
                                                    heptad_sql_int64 (now_us)),
                                        NULL, error))
    return NULL;
  return g_steal_pointer (&id);
}

void
heptad_idempotent_result_free (HeptadIdempotentResult *result)
{
  g_free (result->digest);
  g_clear_pointer (&result->result, heptad_value_unref);
  g_free (result);
}

gboolean
heptad_ledger_claim_idempotency (HeptadTransaction *transaction,
                                 const char *key,
                                 const char *digest,
                                 GError **error)
{
  gint64 n_changed = 0;

  if (!heptad_transaction_execute_core (
          transaction,
          "INSERT INTO _heptad_idempotency (idempotency_key, digest, status, created_us)"
          " VALUES ($1, $2, 0, $3) ON CONFLICT (idempotency_key) DO NOTHING",
          HEPTAD_SQL (heptad_sql_text (key), heptad_sql_text (digest),
                      heptad_sql_int64 (g_get_real_time ())),
          &n_changed, error))
    return FALSE;
  if (n_changed == 1)
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                       "This Idempotency-Key was used before, or its request still runs");
  return FALSE;
}

gboolean
heptad_ledger_set_idempotency (HeptadTransaction *transaction,
                               const char *key,
                               const char *digest,
                               guint status,
                               const HeptadValue *result,
                               GError **error)
{
  return heptad_transaction_execute_core (
      transaction,
      "INSERT INTO _heptad_idempotency (idempotency_key, digest, status, result, created_us)"
      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (idempotency_key)"
      " DO UPDATE SET digest = excluded.digest, status = excluded.status, result = excluded.result",
      HEPTAD_SQL (heptad_sql_text (key), heptad_sql_text (digest), heptad_sql_int64 (status),
                  heptad_sql_json (result), heptad_sql_int64 (g_get_real_time ())),
      NULL, error);
}

gboolean
heptad_ledger_drop_idempotency (HeptadTransaction *transaction, const char *key, GError **error)
{
  return heptad_transaction_execute_core (
      transaction, "DELETE FROM _heptad_idempotency WHERE idempotency_key = $1",
      HEPTAD_SQL (heptad_sql_text (key)), NULL, error);
}

gboolean
heptad_ledger_expire_idempotency (HeptadTransaction *transaction, gint64 before_us, GError **error)
{
  return heptad_transaction_execute_core (transaction,
                                          "DELETE FROM _heptad_idempotency WHERE created_us < $1",
                                          HEPTAD_SQL (heptad_sql_int64 (before_us)), NULL, error);
}

gboolean
heptad_ledger_get_idempotency (HeptadStore *store,
                               const char *key,
                               GCancellable *cancellable,
                               HeptadIdempotentResult **result,
                               GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows =
      heptad_store_query_core (store,
                               "SELECT digest, status, result, created_us FROM _heptad_idempotency "
                               "WHERE idempotency_key = $1",
                               HEPTAD_SQL (heptad_sql_text (key)), cancellable, error);

  if (rows == NULL)
    return FALSE;
  *result = NULL;
  if (!heptad_rows_next (rows, &failure))
    {
      if (failure == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *result = g_new0 (HeptadIdempotentResult, 1);
  (*result)->digest = g_strdup (heptad_rows_get_text (rows, 0));
  (*result)->status = (guint) heptad_rows_get_int64 (rows, 1);
  (*result)->result = heptad_rows_get_json (rows, 2);
  (*result)->created_us = heptad_rows_get_int64 (rows, 3);
  return TRUE;
}

gboolean
heptad_ledger_add_audit (HeptadTransaction *transaction, const HeptadValue *entry, GError **error)
{
  return heptad_transaction_execute_core (
      transaction, "INSERT INTO _heptad_audit (time_us, entry) VALUES ($1, $2)",
      HEPTAD_SQL (heptad_sql_int64 (g_get_real_time ()), heptad_sql_json (entry)), NULL, error);
}
