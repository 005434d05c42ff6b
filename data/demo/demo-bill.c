/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "demo-bill.h"

/* Amounts are counted in hundred-thousandths of a dollar. */
#define UNITS_PER_DOLLAR 100000

enum {
  FIRST_DAY_NUMBER = 20028, /* 2024-11-01, counted from 1970-01-01 */
  PER_MILLE = 1000,
};

typedef struct {
  const char *name;
  const char *category;
  const char *unit;
  const char *sku;
  guint dollars_a_day;
  guint growth_a_year; /* per mille */
  guint weekend;       /* per mille of a working day */
  guint discount;      /* per mille taken off by commitments */
} Service;

static const Service services[] = {
  { "Elastic Compute", "Compute", "Hours", "EC-STD-4", 412, 280, 620, 310 },
  { "Kubernetes Engine", "Compute", "Hours", "KE-NODE-8", 188, 450, 700, 180 },
  { "Functions", "Compute", "Invocations", "FN-INV", 21, 600, 480, 0 },
  { "Object Storage", "Storage", "GB-Months", "OS-STD", 96, 380, 1000, 0 },
  { "Block Storage", "Storage", "GB-Months", "BS-SSD", 74, 220, 1000, 0 },
  { "Relational Database", "Databases", "Hours", "RD-HA-2", 163, 190, 930, 240 },
  { "Key-Value Store", "Databases", "Requests", "KV-REQ", 38, 330, 760, 0 },
  { "Content Delivery", "Networking", "GB", "CD-GB", 57, 260, 1180, 0 },
  { "Load Balancing", "Networking", "Hours", "LB-HR", 19, 120, 980, 0 },
  { "Message Queue", "Integration", "Requests", "MQ-REQ", 11, 150, 640, 0 },
  { "Data Warehouse", "Analytics", "TB", "DW-SCAN", 129, 410, 350, 90 },
  { "Model Inference", "AI and Machine Learning", "Tokens", "MI-TOK", 44, 2100, 540, 0 },
};

typedef struct {
  const char *name;
  const char *team;
  const char *environment;
  const char *region;
  guint share; /* per mille of a service's cost */
} Account;

static const Account accounts[] = {
  { "Storefront", "web", "production", "us-east-1", 1000 },
  { "Payments", "payments", "production", "us-east-1", 540 },
  { "Data Platform", "data", "production", "eu-west-1", 820 },
  { "Staging", "web", "staging", "us-east-1", 210 },
  { "Research", "research", "development", "eu-west-1", 330 },
};

typedef struct {
  guint first_day;
  guint n_days;
  guint account;
  guint service;
  guint factor; /* per mille */
  const char *story;
} Anomaly;

static const Anomaly anomalies[] = {
  { 143, 3, 4, 0, 6200, "a batch of large machines was left on over a weekend" },
  { 268, 1, 2, 10, 9500, "one query read the whole archive" },
  { 401, 12, 0, 7, 2400, "pictures were served uncompressed" },
  { 533, 6, 1, 6, 3800, "a retry loop" },
  { 655, 2, 0, 2, 14000, "functions called each other" },
};

/* A number that looks random but depends on nothing but where it stands (S. Vigna's splitmix64). */
static guint64
scatter (guint64 place)
{
  guint64 z = place + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static guint64
take_per_mille (guint64 amount, guint per_mille)
{
  return amount * per_mille / PER_MILLE;
}

static guint
get_anomaly_factor (guint day, guint account, guint service)
{
  for (guint i = 0; i < G_N_ELEMENTS (anomalies); i++)
    if (anomalies[i].account == account && anomalies[i].service == service
        && day >= anomalies[i].first_day && day < anomalies[i].first_day + anomalies[i].n_days)
      return anomalies[i].factor;
  return PER_MILLE;
}

static guint64
get_list_cost (guint day, guint account, guint service_index)
{
  const Service *service = &services[service_index];
  gboolean weekend = (FIRST_DAY_NUMBER + day + 3) % 7 >= 5; /* 1970-01-01 was a Thursday */
  guint64 noise = scatter (((guint64) day << 32) | (account << 8) | service_index);
  guint64 cost = (guint64) service->dollars_a_day * UNITS_PER_DOLLAR;

  cost = take_per_mille (cost, accounts[account % G_N_ELEMENTS (accounts)].share);
  cost = take_per_mille (cost, PER_MILLE + service->growth_a_year * day / 365);
  cost = take_per_mille (cost, weekend ? service->weekend : PER_MILLE);
  cost = take_per_mille (cost, get_anomaly_factor (day, account, service_index));
  cost = take_per_mille (cost, 930 + (guint) (noise % 141));
  return cost + (noise >> 32) % 1000;
}

typedef struct {
  FILE *out;
  guint account;
  char account_id[16];
  char day[16];
  char next_day[16];
  char month[16];
  char next_month[16];
} Line;

static void
format_days (Line *line, guint day)
{
  g_autoptr (GDateTime) start =
      g_date_time_new_from_unix_utc ((FIRST_DAY_NUMBER + (gint64) day) * 86400);
  g_autoptr (GDateTime) end = g_date_time_add_days (start, 1);
  g_autoptr (GDateTime) month =
      g_date_time_add_days (start, 1 - g_date_time_get_day_of_month (start));
  g_autoptr (GDateTime) next_month = g_date_time_add_months (month, 1);
  GDateTime *const times[] = { start, end, month, next_month };
  char *const texts[] = { line->day, line->next_day, line->month, line->next_month };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = g_date_time_format (times[i], "%F");
      g_strlcpy (texts[i], text, sizeof line->day);
    }
}

static void
write_amount (FILE *out, guint64 amount)
{
  fprintf (out, ",%" G_GUINT64_FORMAT ".%05" G_GUINT64_FORMAT, amount / UNITS_PER_DOLLAR,
           amount % UNITS_PER_DOLLAR);
}

static void
write_header (FILE *out)
{
  fputs ("BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,"
         "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,ChargeDescription,"
         "ChargeFrequency,InvoiceIssuerName,ProviderName,PublisherName,ServiceCategory,ServiceName,"
         "SkuId,SkuPriceId,RegionId,RegionName,AvailabilityZone,ResourceId,ResourceName,"
         "ResourceType,SubAccountId,SubAccountName,PricingCategory,PricingUnit,ConsumedUnit,"
         "CommitmentDiscountCategory,CommitmentDiscountId,CommitmentDiscountName,"
         "CommitmentDiscountStatus,CommitmentDiscountType,Tags,PricingQuantity,ConsumedQuantity,"
         "ListUnitPrice,ContractedUnitPrice,ListCost,ContractedCost,EffectiveCost,BilledCost\n",
         out);
}

/* All up to the tags, which no figure depends on. */
static void
write_names (const Line *line, const Service *service, const char *charge_category)
{
  const Account *account = &accounts[line->account % G_N_ELEMENTS (accounts)];
  const char *zone = g_str_equal (service->category, "Compute") ? "a" : NULL;
  gboolean committed = service->discount > 0;

  fprintf (line->out,
           "900000000001,Heptad Demo,USD,%s 00:00:00,%s 00:00:00,%s 00:00:00,%s 00:00:00,%s,,",
           line->month, line->next_month, line->day, line->next_day, charge_category);
  fprintf (line->out,
           "\"%s, %s in %s\",Usage-Based,Demo Cloud,Demo Cloud,Demo Cloud,%s,%s,%s,%s.1,",
           service->name, service->unit, account->region, service->category, service->name,
           service->sku, service->sku);
  fprintf (line->out, "%s,%s,%s%s,demo:%s:%s:%s,%s %s,%s,%s,%s%s,Standard,%s,%s,", account->region,
           account->region, zone != NULL ? account->region : "", zone != NULL ? zone : "",
           account->region, line->account_id, service->sku, account->team, service->name,
           service->unit, line->account_id, account->name,
           line->account < G_N_ELEMENTS (accounts) ? "" : " copy", service->unit, service->unit);
  fprintf (line->out, "%s,%s,%s,%s,%s,", committed ? "Usage" : "", committed ? "plan-1" : "",
           committed ? "Three years" : "", committed ? "Used" : "", committed ? "Plan" : "");
  fprintf (line->out, "\"{\"\"environment\"\": \"\"%s\"\", \"\"team\"\": \"\"%s\"\"}\"",
           account->environment, account->team);
}

static void
write_usage (const Line *line, guint day, guint service_index)
{
  const Service *service = &services[service_index];
  guint64 list = get_list_cost (day, line->account, service_index);
  guint64 effective = list - take_per_mille (list, service->discount);

  write_names (line, service, "Usage");
  write_amount (line->out, list * 7);
  write_amount (line->out, list * 7);
  fputs (",0.142857142857,0.142857142857", line->out);
  write_amount (line->out, list);
  write_amount (line->out, list);
  write_amount (line->out, effective);
  write_amount (line->out, effective);
  fputc ('\n', line->out);
}

/* Support is paid on the last day of a month: a tenth of the compute of that day, thirty times. */
static void
write_month_end_fee (const Line *line, guint day)
{
  static const Service support = {
    .name = "Support", .category = "Other", .unit = "Months", .sku = "SUP-1"
  };
  guint64 fee = get_list_cost (day, line->account, 0) * 3;

  write_names (line, &support, "Purchase");
  fputs (",1,1,0.1,0.1", line->out);
  for (guint i = 0; i < 4; i++)
    write_amount (line->out, fee);
  fputc ('\n', line->out);
}

guint64
demo_bill_write (DemoBillShape shape, FILE *out)
{
  Line line = { .out = out };
  guint64 n_lines = 0;

  write_header (out);
  for (guint day = 0; day < shape.n_days; day++)
    {
      format_days (&line, day);
      for (line.account = 0; line.account < shape.n_accounts; line.account++)
        {
          gboolean month_ends = g_str_equal (line.next_day, line.next_month);

          g_snprintf (line.account_id, sizeof line.account_id, "9000001%05u", line.account + 1);
          for (guint i = 0; i < G_N_ELEMENTS (services) * shape.n_resources; i++)
            write_usage (&line, day, i % G_N_ELEMENTS (services));
          if (month_ends)
            write_month_end_fee (&line, day);
          n_lines += G_N_ELEMENTS (services) * shape.n_resources + month_ends;
        }
    }
  return n_lines;
}
