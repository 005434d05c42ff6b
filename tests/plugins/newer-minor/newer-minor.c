/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

#undef HEPTAD_ABI_MINOR
#define HEPTAD_ABI_MINOR 7

HEPTAD_DEFINE_PLUGIN (.id = "newer-minor", .version = "1.0.0", .operations = operations)
