/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-query.h"

#include "cost-line-item.h"
#include "cost-time.h"

#include <string.h>

#define MAX_DIMENSIONS 3
#define MAX_PARAMETERS 12

/* A question, turned into one statement. All SQL comes from tables in this file; what a caller
 * wrote is only ever a parameter. */
typedef struct {
  GString *sql;
  HeptadSqlParameter parameters[MAX_PARAMETERS + 1];
  guint n_parameters;
  const char *dimensions[MAX_DIMENSIONS]; /* as the caller named them */
  guint n_dimensions;
  const char *tag_key; /* (nullable) the dimension or filter that needs the rollup by tag */
  char *filter_key;
} Question;

static const struct {
  const char *dimension;
  const char *column;
} columns[] = {
  { "account", "account" },
  { "service", "service" },
  { "region", "region" },
  { "day", "day" },
};

static void
question_clear (Question *question)
{
  g_string_free (question->sql, TRUE);
  g_free (question->filter_key);
}

static void
add_condition (Question *question, const char *left, HeptadSqlParameter right)
{
  question->parameters[question->n_parameters++] = right;
  g_string_append_printf (question->sql, " AND %s $%u", left, question->n_parameters);
}

static const char *
column_of_dimension (const char *dimension)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (strcmp (columns[i].dimension, dimension) == 0)
        return columns[i].column;
    }
  return "tag_value";
}

static gboolean
read_dimensions (Question *question, HeptadCall *call)
{
  const HeptadValue *list = heptad_call_get_value (call, "groupBy");

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      const char *dimension = heptad_value_get_string (heptad_value_get_item (list, i));

      question->dimensions[question->n_dimensions++] = dimension;
      if (!g_str_has_prefix (dimension, "tag:"))
        continue;
      if (question->tag_key != NULL)
        return FALSE;
      question->tag_key = dimension + strlen ("tag:");
    }
  return TRUE;
}

static gboolean
add_tag_conditions (Question *question, HeptadCall *call)
{
  const char *filter = heptad_call_get_string (call, "tag");

  if (filter != NULL)
    {
      const char *equals = strchr (filter, '=');

      question->filter_key = g_strndup (filter, (gsize) (equals - filter));
      if (question->tag_key != NULL && strcmp (question->tag_key, question->filter_key) != 0)
        return FALSE;
      question->tag_key = question->filter_key;
      add_condition (question, "tag_value =", heptad_sql_text (equals + 1));
    }
  if (question->tag_key != NULL)
    add_condition (question, "tag_key =", heptad_sql_text (question->tag_key));
  return TRUE;
}

static gboolean
add_day_condition (Question *question, HeptadCall *call, const char *name, const char *left)
{
  const char *text = heptad_call_get_string (call, name);
  gint64 time_us;

  if (text == NULL)
    return TRUE;
  if (!cost_time_parse (text, strlen (text), &time_us))
    return FALSE;
  add_condition (question, left, heptad_sql_int64 (cost_time_get_day (time_us)));
  return TRUE;
}

static void
add_text_condition (Question *question, HeptadCall *call, const char *name, const char *left)
{
  const char *text = heptad_call_get_string (call, name);

  if (text != NULL)
    add_condition (question, left, heptad_sql_text (text));
}

static void
append_dimensions (Question *question)
{
  for (guint i = 0; i < question->n_dimensions; i++)
    g_string_append_printf (question->sql, "%s, ", column_of_dimension (question->dimensions[i]));
}

/* Returns NULL, or what is wrong with the question. */
static const char *
write_question (Question *question, HeptadCall *call)
{
  CostMetric metric = cost_metric_from_name (heptad_call_get_string (call, "metric"));
  g_autoptr (GString) conditions = g_string_new (NULL);
  GString *whole = question->sql;

  if (!read_dimensions (question, call))
    return "groupBy takes one tag";
  question->sql = conditions;
  if (!add_tag_conditions (question, call))
    {
      question->sql = whole;
      return "a question takes one tag: group by the one that it filters by";
    }
  add_text_condition (question, call, "accountId", "account =");
  add_text_condition (question, call, "service", "service =");
  add_text_condition (question, call, "region", "region =");
  if (!add_day_condition (question, call, "from", "day >=")
      || !add_day_condition (question, call, "to", "day <="))
    {
      question->sql = whole;
      return "'from' and 'to' must be days, such as 2024-09-18";
    }
  question->sql = whole;

  g_string_append (whole, "SELECT ");
  append_dimensions (question);
  g_string_append_printf (whole,
                          "currency, sum(%s) AS total FROM %s WHERE bill_id IN "
                          "(SELECT id FROM bill WHERE state = 'ingested')%s GROUP BY ",
                          cost_metric_get_column (metric),
                          question->tag_key != NULL ? "daily_tag_cost" : "daily_cost",
                          conditions->str);
  append_dimensions (question);
  g_string_append (whole, "currency ORDER BY ");
  append_dimensions (question);
  g_string_append (whole, "currency");
  return NULL;
}

/* ---- The answer ---- */

typedef struct {
  char currency[8];
  HeptadDecimal total;
} Total;

static gboolean
add_to_totals (GArray *totals, const char *currency, HeptadDecimal amount)
{
  Total fresh = { .total = amount };

  for (guint i = 0; i < totals->len; i++)
    {
      Total *total = &g_array_index (totals, Total, i);

      if (strcmp (total->currency, currency) == 0)
        return heptad_decimal_add (total->total, amount, &total->total);
    }
  g_strlcpy (fresh.currency, currency, sizeof fresh.currency);
  g_array_append_val (totals, fresh);
  return TRUE;
}

static void
add_group (HeptadBuilder *groups, const Question *question, HeptadRows *rows)
{
  heptad_builder_add_object (groups);
  heptad_builder_set_object (groups, "key");
  for (guint i = 0; i < question->n_dimensions; i++)
    {
      const char *dimension = question->dimensions[i];
      g_autofree char *day = strcmp (dimension, "day") == 0
                                 ? cost_time_format_day (heptad_rows_get_int64 (rows, i))
                                 : NULL;

      heptad_builder_set_string (groups, dimension,
                                 day != NULL ? day : heptad_rows_get_text (rows, i));
    }
  heptad_builder_close (groups);
  heptad_builder_set_string (groups, "currency",
                             heptad_rows_get_text (rows, question->n_dimensions));
  heptad_builder_set_decimal (groups, "total",
                              heptad_rows_get_decimal (rows, question->n_dimensions + 1));
  heptad_builder_close (groups);
}

static gboolean
read_groups (const Question *question,
             HeptadRows *rows,
             HeptadBuilder *groups,
             GArray *totals,
             GError **error)
{
  GError *failure = NULL;

  while (heptad_rows_next (rows, &failure))
    {
      HeptadDecimal amount = heptad_rows_get_decimal (rows, question->n_dimensions + 1);

      if (question->n_dimensions > 0)
        add_group (groups, question, rows);
      if (!add_to_totals (totals, heptad_rows_get_text (rows, question->n_dimensions), amount))
        {
          g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                               "the sum has more than 38 digits; ask for fewer days");
          return FALSE;
        }
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
set_totals (HeptadBuilder *answer, GArray *totals)
{
  if (totals->len == 1)
    {
      heptad_builder_set_string (answer, "currency", g_array_index (totals, Total, 0).currency);
      heptad_builder_set_decimal (answer, "total", g_array_index (totals, Total, 0).total);
    }
  else
    {
      heptad_builder_set_null (answer, "currency");
      heptad_builder_set_string (answer, "total", totals->len == 0 ? "0" : NULL);
    }
  heptad_builder_set_array (answer, "totals");
  for (guint i = 0; i < totals->len; i++)
    {
      heptad_builder_add_object (answer);
      heptad_builder_set_string (answer, "currency", g_array_index (totals, Total, i).currency);
      heptad_builder_set_decimal (answer, "total", g_array_index (totals, Total, i).total);
      heptad_builder_close (answer);
    }
  heptad_builder_close (answer);
}

static HeptadValue *
answer_question (const Question *question, HeptadCall *call, GError **error)
{
  g_autoptr (HeptadBuilder) groups = heptad_builder_new_array ();
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (GArray) totals = g_array_new (FALSE, TRUE, sizeof (Total));
  g_autoptr (HeptadValue) list = NULL;
  g_autoptr (HeptadRows) rows =
      heptad_store_query (heptad_call_get_store (call), question->sql->str, question->parameters,
                          heptad_call_get_cancellable (call), error);

  if (rows == NULL || !read_groups (question, rows, groups, totals, error))
    return NULL;
  list = heptad_builder_end (groups);
  heptad_builder_set_string (answer, "metric", heptad_call_get_string (call, "metric"));
  set_totals (answer, totals);
  heptad_builder_set_value (answer, "groups", list);
  return heptad_builder_end (answer);
}

void
cost_on_get_costs (HeptadCall *call, gpointer plugin)
{
  Question question = { .sql = g_string_new (NULL) };
  const char *wrong = write_question (&question, call);
  g_autoptr (GError) error = NULL;
  HeptadValue *answer = NULL;

  if (wrong == NULL)
    answer = answer_question (&question, call, &error);
  if (wrong != NULL)
    heptad_call_return_error (call, HEPTAD_ERROR_INVALID_INPUT, "%s", wrong);
  else if (answer == NULL)
    heptad_call_take_error (call, g_steal_pointer (&error));
  else
    heptad_call_return (call, answer);
  question_clear (&question);
}
