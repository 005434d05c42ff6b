/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

typedef enum {
  SQL_TOKEN_WORD,   /* a bare name or keyword */
  SQL_TOKEN_QUOTED, /* a "quoted" name */
  SQL_TOKEN_STRING,
  SQL_TOKEN_NUMBER,
  SQL_TOKEN_PARAMETER, /* $1 */
  SQL_TOKEN_OPERATOR,
} SqlTokenKind;

/**
 * SqlToken:
 *
 * One token of a text that outlives it; comments and space are between tokens. @before, @after and
 * @instead (owned by the list's string chunk) are what a rewrite wants in its place.
 */
typedef struct {
  SqlTokenKind kind;
  const char *start;
  gsize length;
  const char *before;
  const char *instead;
  const char *after;
} SqlToken;

/**
 * sql_tokens_scan:
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT for text that is not SQL of the dialect
 *
 * Returns: (transfer full): an array of #SqlToken
 */
GArray *sql_tokens_scan (const char *sql, GError **error);

/* Whether the token is this keyword or operator; keywords in any case. */
gboolean sql_token_is (const SqlToken *token, const char *word);

/* (transfer full): a name without its quotes. */
char *sql_token_get_name (const SqlToken *token);
