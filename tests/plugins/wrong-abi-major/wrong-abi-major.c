/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

#undef HEPTAD_ABI_MAJOR
#define HEPTAD_ABI_MAJOR 2

HEPTAD_DEFINE_PLUGIN (.id = "wrong-abi-major", .version = "1.0.0", .operations = operations)
