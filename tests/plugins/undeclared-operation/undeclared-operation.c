/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

static const HeptadOperationEntry operations[] = {
  HEPTAD_OPERATION ("ping", on_ping),
  HEPTAD_OPERATION ("pong", on_ping),
  { NULL, NULL },
};

HEPTAD_DEFINE_PLUGIN (.id = "undeclared-operation", .version = "1.0.0", .operations = operations)
