/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-format.h"

#include <string.h>

#define FOCUS_HEADER                                                                               \
  "BilledCost,EffectiveCost,ListCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,"           \
  "BillingAccountId,SubAccountId,ServiceName,RegionId,Tags\n"
#define AWS_HEADER                                                                                 \
  "lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,lineItem/LineItemType,"    \
  "lineItem/UsageAccountId,lineItem/ProductCode,product/ProductName,reservation/EffectiveCost,"    \
  "savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,"                                  \
  "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,"          \
  "savingsPlan/SavingsPlanEffectiveCost,resourceTags/user:team,resourceTags/aws:by\n"

typedef struct {
  CostTexts *texts;
  CostTags *tags;
  CostCsv *csv;
  CostCsvRecord *record;
  CostFormat *format;
  CostLineItem item;
  CostRejection rejection;
  GError *error;
} Bill;

/* Opens a bill and binds its header. */
static Bill *
bill_new (const char *text, const char *format)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  Bill *bill = g_new0 (Bill, 1);

  bill->texts = cost_texts_new ();
  bill->tags = cost_tags_new (bill->texts);
  bill->csv = cost_csv_new (COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);
  bill->record = g_new0 (CostCsvRecord, 1);
  g_assert_true (cost_csv_read_block (bill->csv, stream, NULL, NULL));
  g_assert_cmpint (cost_csv_next (bill->csv, bill->record), ==, COST_CSV_RECORD);
  bill->format = cost_format_bind (format, bill->record, bill->tags, &bill->error);
  return bill;
}

static void
bill_free (Bill *bill)
{
  cost_format_free (bill->format);
  cost_csv_free (bill->csv);
  cost_tags_free (bill->tags);
  cost_texts_free (bill->texts);
  g_clear_error (&bill->error);
  g_free (bill->record);
  g_free (bill);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bill, bill_free)

static gboolean
read_next (Bill *bill)
{
  g_assert_no_error (bill->error);
  g_assert_cmpint (cost_csv_next (bill->csv, bill->record), ==, COST_CSV_RECORD);
  return cost_format_read (bill->format, bill->record, &bill->item, &bill->rejection);
}

static void
assert_text (CostText found, const char *expected)
{
  g_autofree char *text = found.data != NULL ? g_strndup (found.data, found.length) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_decimal (HeptadDecimal found, const char *expected)
{
  g_autofree char *text = heptad_decimal_to_string (found);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_focus (void)
{
  g_autoptr (Bill) bill = bill_new (
      FOCUS_HEADER
      "0.00000080000,8.4E-9,,USD,2024-09-18 22:00:00,2024-09-18 23:00:00,1,42,Queue,us-west-2,"
      "\"{\"\"team\"\":\"\"a\"\",\"\"n\"\":7}\"\n",
      "auto");

  g_assert_true (read_next (bill));
  g_assert_cmpstr (cost_format_get_name (bill->format), ==, "focus-1.0");
  g_assert_cmpuint (bill->item.line, ==, 2);
  assert_decimal (bill->item.costs[COST_METRIC_BILLED], "0.0000008");
  assert_decimal (bill->item.costs[COST_METRIC_EFFECTIVE], "0.0000000084");
  g_assert_false (bill->item.has_cost[COST_METRIC_LIST]);
  g_assert_false (bill->item.has_cost[COST_METRIC_CONTRACTED]);
  g_assert_cmpint (bill->item.charge_end_us - bill->item.charge_start_us, ==,
                   3600 * (gint64) G_USEC_PER_SEC);
  assert_text (bill->item.account, "42");
  assert_text (bill->item.service, "Queue");
  g_assert_cmpuint (bill->item.tag_set->n_tags, ==, 2);
  assert_text (cost_texts_get (bill->texts, bill->item.tag_set->tags[0].key), "team");
  assert_text (cost_texts_get (bill->texts, bill->item.tag_set->tags[0].value), "a");
  assert_text (cost_texts_get (bill->texts, bill->item.tag_set->tags[1].value), "7");
}

static void
test_absent (void)
{
  g_autoptr (Bill) bill = bill_new (FOCUS_HEADER "1,1,NULL,USD,2024-09-18,NULL,77,NULL,S,,NULL\n"
                                                 "1,1,,USD,2024-09-18,,77,,S,NULL,{}\n",
                                    "focus-1.0");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (read_next (bill));
      assert_text (bill->item.account, "77");
      assert_text (bill->item.region, NULL);
      assert_text (bill->item.tags, NULL);
      g_assert_null (bill->item.tag_set);
      g_assert_false (bill->item.has_cost[COST_METRIC_LIST]);
      g_assert_cmpint (bill->item.charge_end_us, ==, G_MININT64);
    }
}

static void
test_rejections (void)
{
  static const struct {
    const char *line;
    const char *column;
    const char *reason;
  } lines[] = {
    { ",1,,USD,2024-09-18,,1,,S,,", "BilledCost", "expected an amount, found nothing" },
    { "1,NULL,,USD,2024-09-18,,1,,S,,", "EffectiveCost", "expected an amount, found nothing" },
    { "1.2.3,1,,USD,2024-09-18,,1,,S,,", "BilledCost",
      "expected a number of at most 38 digits, found '1.2.3'" },
    { "nan,1,,USD,2024-09-18,,1,,S,,", "BilledCost",
      "expected a number of at most 38 digits, found 'nan'" },
    { "1,1,$5,USD,2024-09-18,,1,,S,,", "ListCost",
      "expected a number of at most 38 digits, found '$5'" },
    { "1,1,,Dollars,2024-09-18,,1,,S,,", "BillingCurrency",
      "expected an ISO 4217 currency such as USD, found 'Dollars'" },
    { "1,1,,,2024-09-18,,1,,S,,", "BillingCurrency",
      "expected an ISO 4217 currency such as USD, found nothing" },
    { "1,1,,USD,18.9.2024,,1,,S,,", "ChargePeriodStart",
      "expected a time such as 2024-09-18T22:00:00Z, found '18.9.2024'" },
    { "1,1,,USD,,,1,,S,,", "ChargePeriodStart",
      "expected a time such as 2024-09-18T22:00:00Z, found nothing" },
    { "1,1,,USD,2024-09-18,tomorrow,1,,S,,", "ChargePeriodEnd",
      "expected a time such as 2024-09-18T22:00:00Z, found 'tomorrow'" },
    { "1,1,,USD,2024-09-18,,1,,S,,[]", "Tags", "expected a JSON object, found '[]'" },
    { "1,1,,USD,2024-09-18,,1,,S,,{a}", "Tags", "expected a JSON object, found '{a}'" },
    { "1,1,,USD,2024-09-18,,1,,S,", NULL, "expected 11 fields as in the header, found 10" },
    { "ääääääääääääääääääääääääääääääxä,1,,USD,2024-09-18,,1,,S,,", "BilledCost",
      "expected a number of at most 38 digits, found 'ääääääääääääääääääääääääääääää'…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = g_strconcat (FOCUS_HEADER, lines[i].line, "\n", NULL);
      g_autoptr (Bill) bill = bill_new (text, "focus-1.0");

      g_assert_false (read_next (bill));
      g_assert_cmpstr (bill->rejection.column, ==, lines[i].column);
      g_assert_cmpstr (bill->rejection.reason, ==, lines[i].reason);
    }
}

/* What AWS's documentation calls amortized cost, by the kind of line. */
static void
test_aws_effective (void)
{
  static const struct {
    const char *type;
    const char *effective;
  } kinds[] = {
    { "Usage", "100" },
    { "Tax", "100" },
    { "DiscountedUsage", "1" },
    { "RIFee", "48" },
    { "SavingsPlanCoveredUsage", "64" },
    { "SavingsPlanRecurringFee", "6" },
    { "SavingsPlanNegation", "0" },
    { "SavingsPlanUpfrontFee", "0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *text = g_strdup_printf (
          AWS_HEADER "100,USD,2024-09-18T00:00:00Z,%s,42,AmazonEC2,Elastic Compute,1,"
                     "10,4,16,32,64,payments,\n",
          kinds[i].type);
      g_autoptr (Bill) bill = bill_new (text, "auto");

      g_assert_true (read_next (bill));
      g_assert_cmpstr (cost_format_get_name (bill->format), ==, "aws-cur");
      assert_decimal (bill->item.costs[COST_METRIC_BILLED], "100");
      assert_decimal (bill->item.costs[COST_METRIC_EFFECTIVE], kinds[i].effective);
      assert_text (bill->item.service, "Elastic Compute");
      g_assert_cmpuint (bill->item.tag_set->n_tags, ==, 1);
      assert_text (cost_texts_get (bill->texts, bill->item.tag_set->tags[0].key), "user:team");
      assert_text (bill->item.tags, "{\"user:team\":\"payments\"}");
    }
}

static void
test_headers (void)
{
  g_autoptr (Bill) unknown = bill_new ("a,b\n", "auto");
  g_autoptr (Bill) wrong = bill_new (FOCUS_HEADER, "aws-cur");
  g_autoptr (Bill) lacking = bill_new ("BilledCost,ServiceName\n", "focus-1.0");
  g_autoptr (Bill) named = bill_new (FOCUS_HEADER, "excel");
  g_autoptr (Bill) other_case = bill_new ("BILLEDCOST,effectivecost,BillingCurrency,"
                                          "ChargePeriodStart,BillingAccountId,ServiceName\n",
                                          "auto");

  g_assert_error (unknown->error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_assert_error (named->error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT);
  g_assert_nonnull (strstr (wrong->error->message, "lineItem/UnblendedCost"));
  g_assert_cmpstr (lacking->error->message, ==,
                   "line 1: this is not a FOCUS 1.0 bill: the header lacks EffectiveCost, "
                   "BillingCurrency, ChargePeriodStart, BillingAccountId");
  g_assert_no_error (other_case->error);
}

/* The same JSON is read once; other JSON never takes its place. */
static void
test_tags_again (void)
{
  g_autoptr (CostTexts) texts = cost_texts_new ();
  g_autoptr (CostTags) tags = cost_tags_new (texts);
  const CostTagSet *first = cost_tags_read (tags, (CostText){ (char *) "{\"a\":\"1\"}", 9 });

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"a\":\"%u\",\"b\":null,\"c\":[1]}", i);
      g_autofree char *value = g_strdup_printf ("%u", i);
      const CostTagSet *set = cost_tags_read (tags, (CostText){ json, (guint32) strlen (json) });

      g_assert_cmpuint (set->n_tags, ==, 1);
      assert_text (cost_texts_get (texts, set->tags[0].value), value);
    }
  g_assert_true (first == cost_tags_read (tags, (CostText){ (char *) "{\"a\":\"1\"}", 9 }));
  g_assert_null (cost_tags_read (tags, (CostText){ (char *) "{", 1 }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/format/focus-becomes-a-line-item", test_focus);
  g_test_add_func ("/cost/format/nothing-and-null-are-both-absent", test_absent);
  g_test_add_func ("/cost/format/a-rejection-names-column-and-reason", test_rejections);
  g_test_add_func ("/cost/format/aws-costs-are-amortized-by-the-kind-of-line", test_aws_effective);
  g_test_add_func ("/cost/format/a-wrong-header-is-told-what-it-lacks", test_headers);
  g_test_add_func ("/cost/format/equal-tags-are-read-once", test_tags_again);
  return g_test_run ();
}
