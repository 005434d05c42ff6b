/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-rollup.h"

#include "cost-time.h"

#include <string.h>

/* A group's texts in the order of its columns. */
enum {
  ACCOUNT,
  SERVICE,
  REGION,
  CURRENCY,
  TAG_KEY, /* absent in a group that is not by tag */
  TAG_VALUE,
  N_TEXTS,
};

typedef struct {
  gint64 day;
  guint32 texts[N_TEXTS];
} Key;

typedef struct {
  Key key;
  HeptadDecimal costs[COST_N_METRICS];
} Group;

typedef struct {
  char currency[4];
  HeptadDecimal costs[COST_N_METRICS];
} Total;

struct _CostRollup {
  CostTexts *texts;
  GHashTable *groups; /* Group, which begins with its key -> itself */
  GArray *totals;
};

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  guint64 hash = (guint64) key->day;

  for (guint i = 0; i < N_TEXTS; i++)
    hash = ((hash ^ key->texts[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) ^ (hash >> 29);
  return (guint) (hash ^ (hash >> 32));
}

static gboolean
is_equal_key (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

CostRollup *
cost_rollup_new (CostTexts *texts)
{
  CostRollup *rollup = g_new0 (CostRollup, 1);

  rollup->texts = texts;
  rollup->groups = g_hash_table_new_full (hash_key, is_equal_key, g_free, NULL);
  rollup->totals = g_array_new (FALSE, TRUE, sizeof (Total));
  return rollup;
}

void
cost_rollup_free (CostRollup *rollup)
{
  if (rollup == NULL)
    return;
  g_hash_table_unref (rollup->groups);
  g_array_unref (rollup->totals);
  g_free (rollup);
}

void
cost_rollup_clear (CostRollup *rollup)
{
  g_hash_table_remove_all (rollup->groups);
}

gboolean
cost_rollup_is_full (CostRollup *rollup)
{
  return g_hash_table_size (rollup->groups) >= COST_ROLLUP_MAX_GROUPS
         || cost_texts_get_size (rollup->texts) >= COST_ROLLUP_MAX_TEXTS;
}

static HeptadDecimal *
get_group_costs (CostRollup *rollup, const Key *key)
{
  Group *group = g_hash_table_lookup (rollup->groups, key);

  if (group == NULL)
    {
      group = g_new0 (Group, 1);
      group->key = *key;
      g_hash_table_add (rollup->groups, group);
    }
  return group->costs;
}

static HeptadDecimal *
get_total_costs (CostRollup *rollup, CostText currency)
{
  Total fresh = { 0 };

  for (guint i = 0; i < rollup->totals->len; i++)
    {
      Total *total = &g_array_index (rollup->totals, Total, i);

      if (memcmp (total->currency, currency.data, 3) == 0)
        return total->costs;
    }
  memcpy (fresh.currency, currency.data, 3);
  g_array_append_val (rollup->totals, fresh);
  return g_array_index (rollup->totals, Total, rollup->totals->len - 1).costs;
}

static gboolean
add_costs (HeptadDecimal *costs, const CostLineItem *item, GError **error)
{
  for (guint i = 0; i < COST_N_METRICS; i++)
    {
      if (item->has_cost[i] && !heptad_decimal_add (costs[i], item->costs[i], &costs[i]))
        {
          g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                       "line %" G_GUINT64_FORMAT ": the sum of %s has more than 38 digits",
                       item->line, cost_metric_get_column ((CostMetric) i));
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
cost_rollup_add (CostRollup *rollup, const CostLineItem *item, GError **error)
{
  const CostTagSet *tags = item->tag_set;
  Key key = { .day = cost_time_get_day (item->charge_start_us),
              .texts = { [ACCOUNT] = cost_texts_intern (rollup->texts, item->account),
                         [SERVICE] = cost_texts_intern (rollup->texts, item->service),
                         [REGION] = cost_texts_intern (rollup->texts, item->region),
                         [CURRENCY] = cost_texts_intern (rollup->texts, item->currency) } };

  if (!add_costs (get_total_costs (rollup, item->currency), item, error)
      || !add_costs (get_group_costs (rollup, &key), item, error))
    return FALSE;
  for (guint i = 0; tags != NULL && i < tags->n_tags; i++)
    {
      key.texts[TAG_KEY] = tags->tags[i].key;
      key.texts[TAG_VALUE] = tags->tags[i].value;
      if (!add_costs (get_group_costs (rollup, &key), item, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
store_group (CostRollup *rollup,
             HeptadBulk *bulk,
             const Group *group,
             guint n_texts,
             gint64 bill_id,
             GError **error)
{
  heptad_bulk_add_int64 (bulk, bill_id);
  heptad_bulk_add_int64 (bulk, group->key.day);
  for (guint i = 0; i < n_texts; i++)
    {
      CostText text = cost_texts_get (rollup->texts, group->key.texts[i]);

      heptad_bulk_add_text (bulk, text.data, text.length);
    }
  for (guint i = 0; i < COST_N_METRICS; i++)
    heptad_bulk_add_decimal (bulk, group->costs[i]);
  return heptad_bulk_end_row (bulk, error);
}

/* The groups by tag, or the others. */
static gboolean
store_groups (CostRollup *rollup, HeptadBulk *bulk, gboolean by_tag, gint64 bill_id, GError **error)
{
  guint n_texts = by_tag ? N_TEXTS : TAG_KEY;
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, rollup->groups);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      const Group *group = item;

      if ((group->key.texts[TAG_KEY] != COST_TEXT_ABSENT) == by_tag
          && !store_group (rollup, bulk, group, n_texts, bill_id, error))
        return FALSE;
    }
  return TRUE;
}

#define KEY_COLUMNS  "bill_id", "day", "account", "service", "region", "currency"
#define COST_COLUMNS "billed_cost", "effective_cost", "list_cost", "contracted_cost"

gboolean
cost_rollup_store (CostRollup *rollup,
                   HeptadTransaction *transaction,
                   gint64 bill_id,
                   GError **error)
{
  static const char *const columns[] = { KEY_COLUMNS, COST_COLUMNS, NULL };
  static const char *const tag_columns[] = { KEY_COLUMNS, "tag_key", "tag_value", COST_COLUMNS,
                                             NULL };
  g_autoptr (HeptadBulk) daily =
      heptad_transaction_begin_bulk (transaction, "daily_cost", columns, error);
  g_autoptr (HeptadBulk) by_tag = NULL;

  if (daily == NULL || !store_groups (rollup, daily, FALSE, bill_id, error))
    return FALSE;
  by_tag = heptad_transaction_begin_bulk (transaction, "daily_tag_cost", tag_columns, error);
  return by_tag != NULL && store_groups (rollup, by_tag, TRUE, bill_id, error);
}

static int
compare_currencies (gconstpointer a, gconstpointer b)
{
  const Total *one = a, *other = b;

  return strcmp (one->currency, other->currency);
}

HeptadValue *
cost_rollup_get_totals (CostRollup *rollup)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_array ();

  g_array_sort (rollup->totals, compare_currencies);
  for (guint i = 0; i < rollup->totals->len; i++)
    {
      const Total *total = &g_array_index (rollup->totals, Total, i);

      heptad_builder_add_object (builder);
      heptad_builder_set_string (builder, "currency", total->currency);
      heptad_builder_set_decimal (builder, "billedCost", total->costs[COST_METRIC_BILLED]);
      heptad_builder_set_decimal (builder, "effectiveCost", total->costs[COST_METRIC_EFFECTIVE]);
      heptad_builder_close (builder);
    }
  return heptad_builder_end (builder);
}
