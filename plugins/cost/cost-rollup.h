/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-line-item.h"

/**
 * COST_ROLLUP_MAX_GROUPS:
 *
 * So many groups are kept in memory before they have to be stored, which bounds it to about 40 MB.
 */
#define COST_ROLLUP_MAX_GROUPS 100000

/**
 * COST_ROLLUP_MAX_TEXTS:
 *
 * The same for the bytes of the groups' texts.
 */
#define COST_ROLLUP_MAX_TEXTS (16 * 1024 * 1024)

/**
 * CostRollup:
 *
 * The exact sums of a bill by day, account, service, region and currency, and the same by tag,
 * gathered in memory while the bill is read. A bill with more groups than fit is stored in parts,
 * so one group may be stored as several rows. One thread at a time.
 */
typedef struct _CostRollup CostRollup;

/* @texts is borrowed; it holds the tags of the items too. */
CostRollup *cost_rollup_new (CostTexts *texts);
void cost_rollup_free (CostRollup *rollup);

/**
 * cost_rollup_add:
 * @error: %HEPTAD_ERROR_TOO_LARGE for a sum of more digits than a decimal holds
 *
 * Adds a line's costs to its groups and to the bill's totals.
 */
gboolean cost_rollup_add (CostRollup *rollup, const CostLineItem *item, GError **error);

/* Whether the groups are to be stored and cleared before the next block. */
gboolean cost_rollup_is_full (CostRollup *rollup);

/**
 * cost_rollup_store:
 *
 * Writes all groups as rows of the bill. Changes nothing in @rollup, so that the write may run
 * again.
 */
gboolean cost_rollup_store (CostRollup *rollup,
                            HeptadTransaction *transaction,
                            gint64 bill_id,
                            GError **error);

/* Forgets the groups, but not the totals. The texts are cleared by whoever owns them. */
void cost_rollup_clear (CostRollup *rollup);

/**
 * cost_rollup_get_totals:
 *
 * Returns: (transfer full): an array of `{currency, billedCost, effectiveCost}`, sorted by currency
 */
HeptadValue *cost_rollup_get_totals (CostRollup *rollup);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostRollup, cost_rollup_free)
