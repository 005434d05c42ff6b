/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Everything that a plugin may use. */
#include "heptad-call.h"
#include "heptad-decimal.h"
#include "heptad-error.h"
#include "heptad-events.h"
#include "heptad-job.h"
#include "heptad-log.h"
#include "heptad-macros.h"
#include "heptad-plugin.h"
#include "heptad-settings.h"
#include "heptad-store.h"
#include "heptad-tenant.h"
#include "heptad-value.h"
