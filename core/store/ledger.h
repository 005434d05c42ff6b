/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/backend/heptad-store-backend.h"

/* The core's own tables in every plugin's store. What they hold commits with the plugin's rows. All
 * of these run inside a write, on the store's writing thread. */

/**
 * heptad_ledger_add_event:
 *
 * Puts an event into the outbox, from where the events' relay takes it after the commit.
 */
gboolean heptad_ledger_add_event (HeptadTransaction *transaction,
                                  const char *topic,
                                  const char *key,
                                  const HeptadValue *data,
                                  GError **error);

/**
 * heptad_ledger_add_job:
 *
 * Returns: (transfer full): the new job's id, `PLUGIN.` and 26 characters that sort by time
 */
char *heptad_ledger_add_job (HeptadTransaction *transaction,
                             const char *plugin_id,
                             const char *kind,
                             const HeptadValue *input,
                             GError **error);

/**
 * heptad_ledger_new_id:
 *
 * Returns: (transfer full): 26 characters of Crockford's base 32: 48 bits of time in milliseconds,
 * 80 random ones, as a ULID. Any thread.
 */
char *heptad_ledger_new_id (void);

/**
 * HeptadIdempotentResult:
 * @digest: of the request that had the result
 * @status: its status
 * @result: (nullable): its answer
 * @created_us: when
 */
typedef struct {
  char *digest;
  guint status;
  HeptadValue *result;
  gint64 created_us;
} HeptadIdempotentResult;

void heptad_idempotent_result_free (HeptadIdempotentResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadIdempotentResult, heptad_idempotent_result_free)

/**
 * heptad_ledger_claim_idempotency:
 * @key: principal, operation and the client's key
 * @digest: of the request
 * @error: %HEPTAD_ERROR_CONFLICT when the key is taken, by another request or by one that still
 * runs
 *
 * Claims @key for a request that is now to run. Inside the same write as its effect, or before it.
 */
gboolean heptad_ledger_claim_idempotency (HeptadTransaction *transaction,
                                          const char *key,
                                          const char *digest,
                                          GError **error);

/* Keeps the result of a request that had claimed @key, or that claims it now. */
gboolean heptad_ledger_set_idempotency (HeptadTransaction *transaction,
                                        const char *key,
                                        const char *digest,
                                        guint status,
                                        const HeptadValue *result,
                                        GError **error);

/* Forgets a claim whose request failed, so that it can be tried again. */
gboolean
heptad_ledger_drop_idempotency (HeptadTransaction *transaction, const char *key, GError **error);

/* Forgets what is older. */
gboolean
heptad_ledger_expire_idempotency (HeptadTransaction *transaction, gint64 before_us, GError **error);

/**
 * heptad_ledger_get_idempotency:
 * @result: (out): %NULL when @key is not known; its status is 0 while the request runs
 *
 * Outside a write. Returns: %FALSE on failure
 */
gboolean heptad_ledger_get_idempotency (HeptadStore *store,
                                        const char *key,
                                        GCancellable *cancellable,
                                        HeptadIdempotentResult **result,
                                        GError **error);

/**
 * heptad_ledger_add_audit:
 * @entry: what changed, and by whom
 *
 * Records a change of state; the audit log's relay takes it from here.
 */
gboolean
heptad_ledger_add_audit (HeptadTransaction *transaction, const HeptadValue *entry, GError **error);

/* The statements that make the tables on SQLite; each list of them is one step, in order. */
const char *const *heptad_ledger_get_steps (void);
