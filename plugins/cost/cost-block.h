/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-line-item.h"

/**
 * CostBlock:
 *
 * What was read from one block of a bill and waits to be stored: line items, whose texts point into
 * the block, and rejected lines. One thread at a time.
 */
typedef struct _CostBlock CostBlock;

CostBlock *cost_block_new (void);
void cost_block_free (CostBlock *block);
void cost_block_clear (CostBlock *block);

/**
 * cost_block_begin_item:
 *
 * Returns: (transfer none): room for one more item, which counts once cost_block_keep_item() is
 * called; gone with the next call
 */
CostLineItem *cost_block_begin_item (CostBlock *block);
void cost_block_keep_item (CostBlock *block);
void
cost_block_add_rejected (CostBlock *block, guint64 line, const char *column, const char *reason);

/**
 * cost_block_store:
 *
 * Writes all items and rejected lines. Changes nothing in @block, so that the write may run again.
 */
gboolean
cost_block_store (CostBlock *block, HeptadTransaction *transaction, gint64 bill_id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostBlock, cost_block_free)
