/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static void __attribute__ ((constructor)) construct (void)
{
  for (;;)
    g_usleep (G_USEC_PER_SEC);
}

HEPTAD_DEFINE_PLUGIN (.id = "hangs-in-constructor", .version = "1.0.0", .operations = operations)
