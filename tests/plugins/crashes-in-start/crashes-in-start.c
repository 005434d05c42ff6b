/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

#include <stdlib.h>

SAMPLE_OPERATIONS ("ping");

static gpointer
start (HeptadHost *host, GError **error)
{
  abort ();
}

HEPTAD_DEFINE_PLUGIN (.id = "crashes-in-start",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
