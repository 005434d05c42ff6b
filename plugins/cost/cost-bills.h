/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <heptad.h>

void cost_on_ingest_bill (HeptadCall *call, gpointer plugin);
void cost_on_list_bills (HeptadCall *call, gpointer plugin);
void cost_on_get_bill (HeptadCall *call, gpointer plugin);
void cost_on_list_rejected_lines (HeptadCall *call, gpointer plugin);
