/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-rollup.h"

#include "cost-time.h"

#include <string.h>

/* A group's texts in the order of its key. */
enum {
  ACCOUNT,
  SERVICE,
  REGION,
  CURRENCY,
  TAG_KEY,
  TAG_VALUE,
  N_TEXTS,
};

typedef struct {
  gint64 day;
  guint n_texts;
  CostText texts[N_TEXTS]; /* of a group in the table: owned by the arena */
  HeptadDecimal costs[COST_N_METRICS];
} Group;

struct _CostRollup {
  GHashTable *groups;     /* Group -> itself */
  GHashTable *tag_groups; /* Group -> itself */
  GStringChunk *arena;
};

static guint
group_hash (gconstpointer key)
{
  const Group *group = key;
  guint64 hash = (guint64) group->day * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  for (guint i = 0; i < group->n_texts; i++)
    {
      const CostText *text = &group->texts[i];

      hash ^= text->data == NULL ? 0x9e37 : text->length;
      for (guint32 j = 0; text->data != NULL && j < text->length; j++)
        hash = (hash ^ (guchar) text->data[j]) * G_GUINT64_CONSTANT (0x100000001b3);
    }
  return (guint) (hash ^ (hash >> 32));
}

static gboolean
text_equal (const CostText *a, const CostText *b)
{
  if (a->data == NULL || b->data == NULL)
    return a->data == b->data;
  return a->length == b->length && memcmp (a->data, b->data, a->length) == 0;
}

static gboolean
group_equal (gconstpointer a, gconstpointer b)
{
  const Group *one = a, *other = b;

  if (one->day != other->day)
    return FALSE;
  for (guint i = 0; i < one->n_texts; i++)
    {
      if (!text_equal (&one->texts[i], &other->texts[i]))
        return FALSE;
    }
  return TRUE;
}

CostRollup *
cost_rollup_new (void)
{
  CostRollup *rollup = g_new0 (CostRollup, 1);

  rollup->groups = g_hash_table_new_full (group_hash, group_equal, g_free, NULL);
  rollup->tag_groups = g_hash_table_new_full (group_hash, group_equal, g_free, NULL);
  rollup->arena = g_string_chunk_new (64 * 1024);
  return rollup;
}

void
cost_rollup_free (CostRollup *rollup)
{
  if (rollup == NULL)
    return;
  g_hash_table_unref (rollup->groups);
  g_hash_table_unref (rollup->tag_groups);
  g_string_chunk_free (rollup->arena);
  g_free (rollup);
}

static Group *
get_group (CostRollup *rollup, GHashTable *table, const Group *key, GError **error)
{
  Group *group = g_hash_table_lookup (table, key);

  if (group != NULL)
    return group;
  if (g_hash_table_size (rollup->groups) + g_hash_table_size (rollup->tag_groups)
      >= COST_ROLLUP_MAX_GROUPS)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "the bill has more than %d combinations of day, account, service, region and tag; "
                   "load it in parts, such as a file for each month",
                   COST_ROLLUP_MAX_GROUPS);
      return NULL;
    }
  group = g_memdup2 (key, sizeof *key);
  memset (group->costs, 0, sizeof group->costs);
  for (guint i = 0; i < group->n_texts; i++)
    {
      CostText *text = &group->texts[i];

      if (text->data != NULL)
        text->data = g_string_chunk_insert_len (rollup->arena, text->data, text->length);
    }
  g_hash_table_add (table, group);
  return group;
}

static gboolean
add_costs (Group *group, const CostLineItem *item, GError **error)
{
  for (guint i = 0; i < COST_N_METRICS; i++)
    {
      if (item->has_cost[i]
          && !heptad_decimal_add (group->costs[i], item->costs[i], &group->costs[i]))
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                       "line %" G_GUINT64_FORMAT ": the sum of %s has more than 38 digits", item->line,
                       cost_metric_get_column ((CostMetric) i));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
add_tags (CostRollup *rollup, Group *key, const CostLineItem *item, GError **error)
{
  g_autoptr (HeptadValue) tags = heptad_value_parse (item->tags.data, item->tags.length, error);

  key->n_texts = N_TEXTS;
  for (guint i = 0; i < heptad_value_get_size (tags); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (tags, i, &name);
      gsize length = 0;
      const char *text = heptad_value_get_text (value, &length);
      Group *group;

      if (text == NULL)
        continue;
      key->texts[TAG_KEY] = (CostText){ (char *) name, (guint32) strlen (name) };
      key->texts[TAG_VALUE] = (CostText){ (char *) text, (guint32) length };
      group = get_group (rollup, rollup->tag_groups, key, error);
      if (group == NULL || !add_costs (group, item, error))
        return FALSE;
    }
  return tags != NULL;
}

gboolean
cost_rollup_add (CostRollup *rollup, const CostLineItem *item, GError **error)
{
  Group key = { .day = cost_time_get_day (item->charge_start_us),
                .n_texts = TAG_KEY,
                .texts = { [ACCOUNT] = item->account,
                           [SERVICE] = item->service,
                           [REGION] = item->region,
                           [CURRENCY] = item->currency } };
  Group *group = get_group (rollup, rollup->groups, &key, error);

  if (group == NULL || !add_costs (group, item, error))
    return FALSE;
  return item->tags.data == NULL || add_tags (rollup, &key, item, error);
}

static void
add_text (HeptadBulk *bulk, const CostText *text)
{
  if (text->data == NULL)
    heptad_bulk_add_null (bulk);
  else
    heptad_bulk_add_text (bulk, text->data, text->length);
}

static gboolean
store_group (HeptadBulk *bulk, const Group *group, gint64 bill_id, GError **error)
{
  heptad_bulk_add_int64 (bulk, bill_id);
  heptad_bulk_add_int64 (bulk, group->day);
  for (guint i = 0; i < group->n_texts; i++)
    add_text (bulk, &group->texts[i]);
  for (guint i = 0; i < COST_N_METRICS; i++)
    heptad_bulk_add_decimal (bulk, group->costs[i]);
  return heptad_bulk_end_row (bulk, error);
}

static gboolean
store_groups (GHashTable *groups, HeptadBulk *bulk, gint64 bill_id, GError **error)
{
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &group, NULL))
    {
      if (!store_group (bulk, group, bill_id, error))
        return FALSE;
    }
  return TRUE;
}

#define KEY_COLUMNS "bill_id", "day", "account", "service", "region", "currency"
#define COST_COLUMNS "billed_cost", "effective_cost", "list_cost", "contracted_cost"

gboolean
cost_rollup_store (CostRollup *rollup, HeptadTransaction *transaction, gint64 bill_id, GError **error)
{
  static const char *const columns[] = { KEY_COLUMNS, COST_COLUMNS, NULL };
  static const char *const tag_columns[] = { KEY_COLUMNS, "tag_key", "tag_value", COST_COLUMNS, NULL };
  g_autoptr (HeptadBulk) daily
      = heptad_transaction_begin_bulk (transaction, "daily_cost", columns, error);
  g_autoptr (HeptadBulk) tags = NULL;

  if (daily == NULL || !store_groups (rollup->groups, daily, bill_id, error))
    return FALSE;
  tags = heptad_transaction_begin_bulk (transaction, "daily_tag_cost", tag_columns, error);
  return tags != NULL && store_groups (rollup->tag_groups, tags, bill_id, error);
}

/* ---- Totals ---- */

static int
compare_currencies (gconstpointer a, gconstpointer b)
{
  const Group *one = *(const Group *const *) a, *other = *(const Group *const *) b;

  return memcmp (one->texts[CURRENCY].data, other->texts[CURRENCY].data, 3);
}

/* Sums that no longer fit leave the total out; each group fits, or the bill would have been refused. */
static gboolean
add_to_total (Group *total, const Group *group)
{
  for (guint i = 0; i < COST_N_METRICS; i++)
    {
      if (!heptad_decimal_add (total->costs[i], group->costs[i], &total->costs[i]))
        return FALSE;
    }
  return TRUE;
}

static GPtrArray *
sum_by_currency (CostRollup *rollup)
{
  GPtrArray *totals = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, rollup->groups);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      const Group *group = item;
      Group *total = NULL;

      for (guint i = 0; total == NULL && i < totals->len; i++)
        {
          if (text_equal (&((Group *) totals->pdata[i])->texts[CURRENCY], &group->texts[CURRENCY]))
            total = totals->pdata[i];
        }
      if (total == NULL)
        g_ptr_array_add (totals, g_memdup2 (group, sizeof *group));
      else if (!add_to_total (total, group))
        g_ptr_array_remove (totals, total);
    }
  g_ptr_array_sort (totals, compare_currencies);
  return totals;
}

HeptadValue *
cost_rollup_get_totals (CostRollup *rollup)
{
  g_autoptr (GPtrArray) totals = sum_by_currency (rollup);
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();

  for (guint i = 0; i < totals->len; i++)
    {
      const Group *total = totals->pdata[i];
      char currency[4] = { 0 };

      memcpy (currency, total->texts[CURRENCY].data, 3);
      heptad_builder_add_object (builder);
      heptad_builder_set_string (builder, "currency", currency);
      heptad_builder_set_decimal (builder, "billedCost", total->costs[COST_METRIC_BILLED]);
      heptad_builder_set_decimal (builder, "effectiveCost", total->costs[COST_METRIC_EFFECTIVE]);
      heptad_builder_close (builder);
    }
  return heptad_builder_end (builder);
}
