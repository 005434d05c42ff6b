/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

HeptadValue *depot_run_count (HeptadJob *job, gpointer self, GError **error);
void depot_add_text (HeptadBuilder *answer, HeptadRows *rows);
