/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/sqlite-json.h"

#include <string.h>

#include "core/store/sqlite-functions.h"
#include "sdk/heptad-value.h"

static const HeptadValue *
look_up (const HeptadValue *document, sqlite3_value *key)
{
  if (sqlite3_value_type (key) == SQLITE_TEXT)
    return heptad_value_get_member (document, (const char *) sqlite3_value_text (key));

  gint64 index = sqlite3_value_int64 (key);
  gint64 size = heptad_value_get_size (document);
  if (index < 0)
    index += size;
  return index >= 0 && index < size ? heptad_value_get_item (document, (guint) index) : NULL;
}

static void
result_json (sqlite3_context *context, const HeptadValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  heptad_value_print_to (value, text);
  sqlite3_result_text64 (context, text->str, text->len, SQLITE_TRANSIENT, SQLITE_UTF8);
  sqlite3_result_subtype (context, 'J'); /* so that SQLite's own functions take it for JSON */
}

static void
result_text (sqlite3_context *context, const HeptadValue *value)
{
  gsize length = 0;
  const char *text = heptad_value_get_text (value, &length);

  if (heptad_value_get_value_type (value) == HEPTAD_VALUE_NULL)
    return;
  if (text != NULL)
    sqlite3_result_text64 (context, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    {
      result_json (context, value);
      sqlite3_result_subtype (context, 0);
    }
}

static void
extract (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  gboolean as_text = sqlite3_user_data (context) != NULL;

  if (sqlite3_value_type (values[0]) == SQLITE_NULL
      || sqlite3_value_type (values[1]) == SQLITE_NULL)
    return;
  g_autoptr (HeptadValue) document = heptad_value_parse (
      (const char *) sqlite3_value_text (values[0]), sqlite3_value_bytes (values[0]), NULL);
  if (document == NULL)
    {
      sqlite_result_invalid (context, "what stands left of -> is not JSON");
      return;
    }
  const HeptadValue *found = look_up (document, values[1]);
  if (found != NULL)
    (as_text ? result_text : result_json) (context, found);
}

/* By the same scanner that everything else in the host reads JSON with. */
static void
is_json (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    return;
  g_autoptr (HeptadValue) value = heptad_value_parse ((const char *) sqlite3_value_text (values[0]),
                                                      sqlite3_value_bytes (values[0]), NULL);
  sqlite3_result_int (context, value != NULL);
}

void
sqlite_json_register (sqlite3 *db)
{
  static char as_text;
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  sqlite3_create_function_v2 (db, "->", 2, flags, NULL, extract, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "->>", 2, flags, &as_text, extract, NULL, NULL, NULL);
  sqlite3_create_function_v2 (db, "heptad_is_json", 1, flags, NULL, is_json, NULL, NULL, NULL);
}
