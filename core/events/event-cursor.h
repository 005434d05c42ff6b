/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A place in a tenant's log as clients hold it: `1.POSITION.CHECK`. Opaque to them; the check
 * refuses what was mistyped or belongs to another tenant, not an attacker, who gains nothing by a
 * position. */

/* (transfer full) */
char *event_cursor_format (const char *tenant_id, gint64 position);

/**
 * event_cursor_parse:
 * @error: %HEPTAD_ERROR_INVALID_INPUT for what is no cursor of this tenant
 *
 * Returns: the position, or -1
 */
gint64 event_cursor_parse (const char *tenant_id, const char *cursor, GError **error);
