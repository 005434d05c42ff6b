/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/dialect.h"

#include <string.h>

#include "sdk/heptad-error.h"

enum {
  MAX_SQL_LENGTH = 1 << 20,
};

static SqlToken *
get (GArray *tokens, guint index)
{
  return &g_array_index (tokens, SqlToken, index);
}

guint
dialect_find_close (GArray *tokens, guint open, guint end)
{
  guint depth = 0;

  for (guint i = open; i < end; i++)
    {
      if (sql_token_is (get (tokens, i), "("))
        depth++;
      else if (sql_token_is (get (tokens, i), ")") && --depth == 0)
        return i;
    }
  return end;
}

static gboolean
check_name (const SqlToken *token, gboolean is_core, GError **error)
{
  if (is_core || (token->kind != SQL_TOKEN_WORD && token->kind != SQL_TOKEN_QUOTED))
    return TRUE;

  const char *name = token->start + (token->kind == SQL_TOKEN_QUOTED ? 1 : 0);
  if (g_ascii_strncasecmp (name, "_heptad_", 8) != 0)
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                       "Names that begin with _heptad_ are the host's own");
  return FALSE;
}

static gboolean
rewrite_cast (GArray *tokens, guint at, guint end, GError **error)
{
  if (!sql_token_is (get (tokens, at), "CAST") || at + 1 >= end
      || !sql_token_is (get (tokens, at + 1), "("))
    return TRUE;

  guint close = dialect_find_close (tokens, at + 1, end);
  guint as = at + 2;
  for (; as < close && !sql_token_is (get (tokens, as), "AS"); as++)
    if (sql_token_is (get (tokens, as), "("))
      as = dialect_find_close (tokens, as, close);
  if (close >= end || as >= close)
    return TRUE; /* SQLite says what is wrong */

  guint next = 0;
  g_autofree char *type = dialect_read_type (tokens, as + 1, close, &next);
  const char *target = dialect_get_sqlite_type (type);
  if (target == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "CAST: there is no type %s",
                   type);
      return FALSE;
    }
  for (guint i = as + 1; i < next; i++)
    get (tokens, i)->instead = i == as + 1 ? target : "";
  if (strcmp (target, "TEXT COLLATE decimal") == 0)
    {
      get (tokens, at)->before = "(";
      get (tokens, at + 1)->after = "decimal(";
      get (tokens, as)->before = ")";
      get (tokens, as + 1)->instead = "TEXT";
      get (tokens, close)->after = " COLLATE decimal)";
    }
  return TRUE;
}

static gboolean
rewrite_statement (GArray *tokens,
                   guint start,
                   guint end,
                   gboolean is_core,
                   GStringChunk *strings,
                   GHashTable *decimals,
                   GError **error)
{
  for (guint i = start; i < end; i++)
    if (!check_name (get (tokens, i), is_core, error) || !rewrite_cast (tokens, i, end, error))
      return FALSE;
  dialect_rewrite_decimals (tokens, start, end, decimals);
  return dialect_rewrite_schema (tokens, start, end, strings, decimals, error);
}

static void
append_token (GString *into, const SqlToken *token)
{
  if (token->before != NULL)
    g_string_append (into, token->before);
  if (token->instead != NULL)
    g_string_append (into, token->instead);
  else if (token->kind == SQL_TOKEN_PARAMETER)
    {
      g_string_append_c (into, '?');
      g_string_append_len (into, token->start + 1, (gssize) token->length - 1);
    }
  else
    g_string_append_len (into, token->start, (gssize) token->length);
  if (token->after != NULL)
    g_string_append (into, token->after);
}

static char *
print (const char *sql, GArray *tokens)
{
  g_autoptr (GString) text = g_string_sized_new (strlen (sql) + 64);
  const char *done = sql;

  for (guint i = 0; i < tokens->len; i++)
    {
      const SqlToken *token = get (tokens, i);
      g_string_append_len (text, done, token->start - done);
      append_token (text, token);
      done = token->start + token->length;
    }
  g_string_append (text, done);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
dialect_to_sqlite (const char *sql, gboolean is_core, GHashTable *decimals, GError **error)
{
  if (strlen (sql) > MAX_SQL_LENGTH)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                           "The statement is longer than 1 MiB: give the data as parameters");
      return NULL;
    }
  g_autoptr (GArray) tokens = sql_tokens_scan (sql, error);
  if (tokens == NULL)
    return NULL;

  g_autoptr (GStringChunk) strings = g_string_chunk_new (256);
  guint start = 0;
  for (guint i = 0; i <= tokens->len; i++)
    if (i == tokens->len || sql_token_is (get (tokens, i), ";"))
      {
        if (!rewrite_statement (tokens, start, i, is_core, strings, decimals, error))
          return NULL;
        start = i + 1;
      }
  return print (sql, tokens);
}

gboolean
dialect_is_blank (const char *sql)
{
  g_autoptr (GArray) tokens = sql_tokens_scan (sql, NULL);

  for (guint i = 0; tokens != NULL && i < tokens->len; i++)
    if (!sql_token_is (get (tokens, i), ";"))
      return FALSE;
  return tokens != NULL;
}
