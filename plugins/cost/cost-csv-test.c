/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-csv.h"

#include <string.h>

/* Reads all of a text and writes down what came: `1[a][b]`, `3!reason`. Quoted fields stand in <>.
 */
static char *
read_all (const char *text, gsize length, gsize block_size, gsize max_record)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (CostCsv) csv = cost_csv_new (block_size, max_record);
  g_autofree CostCsvRecord *record = g_new (CostCsvRecord, 1);
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  CostCsvResult result;

  while (cost_csv_read_block (csv, stream, NULL, &error))
    while ((result = cost_csv_next (csv, record)) != COST_CSV_END_OF_BLOCK)
      {
        g_string_append_printf (found, "%" G_GUINT64_FORMAT, record->line);
        if (result == COST_CSV_REJECTED)
          g_string_append_printf (found, "!%s", record->reason);
        for (guint i = 0; result == COST_CSV_RECORD && i < record->n_fields; i++)
          g_string_append_printf (found, record->quoted[i] ? "<%.*s>" : "[%.*s]",
                                  (int) record->fields[i].length, record->fields[i].data);
        g_string_append_c (found, ' ');
      }
  g_assert_no_error (error);
  g_assert_cmpint (cost_csv_get_offset (csv), ==, (gint64) length);
  return g_string_free (g_steal_pointer (&found), FALSE);
}

static void
assert_reads (const char *text, const char *expected)
{
  g_autofree char *found = read_all (text, strlen (text), COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_fields (void)
{
  assert_reads ("", "");
  assert_reads ("a", "1[a] ");
  assert_reads ("a,b\n", "1[a][b] ");
  assert_reads (",\n", "1[][] ");
  assert_reads ("a,\n", "1[a][] ");
  assert_reads ("a\nb", "1[a] 2[b] ");
  assert_reads ("a\r\nb\r\n", "1[a] 2[b] ");
  assert_reads ("a\r", "1[a] ");
  assert_reads ("\n\r\n\na\n", "4[a] ");
  assert_reads (" a , b \n", "1[ a ][ b ] ");
}

static void
test_quotes (void)
{
  assert_reads ("\"a,b\",c\n", "1<a,b>[c] ");
  assert_reads ("\"\",\"\"\n", "1<><> ");
  assert_reads ("\"a\"\"b\"\n", "1<a\"b> ");
  assert_reads ("\"\"\"\"\n", "1<\"> ");
  assert_reads ("\"\"\"a\"\"\"\"\"\n", "1<\"a\"\"> ");
  assert_reads ("\"a\nb\r\n\",c\nd\n", "1<a\nb\r\n>[c] 4[d] ");
}

static void
test_byte_order_mark (void)
{
  assert_reads ("\xef\xbb\xbf", "");
  assert_reads ("\xef\xbb\xbf\"a\",b\n", "1<a>[b] ");
  assert_reads ("a\n\xef\xbb\xbf", "1[a] 2[\xef\xbb\xbf] ");
}

static void
test_broken_quotes (void)
{
  assert_reads ("\"a\"b,c\nd\n",
                "1!a closing quote must be followed by a comma or the end of the line 2[d] ");
  assert_reads ("a\"b\nd\n", "1!a quote stands inside a field that does not begin with one 2[d] ");
  assert_reads ("a\rb\nd\n", "1!a carriage return stands inside a field without quotes 2[d] ");
  assert_reads ("\"", "1!a quote is not closed ");
}

/* The lines behind a quote that is never closed are not lost with it. */
static void
test_unclosed (void)
{
  assert_reads ("x\n\"a,b\nc,d\ne,f\n", "1[x] 2!a quote is not closed 3[c][d] 4[e][f] ");
}

static void
test_not_text (void)
{
  static const char nul[] = "a\0b\nc\n";
  g_autofree char *found = read_all (nul, sizeof nul - 1, COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);

  g_assert_cmpstr (found, ==, "1!the line holds bytes that are not UTF-8 text 2[c] ");
  assert_reads ("\xff\nc\n", "1!the line holds bytes that are not UTF-8 text 2[c] ");
  assert_reads ("\"\xc3\"\nc\n", "1!the line holds bytes that are not UTF-8 text 2[c] ");
  assert_reads ("\xed\xa0\x80\nc\n", "1!the line holds bytes that are not UTF-8 text 2[c] ");
  assert_reads ("Zürich,日本\n", "1[Zürich][日本] ");
}

static void
test_many_fields (void)
{
  for (guint n_fields = COST_CSV_MAX_FIELDS - 1; n_fields <= COST_CSV_MAX_FIELDS + 2; n_fields++)
    {
      g_autofree char *commas = g_strnfill (n_fields - 1, ',');
      g_autofree char *text = g_strconcat (commas, "\nz\n", NULL);
      g_autofree char *found =
          read_all (text, strlen (text), COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);

      if (n_fields <= COST_CSV_MAX_FIELDS)
        g_assert_cmpuint (strlen (found), ==, 1 + 2 * n_fields + 1 + strlen ("2[z] "));
      else
        g_assert_cmpstr (found, ==, "1!there are more than 512 fields 2[z] ");
    }
}

/* Wherever the blocks of a file end, it reads the same. */
static void
test_every_split (void)
{
  static const char text[] = "\xef\xbb\xbf"
                             "a,\"b\"\"c\"\r\n\r\n,\"d\r\ne\",\n\"\",Zürich\nbad\"q\n\"\"\"\",日\n"
                             "\"x\"y\nlast,\"\r\"\r\n\"open,\nz\n";
  g_autofree char *whole =
      read_all (text, sizeof text - 1, COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);

  for (gsize block_size = 34; block_size < sizeof text + 2; block_size++)
    for (gsize first = 0; first < 34; first++)
      {
        g_autofree char *shift = g_strnfill (first, '\n');
        g_autofree char *shifted = g_strconcat (text, shift, text + 3, NULL);
        g_autofree char *expected = read_all (shifted, strlen (shifted), COST_CSV_BLOCK_SIZE, 33);
        g_autofree char *found = read_all (shifted, strlen (shifted), block_size, 33);

        g_assert_cmpstr (found, ==, expected);
      }
  g_assert_true (g_str_has_prefix (whole, "1[a]<b\"c> 3[]<d\r\ne>[] 5<>[Zürich] 6!"));
}

static void
test_too_long (void)
{
  g_autofree char *at_limit = g_strnfill (99, 'a');
  g_autofree char *text = g_strdup_printf ("%s\n%sa\nb\n", at_limit, at_limit);

  for (gsize block_size = 101; block_size < 320; block_size++)
    {
      g_autofree char *found = read_all (text, strlen (text), block_size, 100);
      g_autofree char *expected = g_strdup_printf (
          "1[%s] 2!the line is longer than 1 MiB; perhaps a quote is not closed 3[b] ", at_limit);

      g_assert_cmpstr (found, ==, expected);
    }
}

static void
test_endless_line (void)
{
  gsize length = 3 * COST_CSV_BLOCK_SIZE + 77;
  g_autofree char *text = g_strnfill (length, 'a');
  g_autofree char *found = NULL;

  memcpy (text + length - 4, "\nb,c", 4);
  found = read_all (text, length, COST_CSV_BLOCK_SIZE, COST_CSV_MAX_RECORD);
  g_assert_cmpstr (found, ==,
                   "1!the line is longer than 1 MiB; perhaps a quote is not closed 2[b][c] ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cost/csv/fields-are-split-as-they-stand", test_fields);
  g_test_add_func ("/cost/csv/quotes-hold-commas-quotes-and-lines", test_quotes);
  g_test_add_func ("/cost/csv/a-byte-order-mark-is-no-text", test_byte_order_mark);
  g_test_add_func ("/cost/csv/a-broken-line-is-rejected-alone", test_broken_quotes);
  g_test_add_func ("/cost/csv/an-unclosed-quote-takes-one-line-with-it", test_unclosed);
  g_test_add_func ("/cost/csv/what-is-not-text-is-rejected", test_not_text);
  g_test_add_func ("/cost/csv/512-fields-and-no-more", test_many_fields);
  g_test_add_func ("/cost/csv/blocks-may-end-anywhere", test_every_split);
  g_test_add_func ("/cost/csv/a-long-line-is-rejected-alone", test_too_long);
  g_test_add_func ("/cost/csv/an-endless-line-needs-no-more-memory", test_endless_line);
  return g_test_run ();
}
