/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

#include <unistd.h>

SAMPLE_OPERATIONS ("ping");

static void __attribute__ ((constructor)) construct (void)
{
  _exit (7);
}

HEPTAD_DEFINE_PLUGIN (.id = "exits-in-constructor", .version = "1.0.0", .operations = operations)
