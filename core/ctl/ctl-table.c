/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-table.h"

#include <string.h>

#include "core/ctl/ctl-columns.h"
#include "core/ctl/ctl-text.h"

#define MAX_DEPTH 8

static gboolean
is_container (const HeptadValue *value)
{
  HeptadValueType type = heptad_value_get_value_type (value);

  return type == HEPTAD_VALUE_OBJECT || type == HEPTAD_VALUE_ARRAY;
}

static gboolean
is_table (const HeptadValue *value)
{
  return heptad_value_get_value_type (value) == HEPTAD_VALUE_ARRAY
         && heptad_value_get_value_type (heptad_value_get_item (value, 0)) == HEPTAD_VALUE_OBJECT;
}

/* One cell: scalars as they are, a list of scalars with commas, the rest as JSON. */
static char *
print_scalar (const HeptadValue *value)
{
  g_autofree char *text = NULL;

  switch (heptad_value_get_value_type (value))
    {
    case HEPTAD_VALUE_NULL:
      return g_strdup ("");
    case HEPTAD_VALUE_BOOLEAN:
      return g_strdup (heptad_value_get_boolean (value) ? "yes" : "no");
    case HEPTAD_VALUE_NUMBER:
    case HEPTAD_VALUE_STRING:
      return ctl_text_clean (heptad_value_get_text (value, NULL));
    default:
      text = heptad_value_print (value);
      return ctl_text_clean (text);
    }
}

static char *
print_cell (const HeptadValue *value)
{
  GString *list;

  if (heptad_value_get_value_type (value) != HEPTAD_VALUE_ARRAY || is_table (value))
    return print_scalar (value);
  list = g_string_new (NULL);
  for (guint i = 0; i < heptad_value_get_size (value); i++)
    {
      g_autofree char *item = print_scalar (heptad_value_get_item (value, i));

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", item);
    }
  return g_string_free (list, FALSE);
}

typedef void (*CellFunc) (const char *name, const char *text, gpointer data);

/* Members of members as "key.service"; tables inside are left to the caller. */
static void
flatten (const HeptadValue *object,
         const char *prefix,
         guint depth,
         gboolean skip_tables,
         CellFunc add,
         gpointer data)
{
  for (guint i = 0; i < heptad_value_get_size (object); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (object, i, &name);
      g_autofree char *clean = ctl_text_clean (name);
      g_autofree char *whole = g_strconcat (prefix, *prefix != '\0' ? "." : "", clean, NULL);
      g_autofree char *text = NULL;

      if (skip_tables && is_table (value))
        continue;
      if (heptad_value_get_value_type (value) == HEPTAD_VALUE_OBJECT && depth < MAX_DEPTH)
        {
          flatten (value, whole, depth + 1, skip_tables, add, data);
          continue;
        }
      text = print_cell (value);
      add (whole, text, data);
    }
}

static void
add_cell (const char *name, const char *text, gpointer columns)
{
  ctl_columns_set (columns, name, text);
}

static void
print_rows (const HeptadValue *list, GString *into)
{
  g_autoptr (CtlColumns) columns = ctl_columns_new ();

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      ctl_columns_begin_row (columns);
      flatten (heptad_value_get_item (list, i), "", 0, FALSE, add_cell, columns);
    }
  ctl_columns_print (columns, TRUE, into);
}

typedef struct {
  GPtrArray *names;
  GPtrArray *texts;
  gsize width;
} Members;

static void
add_member (const char *name, const char *text, gpointer data)
{
  Members *members = data;

  if (*text == '\0')
    return;
  members->width = MAX (members->width, ctl_text_get_width (name));
  g_ptr_array_add (members->names, g_strdup (name));
  g_ptr_array_add (members->texts, g_strdup (text));
}

static void
print_members (const HeptadValue *object, GString *into)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Members members = { names, texts, 0 };

  flatten (object, "", 0, TRUE, add_member, &members);
  for (guint i = 0; i < names->len; i++)
    {
      g_string_append (into, names->pdata[i]);
      ctl_text_append_spaces (into, members.width - ctl_text_get_width (names->pdata[i]) + 2);
      g_string_append_printf (into, "%s\n", (char *) texts->pdata[i]);
    }
}

static void
print_tables (const HeptadValue *object, GString *into)
{
  for (guint i = 0; i < heptad_value_get_size (object); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (object, i, &name);
      g_autofree char *title = NULL;

      if (!is_table (value))
        continue;
      title = ctl_text_clean (name);
      g_string_append_printf (into, "%s%s\n", into->len > 0 ? "\n" : "", title);
      print_rows (value, into);
    }
}

/* A page is its list: {"items": […]} without another member. */
static const HeptadValue *
get_page (const HeptadValue *value)
{
  const HeptadValue *items = heptad_value_get_member (value, "items");

  return heptad_value_get_size (value) == 1 && items != NULL
                 && heptad_value_get_value_type (items) == HEPTAD_VALUE_ARRAY
             ? items
             : value;
}

static void
print_list (const HeptadValue *list, GString *into)
{
  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      g_autofree char *text = print_cell (heptad_value_get_item (list, i));

      g_string_append_printf (into, "%s\n", text);
    }
}

char *
ctl_table_print (const HeptadValue *value)
{
  GString *into = g_string_new (NULL);
  const HeptadValue *shown = get_page (value);

  if (!is_container (shown))
    {
      g_autofree char *text = print_scalar (shown);

      g_string_append_printf (into, "%s\n", text);
    }
  else if (heptad_value_get_value_type (shown) == HEPTAD_VALUE_OBJECT)
    {
      print_members (shown, into);
      print_tables (shown, into);
    }
  else if (heptad_value_get_size (shown) == 0)
    g_string_append (into, "(none)\n");
  else if (is_table (shown))
    print_rows (shown, into);
  else
    print_list (shown, into);
  return g_string_free (into, FALSE);
}
