/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * data_lock_take:
 * @data_dir: made if it is not there, for its owner only
 * @error: %HEPTAD_ERROR_UNAVAILABLE: another host has it (by its process id), or it cannot be
 * written
 *
 * Locks a data directory for this process until the descriptor is closed.
 *
 * Returns: the descriptor, or -1
 */
int data_lock_take (const char *data_dir, GError **error);
