/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static gpointer
start (HeptadHost *host, GError **error)
{
  while (host != NULL)
    g_usleep (G_USEC_PER_SEC);
  return host;
}

HEPTAD_DEFINE_PLUGIN (.id = "hangs-in-start",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
