/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sql-tokens.h"

#include <string.h>

#include "sdk/heptad-error.h"

static gboolean
is_name_start (char c)
{
  return g_ascii_isalpha (c) || c == '_' || (c & 0x80) != 0;
}

static gboolean
is_name (char c)
{
  return is_name_start (c) || g_ascii_isdigit (c);
}

static gboolean
fail (GError **error, const char *at, const char *what)
{
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "SQL near '%.30s': %s", at, what);
  return FALSE;
}

/* Both: past the space and comments at @text. */
static const char *
skip_comment (const char *text)
{
  if (text[0] == '-' && text[1] == '-')
    return text + strcspn (text, "\n");
  if (text[0] == '/' && text[1] == '*')
    {
      const char *end = strstr (text + 2, "*/");
      return end != NULL ? end + 2 : text + strlen (text);
    }
  return text;
}

static const char *
skip_space (const char *text)
{
  while (TRUE)
    {
      const char *start = text;
      while (g_ascii_isspace (*text))
        text++;
      text = skip_comment (text);
      if (text == start)
        return text;
    }
}

static gboolean
scan_quoted (const char *text, SqlToken *token, GError **error)
{
  char quote = text[0];
  const char *end = text + 1;

  for (; *end != '\0'; end++)
    if (*end == quote)
      {
        if (end[1] != quote)
          break;
        end++;
      }
  if (*end == '\0')
    return fail (error, text, "the quote is not closed");
  token->kind = quote == '\'' ? SQL_TOKEN_STRING : SQL_TOKEN_QUOTED;
  token->length = (gsize) (end + 1 - text);
  return TRUE;
}

static gboolean
scan_parameter (const char *text, SqlToken *token, GError **error)
{
  gsize digits = strspn (text + 1, "0123456789");

  if (text[0] != '$' || digits == 0 || digits > 4 || is_name (text[1 + digits]))
    return fail (error, text, "parameters are written $1, $2 and so on");
  token->kind = SQL_TOKEN_PARAMETER;
  token->length = 1 + digits;
  return TRUE;
}

static void
scan_number (const char *text, SqlToken *token)
{
  const char *end = text;

  while (is_name (*end) || *end == '.'
         || ((*end == '+' || *end == '-') && end > text && (end[-1] == 'e' || end[-1] == 'E')
             && !(text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))))
    end++;
  token->kind = SQL_TOKEN_NUMBER;
  token->length = (gsize) (end - text);
}

static void
scan_operator (const char *text, SqlToken *token)
{
  static const char *const long_operators[] = { "->>", "->", "||", "<=", ">=", "<>",
                                                "!=",  "==", "<<", ">>", "::" };

  token->kind = SQL_TOKEN_OPERATOR;
  token->length = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (long_operators); i++)
    if (g_str_has_prefix (text, long_operators[i]))
      {
        token->length = strlen (long_operators[i]);
        return;
      }
}

static void
scan_word (const char *text, SqlToken *token)
{
  const char *end = text;

  while (is_name (*end) || *end == '$')
    end++;
  token->kind = SQL_TOKEN_WORD;
  token->length = (gsize) (end - text);
}

static gboolean
scan_one (const char *text, SqlToken *token, GError **error)
{
  token->start = text;
  if (*text == '\'' || *text == '"')
    return scan_quoted (text, token, error);
  if (*text == '`' || *text == '[')
    return fail (error, text, "names are quoted by \"");
  if (*text == '$' || *text == '?' || *text == '@' || (*text == ':' && text[1] != ':'))
    return scan_parameter (text, token, error);
  if (g_ascii_isdigit (*text) || (*text == '.' && g_ascii_isdigit (text[1])))
    scan_number (text, token);
  else if (is_name_start (*text))
    scan_word (text, token);
  else
    scan_operator (text, token);
  if (sql_token_is (token, "::"))
    return fail (error, text, "write CAST (x AS type) for x::type");
  return TRUE;
}

GArray *
sql_tokens_scan (const char *sql, GError **error)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, TRUE, sizeof (SqlToken));

  for (const char *text = skip_space (sql); *text != '\0'; text = skip_space (text))
    {
      SqlToken token = { 0 };
      if (!scan_one (text, &token, error))
        return NULL;
      g_array_append_val (tokens, token);
      text += token.length;
    }
  return g_steal_pointer (&tokens);
}

gboolean
sql_token_is (const SqlToken *token, const char *word)
{
  return (token->kind == SQL_TOKEN_WORD || token->kind == SQL_TOKEN_OPERATOR)
         && strlen (word) == token->length
         && g_ascii_strncasecmp (token->start, word, token->length) == 0;
}

char *
sql_token_get_name (const SqlToken *token)
{
  if (token->kind != SQL_TOKEN_QUOTED)
    return g_strndup (token->start, token->length);

  g_autoptr (GString) name = g_string_new_len (token->start + 1, (gssize) token->length - 2);
  g_string_replace (name, "\"\"", "\"", 0);
  return g_string_free (g_steal_pointer (&name), FALSE);
}
