/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

HEPTAD_DEFINE_PLUGIN (.id = "missing-requirement", .version = "1.0.0", .operations = operations)
