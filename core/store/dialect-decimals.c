/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/dialect.h"

/* To SQLite a decimal is text with a collation of its own. What is computed from one has lost the
 * column's collation, by which it orders, and its affinity, by which a bare number on the other
 * side of a comparison becomes text too. Both are given back here, wherever a call has a decimal
 * among its arguments. */

enum {
  MAX_PASSES = 8, /* how deep aliases of aliases are followed */
};

static const char *const makers[] = { "decimal",     "decimal_add", "decimal_sub",   "decimal_mul",
                                      "decimal_div", "numeric",     "decimal_round", NULL };
static const char *const keepers[] = { "sum",         "avg",        "min",       "max",
                                       "coalesce",    "nullif",     "lag",       "lead",
                                       "first_value", "last_value", "nth_value", NULL };

static SqlToken *
get (GArray *tokens, guint index)
{
  return &g_array_index (tokens, SqlToken, index);
}

static gboolean
is_any_of (const SqlToken *token, const char *const *words)
{
  for (; *words != NULL; words++)
    if (sql_token_is (token, *words))
      return TRUE;
  return FALSE;
}

static char *
get_lower_name (const SqlToken *token)
{
  g_autofree char *name = sql_token_get_name (token);
  return g_ascii_strdown (name, -1);
}

static gboolean
is_decimal_name (const SqlToken *token, GHashTable *decimals)
{
  if (token->kind != SQL_TOKEN_WORD && token->kind != SQL_TOKEN_QUOTED)
    return FALSE;
  if (is_any_of (token, makers))
    return TRUE;
  g_autofree char *name = decimals != NULL ? get_lower_name (token) : NULL;
  return name != NULL && g_hash_table_contains (decimals, name);
}

static gboolean
has_decimal (GArray *tokens, guint first, guint last, GHashTable *decimals)
{
  for (guint i = first; i < last; i++)
    if (is_decimal_name (get (tokens, i), decimals))
      return TRUE;
  return FALSE;
}

/* Past FILTER (…) and OVER … of the call that closes at @close: the call's last token. */
static guint
find_call_end (GArray *tokens, guint close, guint end)
{
  guint last = close;

  if (last + 2 < end && sql_token_is (get (tokens, last + 1), "FILTER"))
    last = dialect_find_close (tokens, last + 2, end);
  if (last + 2 < end && sql_token_is (get (tokens, last + 1), "OVER"))
    last = sql_token_is (get (tokens, last + 2), "(") ? dialect_find_close (tokens, last + 2, end)
                                                      : last + 2;
  return last;
}

/* `… AS name` after @last: the name stands for a decimal too. */
static gboolean
note_alias (GArray *tokens, guint last, guint end, GHashTable *aliases)
{
  if (aliases == NULL || last + 2 >= end || !sql_token_is (get (tokens, last + 1), "AS")
      || get (tokens, last + 1)->before != NULL) /* that of a CAST */
    return FALSE;
  const SqlToken *name = get (tokens, last + 2);
  if (name->kind != SQL_TOKEN_WORD && name->kind != SQL_TOKEN_QUOTED)
    return FALSE;
  return g_hash_table_add (aliases, get_lower_name (name));
}

static gboolean
is_call (GArray *tokens, guint at, guint end)
{
  static const char *const before_a_name[] = { "INTO", "TABLE", "FROM", "JOIN", "ON", ".", NULL };

  return at + 1 < end && get (tokens, at)->instead == NULL
         && sql_token_is (get (tokens, at + 1), "(")
         && (at == 0 || !is_any_of (get (tokens, at - 1), before_a_name));
}

/* Whether a name was learned. */
static gboolean
rewrite_call (GArray *tokens, guint at, guint end, GHashTable *decimals)
{
  guint close = dialect_find_close (tokens, at + 1, end);
  guint last = close < end ? find_call_end (tokens, close, end) : end;

  if (last >= end)
    return FALSE;
  if (!is_any_of (get (tokens, at), makers) && !has_decimal (tokens, at + 2, close, decimals))
    return FALSE;
  get (tokens, at)->before = "(CAST(";
  get (tokens, last)->after = " AS TEXT) COLLATE decimal)";
  return note_alias (tokens, last, end, decimals);
}

static gboolean
run_pass (GArray *tokens, guint start, guint end, GHashTable *names)
{
  gboolean has_learned = FALSE;

  for (guint i = start; i < end; i++)
    {
      const SqlToken *token = get (tokens, i);
      if ((is_any_of (token, makers) || is_any_of (token, keepers)) && is_call (tokens, i, end))
        has_learned |= rewrite_call (tokens, i, end, names);
      else if (token->instead == NULL && is_decimal_name (token, names))
        has_learned |= note_alias (tokens, i, end, names);
    }
  return has_learned;
}

void
dialect_rewrite_decimals (GArray *tokens, guint start, guint end, GHashTable *decimals)
{
  g_autoptr (GHashTable) names = dialect_decimals_new (); /* aliases are of this statement alone */
  GHashTableIter iter;
  gpointer name = NULL;

  if (decimals != NULL)
    {
      g_hash_table_iter_init (&iter, decimals);
      while (g_hash_table_iter_next (&iter, &name, NULL))
        g_hash_table_add (names, g_strdup (name));
    }
  for (guint i = 0; i < MAX_PASSES && run_pass (tokens, start, end, names); i++)
    ;
}

GHashTable *
dialect_decimals_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
dialect_decimals_add_table (GHashTable *decimals, const char *sqlite_sql)
{
  g_autoptr (GArray) tokens = sql_tokens_scan (sqlite_sql, NULL);

  for (guint i = 0; tokens != NULL && i + 3 < tokens->len; i++)
    if (sql_token_is (get (tokens, i + 1), "TEXT") && sql_token_is (get (tokens, i + 2), "COLLATE")
        && sql_token_is (get (tokens, i + 3), "decimal"))
      g_hash_table_add (decimals, get_lower_name (get (tokens, i)));
}
