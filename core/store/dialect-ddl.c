/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/store/dialect.h"
#include "sdk/heptad-error.h"

/* Types of the dialect, what a STRICT table calls them, and what else has to be checked. */
static const struct {
  const char *name;
  const char *type;
  const char *check; /* (nullable) with %s for the column */
} types[] = {
  { "TEXT", "TEXT", NULL },
  { "INTEGER", "INTEGER", NULL },
  { "INT", "INTEGER", NULL },
  { "BIGINT", "INTEGER", NULL },
  { "SMALLINT", "INTEGER", NULL },
  { "DOUBLE PRECISION", "REAL", NULL },
  { "REAL", "REAL", NULL },
  { "BOOLEAN", "INTEGER", "%s IN (0, 1)" },
  { "DECIMAL", "TEXT COLLATE decimal", "heptad_is_decimal(%s)" },
  { "NUMERIC", "TEXT COLLATE decimal", "heptad_is_decimal(%s)" },
  { "TIMESTAMP", "INTEGER", NULL },
  { "TIMESTAMPTZ", "INTEGER", NULL },
  { "TIMESTAMP WITH TIME ZONE", "INTEGER", NULL },
  { "JSON", "TEXT", "heptad_is_json(%s)" },
  { "JSONB", "TEXT", "heptad_is_json(%s)" },
  { "BYTES", "BLOB", NULL },
};

static SqlToken *
get (GArray *tokens, guint index)
{
  return &g_array_index (tokens, SqlToken, index);
}

static gssize
find_type (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (types[i].name, name) == 0)
      return (gssize) i;
  return -1;
}

const char *
dialect_get_sqlite_type (const char *type)
{
  gssize index = find_type (type);
  return index >= 0 ? types[index].type : NULL;
}

static gboolean
ends_type (const SqlToken *token)
{
  static const char *const constraints[] = { "CONSTRAINT", "PRIMARY",   "NOT",     "NULL",
                                             "UNIQUE",     "CHECK",     "DEFAULT", "COLLATE",
                                             "REFERENCES", "GENERATED", "AS",      NULL };

  if (token->kind != SQL_TOKEN_WORD)
    return TRUE;
  for (guint i = 0; constraints[i] != NULL; i++)
    if (sql_token_is (token, constraints[i]))
      return TRUE;
  return FALSE;
}

char *
dialect_read_type (GArray *tokens, guint at, guint end, guint *next)
{
  g_autoptr (GString) type = g_string_new (NULL);
  guint i = at;

  for (; i < end && !ends_type (get (tokens, i)); i++)
    {
      if (type->len > 0)
        g_string_append_c (type, ' ');
      g_string_append_len (type, get (tokens, i)->start, (gssize) get (tokens, i)->length);
    }
  /* DECIMAL (12, 2): the digits are for the reader; every decimal holds 38. */
  if (i < end && i > at && sql_token_is (get (tokens, i), "("))
    i = MIN (dialect_find_close (tokens, i, end) + 1, end);
  *next = i;
  return g_string_free (g_steal_pointer (&type), FALSE);
}

static gboolean
rewrite_column (GArray *tokens,
                guint at,
                guint end,
                GStringChunk *strings,
                GHashTable *decimals,
                GError **error)
{
  guint next = 0;
  g_autofree char *type = dialect_read_type (tokens, at + 1, end, &next);
  g_autofree char *name = sql_token_get_name (get (tokens, at));
  gssize index = find_type (type);

  if (index < 0)
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
          "Column %s has %s%s; the types are TEXT, INTEGER, BIGINT, DOUBLE PRECISION, BOOLEAN, "
          "DECIMAL, TIMESTAMP, JSON and BYTES",
          name, *type == '\0' ? "no type" : "the unknown type ", type);
      return FALSE;
    }
  for (guint i = at + 1; i < next; i++)
    {
      get (tokens, i)->before = get (tokens, i)->after = NULL; /* DECIMAL (12, 2) is no call */
      get (tokens, i)->instead = "";
    }
  get (tokens, at + 1)->instead = types[index].type;
  if (decimals != NULL && strcmp (types[index].type, "TEXT COLLATE decimal") == 0)
    g_hash_table_add (decimals, g_ascii_strdown (name, -1));
  if (types[index].check == NULL)
    return TRUE;

  g_autofree char *column = g_strndup (get (tokens, at)->start, get (tokens, at)->length);
  g_autofree char *label = g_strdelimit (g_strdup (name), "\"", '_');
  const char *mark = strstr (types[index].check, "%s");
  g_autofree char *text = g_strdup_printf (
      "%s CONSTRAINT \"" DIALECT_TYPE_CHECK "%s\" CHECK (%.*s%s%s)", types[index].type, label,
      (int) (mark - types[index].check), types[index].check, column, mark + 2);
  get (tokens, at + 1)->instead = g_string_chunk_insert (strings, text);
  return TRUE;
}

static gboolean
is_table_constraint (const SqlToken *token)
{
  return sql_token_is (token, "CONSTRAINT") || sql_token_is (token, "PRIMARY")
         || sql_token_is (token, "UNIQUE") || sql_token_is (token, "CHECK")
         || sql_token_is (token, "FOREIGN");
}

static guint
find_comma (GArray *tokens, guint at, guint end)
{
  for (; at < end && !sql_token_is (get (tokens, at), ","); at++)
    if (sql_token_is (get (tokens, at), "("))
      at = dialect_find_close (tokens, at, end);
  return MIN (at, end);
}

static gboolean
rewrite_columns (GArray *tokens,
                 guint open,
                 guint close,
                 GStringChunk *strings,
                 GHashTable *decimals,
                 GError **error)
{
  for (guint at = open + 1; at < close;)
    {
      guint comma = find_comma (tokens, at, close);
      if (!is_table_constraint (get (tokens, at))
          && !rewrite_column (tokens, at, comma, strings, decimals, error))
        return FALSE;
      at = comma + 1;
    }
  return TRUE;
}

static gboolean
rewrite_create_table (GArray *tokens,
                      guint start,
                      guint end,
                      GStringChunk *strings,
                      GHashTable *decimals,
                      GError **error)
{
  guint open = start + 2;

  while (open < end && !sql_token_is (get (tokens, open), "(")
         && !sql_token_is (get (tokens, open), "AS"))
    open++;
  if (open < end && sql_token_is (get (tokens, open), "AS"))
    {
      g_set_error_literal (
          error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
          "CREATE TABLE … AS is not in the dialect: create the table, then INSERT");
      return FALSE;
    }
  guint close = dialect_find_close (tokens, open, end);
  if (close >= end)
    return TRUE; /* SQLite says what is wrong */
  get (tokens, end - 1)->after = close == end - 1 ? " STRICT" : ", STRICT";
  return rewrite_columns (tokens, open, close, strings, decimals, error);
}

static gboolean
rewrite_add_column (GArray *tokens,
                    guint start,
                    guint end,
                    GStringChunk *strings,
                    GHashTable *decimals,
                    GError **error)
{
  guint at = start + 2;

  while (at < end && !sql_token_is (get (tokens, at), "ADD"))
    at++;
  if (at + 1 < end && sql_token_is (get (tokens, at + 1), "COLUMN"))
    at++;
  return at + 1 >= end || rewrite_column (tokens, at + 1, end, strings, decimals, error);
}

gboolean
dialect_rewrite_schema (GArray *tokens,
                        guint start,
                        guint end,
                        GStringChunk *strings,
                        GHashTable *decimals,
                        GError **error)
{
  if (start + 2 >= end || !sql_token_is (get (tokens, start + 1), "TABLE"))
    return TRUE;
  if (sql_token_is (get (tokens, start), "CREATE"))
    return rewrite_create_table (tokens, start, end, strings, decimals, error);
  if (sql_token_is (get (tokens, start), "ALTER"))
    return rewrite_add_column (tokens, start, end, strings, decimals, error);
  return TRUE;
}
