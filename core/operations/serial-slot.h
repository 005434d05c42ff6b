/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/worker-pool.h"
#include "sdk/heptad-tenant.h"

/**
 * HeptadSerialSlot:
 *
 * Lets one thread at a time into a serial plugin for one tenant, without holding a pool thread for
 * those who wait: they queue here and are pushed on when it is their turn.
 */
typedef struct _HeptadSerialSlot HeptadSerialSlot;

/**
 * heptad_serial_slot_get:
 * @tenant: a plugin's view of a tenant
 *
 * Returns: (transfer none): its slot, which lives as long as @tenant
 */
HeptadSerialSlot *heptad_serial_slot_get (HeptadTenant *tenant);

/**
 * heptad_serial_slot_try_enter:
 *
 * Returns: %TRUE when the slot was free and is now the caller's
 */
gboolean heptad_serial_slot_try_enter (HeptadSerialSlot *slot);

/**
 * heptad_serial_slot_enter_or_wait:
 * @work: kept until its turn when the slot is taken, then pushed to @pool with the slot its own
 * @max_waiting: how many may wait
 * @waiting: (out): whether @work now waits
 *
 * Returns: %FALSE when too many wait already
 */
gboolean heptad_serial_slot_enter_or_wait (HeptadSerialSlot *slot,
                                           HeptadWork *work,
                                           HeptadWorkerPool *pool,
                                           guint max_waiting,
                                           gboolean *waiting);

/**
 * heptad_serial_slot_leave:
 *
 * Gives the slot up, to the next who waits. Any thread.
 */
void heptad_serial_slot_leave (HeptadSerialSlot *slot);
