/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-columns.h"

#include <string.h>

#include "core/ctl/ctl-text.h"

#define GAP         2
#define MAX_COLUMNS 64

/* A column of numbers is aligned by its point, so it knows the widest of each half. */
typedef struct {
  char *name;
  gboolean is_text;
  gsize width;
  gsize whole_width;
  gsize fraction_width;
} Column;

struct _CtlColumns {
  GArray *columns;
  GPtrArray *rows; /* of GPtrArray of texts, by column; NULL where there is none */
};

static void
free_column (gpointer data)
{
  g_free (((Column *) data)->name);
}

CtlColumns *
ctl_columns_new (void)
{
  CtlColumns *columns = g_new0 (CtlColumns, 1);

  columns->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  g_array_set_clear_func (columns->columns, free_column);
  columns->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  return columns;
}

void
ctl_columns_free (CtlColumns *columns)
{
  g_array_unref (columns->columns);
  g_ptr_array_unref (columns->rows);
  g_free (columns);
}

void
ctl_columns_begin_row (CtlColumns *columns)
{
  g_ptr_array_add (columns->rows, g_ptr_array_new_with_free_func (g_free));
}

static guint
find_column (CtlColumns *columns, const char *name)
{
  Column column = { .name = NULL, .width = ctl_text_get_width (name) };

  for (guint i = 0; i < columns->columns->len; i++)
    if (strcmp (g_array_index (columns->columns, Column, i).name, name) == 0)
      return i;
  column.name = g_strdup (name);
  g_array_append_val (columns->columns, column);
  return columns->columns->len - 1;
}

/* The part before the point. */
static gsize
measure_whole (const char *number)
{
  return strcspn (number, ".");
}

static void
measure (Column *column, const char *text)
{
  HeptadDecimal decimal;
  gsize whole = measure_whole (text);

  column->width = MAX (column->width, ctl_text_get_width (text));
  column->whole_width = MAX (column->whole_width, whole);
  column->fraction_width = MAX (column->fraction_width, strlen (text) - whole);
  if (*text != '\0'
      && (strpbrk (text, "eE") != NULL || !heptad_decimal_parse (text, -1, &decimal, NULL)))
    column->is_text = TRUE;
}

void
ctl_columns_set (CtlColumns *columns, const char *name, const char *text)
{
  GPtrArray *row = columns->rows->pdata[columns->rows->len - 1];
  guint index = find_column (columns, name);

  if (index >= MAX_COLUMNS)
    return;
  while (row->len <= index)
    g_ptr_array_add (row, NULL);
  g_free (row->pdata[index]);
  row->pdata[index] = g_strdup (text);
  measure (&g_array_index (columns->columns, Column, index), text);
}

static gsize
get_width (const Column *column)
{
  return column->is_text ? column->width
                         : MAX (column->width, column->whole_width + column->fraction_width);
}

static void
print_cell (
    const Column *column, const char *text, gboolean is_title, gboolean is_last, GString *into)
{
  gsize free_width = get_width (column) - ctl_text_get_width (text);
  gsize after = free_width;

  if (!column->is_text)
    after = is_title ? 0 : column->fraction_width - (strlen (text) - measure_whole (text));
  ctl_text_append_spaces (into, free_width - after);
  g_string_append (into, text);
  if (!is_last)
    ctl_text_append_spaces (into, after + GAP);
}

static void
end_line (GString *into)
{
  while (into->len > 0 && into->str[into->len - 1] == ' ')
    g_string_truncate (into, into->len - 1);
  g_string_append_c (into, '\n');
}

void
ctl_columns_print (const CtlColumns *columns, gboolean with_titles, GString *into)
{
  guint n_columns = MIN (columns->columns->len, MAX_COLUMNS);

  for (guint i = 0; with_titles && i < n_columns; i++)
    {
      const Column *column = &g_array_index (columns->columns, Column, i);
      g_autofree char *title = g_utf8_strup (column->name, -1);

      print_cell (column, title, TRUE, i + 1 == n_columns, into);
    }
  if (with_titles)
    end_line (into);
  for (guint i = 0; i < columns->rows->len; i++)
    {
      GPtrArray *row = columns->rows->pdata[i];

      for (guint j = 0; j < n_columns; j++)
        {
          const char *text = j < row->len && row->pdata[j] != NULL ? row->pdata[j] : "";

          print_cell (&g_array_index (columns->columns, Column, j), text, FALSE, j + 1 == n_columns,
                      into);
        }
      end_line (into);
    }
}
