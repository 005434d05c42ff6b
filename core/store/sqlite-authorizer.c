/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-authorizer.h"

#include <string.h>

/* What a function could read, write or load outside the store. */
static const char *const forbidden_functions[] = {
  "load_extension",
  "readfile",
  "writefile",
  "edit",
  "fts3_tokenizer",
  "sqlite_log",
  "lsdir",
  "fsdir",
  "zipfile",
  "sqlite_offset",
  "matchinfo",
  "eval",
  "sqlar_compress",
  "sqlite_compileoption_get",
  "sqlite_compileoption_used",
};

static gboolean
is_forbidden_function (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forbidden_functions); i++)
    if (g_ascii_strcasecmp (name, forbidden_functions[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_prefix (const char *name, const char *prefix)
{
  return name != NULL && g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

static gboolean
is_catalogue (const char *table)
{
  return has_prefix (table, "sqlite_") || has_prefix (table, "pragma_")
         || has_prefix (table, "dbstat") || has_prefix (table, "bytecode")
         || has_prefix (table, "tables_used");
}

static gboolean
is_hidden (const char *table)
{
  return has_prefix (table, "_heptad_");
}

static gboolean
may_touch (const char *table, const char *database, SqliteAccess access)
{
  if (is_hidden (table) || (database != NULL && strcmp (database, "main") != 0))
    return FALSE;
  /* A migration's CREATE and ALTER read and write the catalogue; defensive mode keeps it from doing
   * so by hand. */
  return access == SQLITE_ACCESS_MIGRATION || !is_catalogue (table);
}

static gboolean
may_change_schema (int action, const char *first, const char *second, const char *database)
{
  if (is_hidden (first) || is_hidden (second))
    return FALSE;
  switch (action)
    {
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
      return database == NULL || strcmp (database, "main") == 0;
    case SQLITE_ALTER_TABLE: /* here the database comes first, the table second */
    case SQLITE_REINDEX:
    case SQLITE_ANALYZE:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_allowed (
    SqliteAccess access, int action, const char *first, const char *second, const char *database)
{
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return TRUE;
    case SQLITE_READ:
      /* A read of no table: count(*) or a table-valued function's hidden column. */
      return first == NULL || *first == '\0' || may_touch (first, database, access);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      return may_touch (first, database, access);
    case SQLITE_FUNCTION:
      return second == NULL || !is_forbidden_function (second);
    case SQLITE_PRAGMA: /* ADD COLUMN with a CHECK looks at the rows by this one */
      return access == SQLITE_ACCESS_MIGRATION && strcmp (first, "quick_check") == 0;
    default:
      return access == SQLITE_ACCESS_MIGRATION
             && may_change_schema (action, first, second, database);
    }
}

int
sqlite_authorize (void *data,
                  int action,
                  const char *first,
                  const char *second,
                  const char *database,
                  const char *trigger)
{
  const SqliteConnection *connection = data;

  if (connection->access == SQLITE_ACCESS_CORE
      || is_allowed (connection->access, action, first, second, database))
    return SQLITE_OK;
  return SQLITE_DENY;
}
