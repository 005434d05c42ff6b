/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

#include <signal.h>

SAMPLE_OPERATIONS ("ping");

static void __attribute__ ((constructor)) construct (void)
{
  signal (SIGSEGV, SIG_DFL);
  raise (SIGSEGV);
}

HEPTAD_DEFINE_PLUGIN (.id = "crashes-in-constructor", .version = "1.0.0", .operations = operations)
