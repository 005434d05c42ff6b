/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-format-private.h"

#include <string.h>

/* AWS Cost and Usage Report, the columns of the AWS Cost and Usage Reports User Guide. */

enum {
  UNBLENDED_COST,
  CURRENCY_CODE,
  USAGE_START,
  USAGE_END,
  LINE_ITEM_TYPE,
  DESCRIPTION,
  USAGE_ACCOUNT,
  PRODUCT_CODE,
  PRODUCT_NAME,
  PRODUCT_FAMILY,
  REGION_CODE,
  REGION,
  RESOURCE_ID,
  SKU,
  USAGE_AMOUNT,
  UNIT,
  PUBLIC_COST,
  RESERVATION_EFFECTIVE,
  RESERVATION_UNUSED_UPFRONT,
  RESERVATION_UNUSED_RECURRING,
  PLAN_EFFECTIVE,
  PLAN_COMMITMENT,
  PLAN_USED,
  N_COLUMNS,
};

static const CostColumn columns[N_COLUMNS] = {
  [UNBLENDED_COST] = { "lineItem/UnblendedCost", TRUE },
  [CURRENCY_CODE] = { "lineItem/CurrencyCode", TRUE },
  [USAGE_START] = { "lineItem/UsageStartDate", TRUE },
  [USAGE_END] = { "lineItem/UsageEndDate", FALSE },
  [LINE_ITEM_TYPE] = { "lineItem/LineItemType", TRUE },
  [DESCRIPTION] = { "lineItem/LineItemDescription", FALSE },
  [USAGE_ACCOUNT] = { "lineItem/UsageAccountId", TRUE },
  [PRODUCT_CODE] = { "lineItem/ProductCode", TRUE },
  [PRODUCT_NAME] = { "product/ProductName", FALSE },
  [PRODUCT_FAMILY] = { "product/productFamily", FALSE },
  [REGION_CODE] = { "product/regionCode", FALSE },
  [REGION] = { "product/region", FALSE },
  [RESOURCE_ID] = { "lineItem/ResourceId", FALSE },
  [SKU] = { "product/sku", FALSE },
  [USAGE_AMOUNT] = { "lineItem/UsageAmount", FALSE },
  [UNIT] = { "pricing/unit", FALSE },
  [PUBLIC_COST] = { "pricing/publicOnDemandCost", FALSE },
  [RESERVATION_EFFECTIVE] = { "reservation/EffectiveCost", FALSE },
  [RESERVATION_UNUSED_UPFRONT] = { "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", FALSE },
  [RESERVATION_UNUSED_RECURRING] = { "reservation/UnusedRecurringFee", FALSE },
  [PLAN_EFFECTIVE] = { "savingsPlan/SavingsPlanEffectiveCost", FALSE },
  [PLAN_COMMITMENT] = { "savingsPlan/TotalCommitmentToDate", FALSE },
  [PLAN_USED] = { "savingsPlan/UsedCommitment", FALSE },
};

/* The effective (amortized) cost of a line is a column, or the sum or difference of two, that its
 * type chooses. */
typedef struct {
  const char *type;
  int column; /* -1: zero */
  int other;  /* -1: none */
  gboolean subtract;
} EffectiveRule;

static const EffectiveRule rules[] = {
  { "DiscountedUsage", RESERVATION_EFFECTIVE, -1, FALSE },
  { "RIFee", RESERVATION_UNUSED_UPFRONT, RESERVATION_UNUSED_RECURRING, FALSE },
  { "SavingsPlanCoveredUsage", PLAN_EFFECTIVE, -1, FALSE },
  { "SavingsPlanRecurringFee", PLAN_COMMITMENT, PLAN_USED, TRUE },
  { "SavingsPlanNegation", -1, -1, FALSE },
  { "SavingsPlanUpfrontFee", -1, -1, FALSE },
};

static const EffectiveRule *
find_rule (CostText type)
{
  for (guint i = 0; type.data != NULL && i < G_N_ELEMENTS (rules); i++)
    {
      if (strlen (rules[i].type) == type.length
          && strncmp (rules[i].type, type.data, type.length) == 0)
        return &rules[i];
    }
  return NULL;
}

static gboolean
read_effective (CostFormat *format,
                CostCsvRecord *record,
                CostLineItem *item,
                CostRejection *rejection)
{
  const EffectiveRule *rule = find_rule (item->charge_category);
  HeptadDecimal *cost = &item->costs[COST_METRIC_EFFECTIVE], other = HEPTAD_DECIMAL_ZERO;
  gboolean present;

  item->has_cost[COST_METRIC_EFFECTIVE] = TRUE;
  if (rule == NULL)
    {
      *cost = item->costs[COST_METRIC_BILLED];
      return TRUE;
    }
  if (rule->column < 0)
    return TRUE;
  if (!cost_format_read_decimal (format, record, (guint) rule->column, cost, &present, rejection))
    return FALSE;
  if (rule->other < 0)
    return TRUE;
  if (!cost_format_read_decimal (format, record, (guint) rule->other, &other, &present, rejection))
    return FALSE;
  if (rule->subtract ? heptad_decimal_subtract (*cost, other, cost)
                     : heptad_decimal_add (*cost, other, cost))
    return TRUE;
  return cost_format_reject (format, rejection, (guint) rule->column,
                             "amounts that can be added up", (CostText){ NULL, 0 });
}

static gboolean
read_costs (CostFormat *format, CostCsvRecord *record, CostLineItem *item, CostRejection *rejection)
{
  if (!cost_format_read_decimal (format, record, UNBLENDED_COST, &item->costs[COST_METRIC_BILLED],
                                 &item->has_cost[COST_METRIC_BILLED], rejection)
      || !cost_format_read_decimal (format, record, PUBLIC_COST, &item->costs[COST_METRIC_LIST],
                                    &item->has_cost[COST_METRIC_LIST], rejection)
      || !cost_format_read_decimal (format, record, USAGE_AMOUNT, &item->quantity,
                                    &item->has_quantity, rejection))
    return FALSE;
  if (!item->has_cost[COST_METRIC_BILLED])
    return cost_format_reject (format, rejection, UNBLENDED_COST, "an amount",
                               (CostText){ NULL, 0 });
  return read_effective (format, record, item, rejection);
}

static CostText
get_first (CostFormat *format, CostCsvRecord *record, guint column, guint otherwise)
{
  CostText text = cost_format_get_text (format, record, column);

  return text.data != NULL ? text : cost_format_get_text (format, record, otherwise);
}

/* Each tag stands in a column of its own. */
static void
read_tags (CostFormat *format, CostCsvRecord *record, CostLineItem *item)
{
  g_autoptr (HeptadBuilder) builder = NULL;
  g_autoptr (HeptadValue) tags = NULL;
  g_autofree char *json = NULL;

  for (guint i = 0; i < format->tag_columns->len; i++)
    {
      const CostTagColumn *column = &g_array_index (format->tag_columns, CostTagColumn, i);
      CostText value = record->fields[column->index];
      g_autofree char *text = NULL;

      if (value.length == 0)
        continue;
      if (builder == NULL)
        builder = heptad_builder_new_object ();
      text = g_strndup (value.data, value.length);
      heptad_builder_set_string (builder, column->key, text);
    }
  if (builder == NULL)
    return;
  tags = heptad_builder_end (builder);
  json = heptad_value_print (tags);
  item->tags = cost_tags_keep (format->tags, (CostText){ json, (guint32) strlen (json) });
  item->tag_set = cost_tags_read (format->tags, item->tags);
}

static gboolean
read_aws_cur (CostFormat *format,
              CostCsvRecord *record,
              CostLineItem *item,
              CostRejection *rejection)
{
  item->charge_category = cost_format_get_text (format, record, LINE_ITEM_TYPE);
  if (!read_costs (format, record, item, rejection)
      || !cost_format_read_time (format, record, USAGE_START, &item->charge_start_us, rejection)
      || !cost_format_read_time (format, record, USAGE_END, &item->charge_end_us, rejection)
      || !cost_format_read_currency (format, record, CURRENCY_CODE, &item->currency, rejection))
    return FALSE;

  item->account = cost_format_get_text (format, record, USAGE_ACCOUNT);
  item->service = get_first (format, record, PRODUCT_NAME, PRODUCT_CODE);
  item->service_category = cost_format_get_text (format, record, PRODUCT_FAMILY);
  item->region = get_first (format, record, REGION_CODE, REGION);
  item->resource = cost_format_get_text (format, record, RESOURCE_ID);
  item->description = cost_format_get_text (format, record, DESCRIPTION);
  item->sku = cost_format_get_text (format, record, SKU);
  item->unit = cost_format_get_text (format, record, UNIT);
  read_tags (format, record, item);
  return TRUE;
}

const CostFormatClass cost_format_aws_cur = {
  .name = "aws-cur",
  .title = "an AWS Cost and Usage Report",
  .columns = columns,
  .n_columns = N_COLUMNS,
  .tag_prefix = "resourceTags/",
  .read = read_aws_cur,
};
