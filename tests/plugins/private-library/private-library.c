/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

extern int helper_of_private_library (void);

static gpointer
start (HeptadHost *host, GError **error)
{
  return helper_of_private_library () > 0 ? host : NULL;
}

HEPTAD_DEFINE_PLUGIN (.id = "private-library",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
