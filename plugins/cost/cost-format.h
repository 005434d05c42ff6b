/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-line-item.h"

/**
 * CostFormat:
 *
 * A kind of bill, bound to the columns of one file: turns its records into line items.
 */
typedef struct _CostFormat CostFormat;

/**
 * cost_format_bind:
 * @name: `focus-1.0`, `aws-cur`, or `auto` to tell by the header
 * @header: the file's first record
 * @tags: reads the lines' tags; borrowed for the life of the format
 * @error: %HEPTAD_ERROR_INVALID_INPUT: which columns are missing, or that the format is not known
 *
 * Returns: (transfer full): the format
 */
CostFormat *
cost_format_bind (const char *name, const CostCsvRecord *header, CostTags *tags, GError **error);
void cost_format_free (CostFormat *format);
const char *cost_format_get_name (CostFormat *format);

/**
 * CostRejection:
 * @column: (nullable): the column at fault
 * @reason: what was expected and what was found
 *
 * Why a line was not taken.
 */
typedef struct {
  const char *column;
  char reason[160];
} CostRejection;

/**
 * cost_format_read:
 * @item: (out caller-allocates): the line item
 * @rejection: (out caller-allocates): set when the line is not taken
 *
 * Returns: whether the record is a sound line item
 */
gboolean cost_format_read (CostFormat *format,
                           CostCsvRecord *record,
                           CostLineItem *item,
                           CostRejection *rejection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostFormat, cost_format_free)
