/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "demo-bill.h"

#include <stdlib.h>

/* Writes the demo bill to stdout. */
int
main (int argc, char **argv)
{
  DemoBillShape shape = DEMO_BILL_TWO_YEARS;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "days", 0, 0, G_OPTION_ARG_INT, &shape.n_days, "How many days, from 2024-11-01", "N" },
    { "accounts", 0, 0, G_OPTION_ARG_INT, &shape.n_accounts, "How many accounts spend", "N" },
    { "resources", 0, 0, G_OPTION_ARG_INT, &shape.n_resources,
      "How many lines each service of an account has a day", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context =
      g_option_context_new ("- write a made-up FOCUS 1.0 bill, the same every time");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("heptad-demo-bill: %s\n", error->message);
      return 2;
    }
  if (shape.n_days > 10000 || shape.n_accounts > 10000 || shape.n_resources > 10000)
    {
      g_printerr ("heptad-demo-bill: days, accounts and resources may be 0 to 10000\n");
      return 2;
    }
  demo_bill_write (shape, stdout);
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      g_printerr ("heptad-demo-bill: the bill could not be written to its end\n");
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
