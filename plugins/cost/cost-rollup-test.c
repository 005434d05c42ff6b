/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-rollup.h"

#include <string.h>

static CostText
text_of (const char *text)
{
  return (CostText){ (char *) text, text != NULL ? (guint32) strlen (text) : 0 };
}

static CostLineItem
make_item (const char *cost, const char *service, const char *currency)
{
  CostLineItem item = { .line = 2,
                        .account = text_of ("42"),
                        .service = text_of (service),
                        .currency = text_of (currency),
                        .has_cost = { TRUE, TRUE } };

  g_assert_true (heptad_decimal_parse (cost, -1, &item.costs[COST_METRIC_BILLED], NULL));
  item.costs[COST_METRIC_EFFECTIVE] = item.costs[COST_METRIC_BILLED];
  return item;
}

static void
assert_totals (CostRollup *rollup, const char *expected)
{
  g_autoptr (HeptadValue) totals = cost_rollup_get_totals (rollup);
  g_autofree char *text = heptad_value_print (totals);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_exact (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostRollup) rollup = cost_rollup_new (texts);
  CostLineItem tenth = make_item ("0.1", "a", "USD");
  CostLineItem tiny = make_item ("8.4E-9", "b", "USD");

  for (guint i = 0; i < 10000; i++)
    g_assert_true (cost_rollup_add (rollup, i % 2 == 0 ? &tenth : &tiny, NULL));
  assert_totals (rollup, "[{\"currency\":\"USD\",\"billedCost\":\"500.000042\","
                         "\"effectiveCost\":\"500.000042\"}]");
}

static void
test_currencies (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostRollup) rollup = cost_rollup_new (texts);
  CostLineItem dollars = make_item ("1", NULL, "USD"), euros = make_item ("2", NULL, "EUR");

  g_assert_true (cost_rollup_add (rollup, &dollars, NULL));
  g_assert_true (cost_rollup_add (rollup, &euros, NULL));
  g_assert_true (cost_rollup_add (rollup, &dollars, NULL));
  assert_totals (rollup, "[{\"currency\":\"EUR\",\"billedCost\":\"2\",\"effectiveCost\":\"2\"},"
                         "{\"currency\":\"USD\",\"billedCost\":\"2\",\"effectiveCost\":\"2\"}]");
}

static void
test_too_large (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostRollup) rollup = cost_rollup_new (texts);
  g_autoptr (GError) error = NULL;
  CostLineItem item = make_item ("99999999999999999999999999999999999999", "a", "USD");

  g_assert_true (cost_rollup_add (rollup, &item, &error));
  g_assert_false (cost_rollup_add (rollup, &item, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "line 2"));
}

static void
test_full (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostRollup) rollup = cost_rollup_new (texts);
  guint n_items = 0;

  for (; !cost_rollup_is_full (rollup); n_items++)
    {
      g_autofree char *service = g_strdup_printf ("service %u", n_items);
      CostLineItem item = make_item ("1", service, "USD");

      g_assert_true (cost_rollup_add (rollup, &item, NULL));
    }
  g_assert_cmpuint (n_items, ==, COST_ROLLUP_MAX_GROUPS);
  cost_rollup_clear (rollup);
  cost_texts_clear (texts);
  g_assert_false (cost_rollup_is_full (rollup));
  assert_totals (rollup,
                 "[{\"currency\":\"USD\",\"billedCost\":\"100000\",\"effectiveCost\":\"100000\"}]");
}

/* Numbers are given once for each text, whatever its length and however many there are. */
static void
test_texts (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autofree char *long_text = g_strnfill (20000, 'x');

  g_assert_cmpuint (cost_texts_intern (texts, (CostText){ NULL, 0 }), ==, COST_TEXT_ABSENT);
  g_assert_cmpuint (cost_texts_intern (texts, text_of ("")), ==, 1);
  for (guint round = 0; round < 2; round++)
    for (guint length = 1; length <= 20000; length++)
      {
        guint32 number = cost_texts_intern (texts, (CostText){ long_text, length % 5000 + 1 });

        g_assert_cmpuint (number, ==, length % 5000 == 0 ? 5001 : 1 + length % 5000);
        g_assert_cmpuint (cost_texts_get (texts, number).length, ==, length % 5000 + 1);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/rollup/sums-are-exact", test_exact);
  g_test_add_func ("/cost/rollup/currencies-are-never-added-up", test_currencies);
  g_test_add_func ("/cost/rollup/a-sum-that-does-not-fit-is-refused-by-line", test_too_large);
  g_test_add_func ("/cost/rollup/groups-in-memory-are-bounded-and-totals-stay", test_full);
  g_test_add_func ("/cost/rollup/each-text-has-one-number", test_texts);
  return g_test_run ();
}
