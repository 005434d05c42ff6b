/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-store.h"

G_BEGIN_DECLS

/**
 * HeptadAuditRecord:
 * @tenant_id: whose; `_host` for what belongs to no tenant
 * @actor: who, such as `user/ada`; `anonymous`
 * @action: what, such as `cost.ingestBill` or `sign-in`
 * @resource: (nullable): on what
 * @outcome: `done`, `denied` or `failed`
 * @detail: (nullable): more, for people
 *
 * One thing that happened. Borrowed for the call.
 */
typedef struct {
  const char *tenant_id;
  const char *actor;
  const char *action;
  const char *resource;
  const char *outcome;
  const char *detail;
} HeptadAuditRecord;

/**
 * HeptadAudit:
 *
 * The log of every change of state, every denial and every read that is marked sensitive. Records
 * are only appended, each with the SHA-256 of itself and the one before, so that one that was
 * changed, taken out or put in later shows. It does not show when the newest are cut off: keep the
 * last hash elsewhere for that.
 */
typedef struct _HeptadAudit HeptadAudit;

/**
 * heptad_audit_new:
 * @store: from heptad_identity_store_open()
 */
HeptadAudit *heptad_audit_new (HeptadStore *store);

/* Writes what is waiting first. */
void heptad_audit_free (HeptadAudit *audit);

/**
 * heptad_audit_record:
 *
 * Takes a record; it is on disk some milliseconds later, with all that came meanwhile in one
 * transaction. Any thread; does not block. When the disk cannot take more than 65,536 waiting ones,
 * further ones are counted, and the count is recorded when it can.
 */
void heptad_audit_record (HeptadAudit *audit, const HeptadAuditRecord *record);

/**
 * heptad_audit_flush:
 * @timeout_ms: how long to wait
 *
 * Returns: whether all that was recorded before is on disk
 */
gboolean heptad_audit_flush (HeptadAudit *audit, guint timeout_ms);

/**
 * heptad_audit_verify:
 * @n_records: (out) (optional): how many there are
 * @error: %HEPTAD_ERROR_CORRUPT naming the first record that does not fit
 *
 * Reads the whole log and checks the chain. Pool thread.
 */
gboolean heptad_audit_verify (HeptadAudit *audit, gint64 *n_records, GError **error);

/* Records that wait, and those that were lost since start; for metrics. */
void heptad_audit_get_backlog (HeptadAudit *audit, guint *n_waiting, guint64 *n_lost);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadAudit, heptad_audit_free)

G_END_DECLS
