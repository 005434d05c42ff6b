/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "demo-bill.h"

#include <stdlib.h>
#include <string.h>

#define DEMO_BILL_DIGEST "376781f85edce044f1b40a8bb6b62bed54bbe121a013d8ff0f71adb4738d9fed"

static char *
make_bill (DemoBillShape shape, gsize *length, guint64 *n_lines)
{
  char *text = NULL;
  FILE *out = open_memstream (&text, length);

  *n_lines = demo_bill_write (shape, out);
  fclose (out);
  return text;
}

/* The demo is documented with its figures: whoever changes the bill changes this on purpose. */
static void
test_same_every_time (void)
{
  gsize length = 0;
  guint64 n_lines = 0;
  char *text = make_bill (DEMO_BILL_TWO_YEARS, &length, &n_lines);
  g_autofree char *digest =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text, length);

  g_assert_cmpuint (n_lines, ==, 730 * 5 * 12 + 24 * 5);
  g_assert_cmpstr (digest, ==, DEMO_BILL_DIGEST);
  free (text);
}

static void
test_every_line_is_whole (void)
{
  gsize length = 0;
  guint64 n_lines = 0;
  char *text = make_bill ((DemoBillShape){ .n_days = 40, .n_accounts = 7, .n_resources = 2 },
                          &length, &n_lines);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint64 n_found = 0;

  for (guint i = 0; lines[i][0] != '\0'; i++, n_found++)
    {
      guint n_commas = 0;
      gboolean quoted = FALSE;

      for (const char *at = lines[i]; *at != '\0'; at++)
        {
          quoted ^= *at == '"';
          n_commas += *at == ',' && !quoted;
        }
      g_assert_cmpuint (n_commas, ==, 42);
      g_assert_false (quoted);
    }
  g_assert_cmpuint (n_found, ==, n_lines + 1);
  free (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-bill/is-the-same-every-time", test_same_every_time);
  g_test_add_func ("/demo-bill/every-line-has-all-its-fields", test_every_line_is_whole);
  return g_test_run ();
}
