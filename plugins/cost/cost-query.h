/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

/**
 * cost_on_get_costs:
 *
 * Answers getCosts: exact sums from the rollups, by up to three dimensions. Currencies are kept
 * apart.
 */
void cost_on_get_costs (HeptadCall *call, gpointer plugin);
