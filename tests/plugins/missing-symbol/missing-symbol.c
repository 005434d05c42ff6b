/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

extern void missing_symbol_of_nobody (void);

static gpointer
start (HeptadHost *host, GError **error)
{
  missing_symbol_of_nobody ();
  return host;
}

HEPTAD_DEFINE_PLUGIN (.id = "missing-symbol",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
