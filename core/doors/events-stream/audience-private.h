/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/events-stream/audience.h"

/* Between an audience and its listeners. */

const HeptadAudienceLimits *heptad_audience_get_limits (HeptadAudience *audience);
gboolean heptad_audience_add (HeptadAudience *audience, HeptadListener *listener, GError **error);
void heptad_audience_remove (HeptadAudience *audience, HeptadListener *listener);
void heptad_audience_count_left (HeptadAudience *audience, HeptadLeaveReason reason);
