/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static gpointer
start (HeptadHost *host, GError **error)
{
  return host;
}

static void
stop (gpointer plugin)
{
  for (;;)
    g_usleep (G_USEC_PER_SEC);
}

HEPTAD_DEFINE_PLUGIN (.id = "slow-stop",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start,
                      .stop = stop)
