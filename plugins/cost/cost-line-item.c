/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-line-item.h"

#include <string.h>

static const struct {
  const char *name;
  const char *column;
} metrics[COST_N_METRICS] = {
  [COST_METRIC_BILLED] = { "billedCost", "billed_cost" },
  [COST_METRIC_EFFECTIVE] = { "effectiveCost", "effective_cost" },
  [COST_METRIC_LIST] = { "listCost", "list_cost" },
  [COST_METRIC_CONTRACTED] = { "contractedCost", "contracted_cost" },
};

const char *
cost_metric_get_column (CostMetric metric)
{
  return metrics[metric].column;
}

CostMetric
cost_metric_from_name (const char *name)
{
  for (guint i = 0; i < COST_N_METRICS; i++)
    {
      if (strcmp (metrics[i].name, name) == 0)
        return (CostMetric) i;
    }
  g_return_val_if_reached (COST_METRIC_BILLED);
}
