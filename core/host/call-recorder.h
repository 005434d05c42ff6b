/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/host/host.h"
#include "core/operations/dispatcher.h"

/**
 * heptad_call_recorder_record:
 * @data: the #HeptadHostDaemon
 *
 * Counts a call that has ended, and puts it into the audit log when it changed something, was
 * denied, or is marked. Any thread; does not block.
 */
void heptad_call_recorder_record (const HeptadCallRecord *record, gpointer data);
