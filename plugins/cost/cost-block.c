/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-block.h"

typedef struct {
  guint64 line;
  char *column;
  char *reason;
} Rejected;

struct _CostBlock {
  GArray *items;
  guint n_items;
  GArray *rejected;
};

static void
clear_rejected (gpointer data)
{
  Rejected *rejected = data;

  g_free (rejected->column);
  g_free (rejected->reason);
}

CostBlock *
cost_block_new (void)
{
  CostBlock *block = g_new0 (CostBlock, 1);

  block->items = g_array_new (FALSE, FALSE, sizeof (CostLineItem));
  block->rejected = g_array_new (FALSE, FALSE, sizeof (Rejected));
  g_array_set_clear_func (block->rejected, clear_rejected);
  return block;
}

void
cost_block_free (CostBlock *block)
{
  if (block == NULL)
    return;
  g_array_unref (block->items);
  g_array_unref (block->rejected);
  g_free (block);
}

void
cost_block_clear (CostBlock *block)
{
  block->n_items = 0;
  g_array_set_size (block->rejected, 0);
}

CostLineItem *
cost_block_begin_item (CostBlock *block)
{
  if (block->items->len == block->n_items)
    g_array_set_size (block->items, MAX (1024, block->n_items * 2));
  return &g_array_index (block->items, CostLineItem, block->n_items);
}

void
cost_block_keep_item (CostBlock *block)
{
  block->n_items++;
}

void
cost_block_add_rejected (CostBlock *block, guint64 line, const char *column, const char *reason)
{
  Rejected rejected = { line, g_strdup (column), g_strdup (reason) };

  g_array_append_val (block->rejected, rejected);
}

static void
add_text (HeptadBulk *bulk, CostText text)
{
  if (text.data == NULL)
    heptad_bulk_add_null (bulk);
  else
    heptad_bulk_add_text (bulk, text.data, text.length);
}

static void
add_decimal (HeptadBulk *bulk, HeptadDecimal number, gboolean present)
{
  if (present)
    heptad_bulk_add_decimal (bulk, number);
  else
    heptad_bulk_add_null (bulk);
}

static gboolean
store_item (HeptadBulk *bulk, const CostLineItem *item, gint64 bill_id, GError **error)
{
  heptad_bulk_add_int64 (bulk, bill_id);
  heptad_bulk_add_int64 (bulk, (gint64) item->line);
  heptad_bulk_add_time (bulk, item->charge_start_us);
  if (item->charge_end_us == G_MININT64)
    heptad_bulk_add_null (bulk);
  else
    heptad_bulk_add_time (bulk, item->charge_end_us);
  add_text (bulk, item->account);
  add_text (bulk, item->service);
  add_text (bulk, item->service_category);
  add_text (bulk, item->region);
  add_text (bulk, item->resource);
  add_text (bulk, item->charge_category);
  add_text (bulk, item->description);
  add_text (bulk, item->sku);
  add_decimal (bulk, item->quantity, item->has_quantity);
  add_text (bulk, item->unit);
  add_text (bulk, item->currency);
  for (guint i = 0; i < COST_N_METRICS; i++)
    add_decimal (bulk, item->costs[i], item->has_cost[i]);
  add_text (bulk, item->tags);
  return heptad_bulk_end_row (bulk, error);
}

static gboolean
store_items (CostBlock *block, HeptadTransaction *transaction, gint64 bill_id, GError **error)
{
  static const char *const columns[] = {
    "bill_id",          "line",   "charge_start", "charge_end",      "account",        "service",
    "service_category", "region", "resource",     "charge_category", "description",    "sku",
    "quantity",         "unit",   "currency",     "billed_cost",     "effective_cost", "list_cost",
    "contracted_cost",  "tags",   NULL,
  };
  g_autoptr (HeptadBulk) bulk =
      heptad_transaction_begin_bulk (transaction, "line_item", columns, error);

  if (bulk == NULL)
    return FALSE;
  for (guint i = 0; i < block->n_items; i++)
    {
      if (!store_item (bulk, &g_array_index (block->items, CostLineItem, i), bill_id, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
store_rejected (CostBlock *block, HeptadTransaction *transaction, gint64 bill_id, GError **error)
{
  for (guint i = 0; i < block->rejected->len; i++)
    {
      const Rejected *rejected = &g_array_index (block->rejected, Rejected, i);

      if (!heptad_transaction_execute (
              transaction,
              "INSERT INTO rejected_line (bill_id, line, column_name, reason) VALUES ($1, $2, $3, "
              "$4)",
              HEPTAD_SQL (heptad_sql_int64 (bill_id), heptad_sql_int64 ((gint64) rejected->line),
                          heptad_sql_text (rejected->column), heptad_sql_text (rejected->reason)),
              NULL, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
cost_block_store (CostBlock *block, HeptadTransaction *transaction, gint64 bill_id, GError **error)
{
  return store_items (block, transaction, bill_id, error)
         && store_rejected (block, transaction, bill_id, error);
}
