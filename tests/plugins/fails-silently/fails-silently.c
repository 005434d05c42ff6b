/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static gpointer
start (HeptadHost *host, GError **error)
{
  return NULL;
}

HEPTAD_DEFINE_PLUGIN (.id = "fails-silently",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
