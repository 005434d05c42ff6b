/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

/**
 * CostBill:
 *
 * What is known of one uploaded bill.
 */
typedef struct {
  gint64 id;
  char *digest;
  char *format;
  char *state; /* pending, ingested or failed */
  char *job_id;
} CostBill;

void cost_bill_clear (CostBill *bill);

/**
 * cost_bill_register:
 * @digest: the file's SHA-256
 * @size: its bytes
 * @format: what the uploader says it is
 * @bill: (out): the bill; its job is to be followed unless it is ingested already
 *
 * Knows a file again by its digest: one that was loaded is left as it is; for any other a job is
 * enqueued that loads it, and which supersedes an earlier one.
 */
gboolean cost_bill_register (HeptadStore *store,
                             const char *digest,
                             gint64 size,
                             const char *format,
                             CostBill *bill,
                             GCancellable *cancellable,
                             GError **error);

/**
 * cost_bill_check_job:
 * @error: %HEPTAD_ERROR_CONFLICT when another job loads the bill by now
 *
 * Makes sure, inside a write, that the job may still load the bill.
 */
gboolean cost_bill_check_job (HeptadTransaction *transaction,
                              gint64 bill_id,
                              const char *job_id,
                              GError **error);

/**
 * cost_bill_forget_lines:
 *
 * Removes, inside a write, all that was loaded of a bill, but not the report of its rejected lines.
 */
gboolean cost_bill_forget_lines (HeptadTransaction *transaction, gint64 bill_id, GError **error);

/**
 * cost_bill_add_json:
 * @rows: on a row of %COST_BILL_COLUMNS
 *
 * Adds the members of a bill to the open object.
 */
void cost_bill_add_json (HeptadBuilder *builder, HeptadRows *rows);

#define COST_BILL_COLUMNS                                                                          \
  "id, digest, format, state, reason, row_count, rejected_count, totals, uploaded_at, ingested_at"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CostBill, cost_bill_clear)
