/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-line-item.h"

/**
 * COST_ROLLUP_MAX_GROUPS:
 *
 * The most groups that one bill may have, which bounds the memory of loading it to about 400 MB.
 */
#define COST_ROLLUP_MAX_GROUPS 1000000

/**
 * CostRollup:
 *
 * The exact sums of a bill by day, account, service, region and currency, and the same by tag, kept in
 * memory while the bill is read. One thread at a time.
 */
typedef struct _CostRollup CostRollup;

CostRollup *cost_rollup_new (void);
void cost_rollup_free (CostRollup *rollup);

/**
 * cost_rollup_add:
 * @error: %HEPTAD_ERROR_TOO_LARGE for too many groups, or a sum of more digits than a decimal holds
 *
 * Adds a line's costs to its groups.
 */
gboolean cost_rollup_add (CostRollup *rollup, const CostLineItem *item, GError **error);

/**
 * cost_rollup_store:
 *
 * Writes all groups as rows of the bill. Changes nothing in @rollup.
 */
gboolean
cost_rollup_store (CostRollup *rollup, HeptadTransaction *transaction, gint64 bill_id, GError **error);

/**
 * cost_rollup_get_totals:
 *
 * Returns: (transfer full): an array of `{currency, billedCost, effectiveCost}`, sorted by currency
 */
HeptadValue *cost_rollup_get_totals (CostRollup *rollup);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostRollup, cost_rollup_free)
