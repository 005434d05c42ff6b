/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

static const HeptadOperationEntry operations[] = { { NULL, NULL } };

HEPTAD_DEFINE_PLUGIN (.id = "missing-handler", .version = "1.0.0", .operations = operations)
