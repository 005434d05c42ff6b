/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-format-private.h"

/* FinOps Open Cost and Usage Specification, version 1.0. */

enum {
  BILLED_COST,
  EFFECTIVE_COST,
  LIST_COST,
  CONTRACTED_COST,
  BILLING_CURRENCY,
  CHARGE_PERIOD_START,
  CHARGE_PERIOD_END,
  CHARGE_CATEGORY,
  CHARGE_DESCRIPTION,
  SUB_ACCOUNT_ID,
  BILLING_ACCOUNT_ID,
  SERVICE_NAME,
  SERVICE_CATEGORY,
  REGION_ID,
  RESOURCE_ID,
  SKU_ID,
  CONSUMED_QUANTITY,
  CONSUMED_UNIT,
  TAGS,
  N_COLUMNS,
};

static const CostColumn columns[N_COLUMNS] = {
  [BILLED_COST] = { "BilledCost", TRUE },
  [EFFECTIVE_COST] = { "EffectiveCost", TRUE },
  [LIST_COST] = { "ListCost", FALSE },
  [CONTRACTED_COST] = { "ContractedCost", FALSE },
  [BILLING_CURRENCY] = { "BillingCurrency", TRUE },
  [CHARGE_PERIOD_START] = { "ChargePeriodStart", TRUE },
  [CHARGE_PERIOD_END] = { "ChargePeriodEnd", FALSE },
  [CHARGE_CATEGORY] = { "ChargeCategory", FALSE },
  [CHARGE_DESCRIPTION] = { "ChargeDescription", FALSE },
  [SUB_ACCOUNT_ID] = { "SubAccountId", FALSE },
  [BILLING_ACCOUNT_ID] = { "BillingAccountId", TRUE },
  [SERVICE_NAME] = { "ServiceName", TRUE },
  [SERVICE_CATEGORY] = { "ServiceCategory", FALSE },
  [REGION_ID] = { "RegionId", FALSE },
  [RESOURCE_ID] = { "ResourceId", FALSE },
  [SKU_ID] = { "SkuId", FALSE },
  [CONSUMED_QUANTITY] = { "ConsumedQuantity", FALSE },
  [CONSUMED_UNIT] = { "ConsumedUnit", FALSE },
  [TAGS] = { "Tags", FALSE },
};

static gboolean
read_costs (CostFormat *format, CostCsvRecord *record, CostLineItem *item, CostRejection *rejection)
{
  static const guint of_metric[COST_N_METRICS] = { BILLED_COST, EFFECTIVE_COST, LIST_COST,
                                                   CONTRACTED_COST };

  for (guint i = 0; i < COST_N_METRICS; i++)
    {
      guint column = of_metric[i];

      if (!cost_format_read_decimal (format, record, column, &item->costs[i], &item->has_cost[i],
                                     rejection))
        return FALSE;
      if (columns[column].required && !item->has_cost[i])
        return cost_format_reject (format, rejection, column, "an amount", (CostText){ NULL, 0 });
    }
  return cost_format_read_decimal (format, record, CONSUMED_QUANTITY, &item->quantity,
                                   &item->has_quantity, rejection);
}

/* Tags are a JSON object of strings. */
static gboolean
read_tags (CostFormat *format, CostCsvRecord *record, CostLineItem *item, CostRejection *rejection)
{
  item->tags = cost_format_get_text (format, record, TAGS);
  if (item->tags.data == NULL)
    return TRUE;
  if (item->tags.length == 2 && item->tags.data[0] == '{')
    {
      item->tags.data = NULL;
      return TRUE;
    }
  item->tag_set = cost_tags_read (format->tags, item->tags);
  if (item->tag_set != NULL)
    return TRUE;
  return cost_format_reject (format, rejection, TAGS, "a JSON object", item->tags);
}

static gboolean
read_focus (CostFormat *format, CostCsvRecord *record, CostLineItem *item, CostRejection *rejection)
{
  if (!read_costs (format, record, item, rejection)
      || !cost_format_read_time (format, record, CHARGE_PERIOD_START, &item->charge_start_us,
                                 rejection)
      || !cost_format_read_time (format, record, CHARGE_PERIOD_END, &item->charge_end_us, rejection)
      || !cost_format_read_currency (format, record, BILLING_CURRENCY, &item->currency, rejection)
      || !read_tags (format, record, item, rejection))
    return FALSE;

  item->account = cost_format_get_text (format, record, SUB_ACCOUNT_ID);
  if (item->account.data == NULL)
    item->account = cost_format_get_text (format, record, BILLING_ACCOUNT_ID);
  item->service = cost_format_get_text (format, record, SERVICE_NAME);
  item->service_category = cost_format_get_text (format, record, SERVICE_CATEGORY);
  item->region = cost_format_get_text (format, record, REGION_ID);
  item->resource = cost_format_get_text (format, record, RESOURCE_ID);
  item->charge_category = cost_format_get_text (format, record, CHARGE_CATEGORY);
  item->description = cost_format_get_text (format, record, CHARGE_DESCRIPTION);
  item->sku = cost_format_get_text (format, record, SKU_ID);
  item->unit = cost_format_get_text (format, record, CONSUMED_UNIT);
  return TRUE;
}

const CostFormatClass cost_format_focus = {
  .name = "focus-1.0",
  .title = "a FOCUS 1.0 bill",
  .columns = columns,
  .n_columns = N_COLUMNS,
  .read = read_focus,
};
