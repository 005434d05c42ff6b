/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-tags.h"

/**
 * CostMetric:
 *
 * The sums of money that a line carries, by the names of FOCUS.
 */
typedef enum {
  COST_METRIC_BILLED,
  COST_METRIC_EFFECTIVE,
  COST_METRIC_LIST,
  COST_METRIC_CONTRACTED,
  COST_N_METRICS,
} CostMetric;

/**
 * CostLineItem:
 *
 * One line of a bill, whatever its format. Texts point into the block that it was read from, tags
 * to where the format keeps them.
 */
typedef struct {
  guint64 line;
  gint64 charge_start_us;
  gint64 charge_end_us; /* G_MININT64 when absent */
  CostText account;
  CostText service;
  CostText service_category;
  CostText region;
  CostText resource;
  CostText charge_category;
  CostText description;
  CostText sku;
  CostText unit;
  CostText currency;
  CostText tags;             /* a JSON object */
  const CostTagSet *tag_set; /* (nullable) the same, read */
  HeptadDecimal quantity;
  HeptadDecimal costs[COST_N_METRICS];
  gboolean has_quantity;
  gboolean has_cost[COST_N_METRICS];
} CostLineItem;

/**
 * cost_metric_get_column:
 *
 * Returns: (transfer none): the metric's column in the store
 */
const char *cost_metric_get_column (CostMetric metric);

/**
 * cost_metric_from_name:
 * @name: as in the API, such as `billedCost`
 */
CostMetric cost_metric_from_name (const char *name);
