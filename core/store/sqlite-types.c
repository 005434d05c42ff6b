/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-types.h"

static int
bind_decimal (sqlite3_stmt *statement, int index, HeptadDecimal decimal)
{
  char text[HEPTAD_DECIMAL_TEXT_SIZE];
  gsize length = heptad_decimal_format (decimal, text);

  return sqlite3_bind_text (statement, index, text, (int) length, SQLITE_TRANSIENT);
}

static int
bind_json (sqlite3_stmt *statement, int index, const HeptadValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  heptad_value_print_to (value, text);
  return sqlite3_bind_text64 (statement, index, text->str, text->len, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
}

int
sqlite_bind (sqlite3_stmt *statement,
             int index,
             const HeptadSqlParameter *parameter,
             gboolean borrow)
{
  sqlite3_destructor_type keep = borrow ? SQLITE_STATIC : SQLITE_TRANSIENT;

  switch (parameter->type)
    {
    case HEPTAD_SQL_TYPE_TEXT:
      return sqlite3_bind_text64 (statement, index, parameter->as.data, parameter->length, keep,
                                  SQLITE_UTF8);
    case HEPTAD_SQL_TYPE_INT64:
    case HEPTAD_SQL_TYPE_BOOLEAN:
    case HEPTAD_SQL_TYPE_TIME:
      return sqlite3_bind_int64 (statement, index, parameter->as.int64);
    case HEPTAD_SQL_TYPE_DOUBLE:
      return sqlite3_bind_double (statement, index, parameter->as.real);
    case HEPTAD_SQL_TYPE_DECIMAL:
      return bind_decimal (statement, index, parameter->as.decimal);
    case HEPTAD_SQL_TYPE_JSON:
      return bind_json (statement, index, parameter->as.json);
    case HEPTAD_SQL_TYPE_BYTES:
      return sqlite3_bind_blob64 (statement, index, parameter->as.data, parameter->length, keep);
    case HEPTAD_SQL_TYPE_NULL:
    case HEPTAD_SQL_TYPE_END:
    default:
      return sqlite3_bind_null (statement, index);
    }
}

HeptadSqlCell
sqlite_get_cell (sqlite3_stmt *statement, int column)
{
  switch (sqlite3_column_type (statement, column))
    {
    case SQLITE_INTEGER:
      return heptad_sql_int64 (sqlite3_column_int64 (statement, column));
    case SQLITE_FLOAT:
      return heptad_sql_double (sqlite3_column_double (statement, column));
    case SQLITE_TEXT:
      {
        const char *text = (const char *) sqlite3_column_text (statement, column);
        return heptad_sql_text_len (text, (gsize) sqlite3_column_bytes (statement, column));
      }
    case SQLITE_BLOB:
      {
        const void *data = sqlite3_column_blob (statement, column);
        gsize length = (gsize) sqlite3_column_bytes (statement, column);
        return heptad_sql_bytes (data != NULL ? data : "", length);
      }
    default:
      return heptad_sql_null ();
    }
}

guint
sqlite_count_parameters (const HeptadSqlParameter *parameters)
{
  guint count = 0;

  while (parameters != NULL && parameters[count].type != HEPTAD_SQL_TYPE_END)
    count++;
  return count;
}
