/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/events/event-cursor.h"

#include <string.h>

#include "sdk/heptad-error.h"

/* FNV-1a, whose few lines do not change between versions of a library. */
static guint32
compute_check (const char *tenant_id, gint64 position)
{
  g_autofree char *text = g_strdup_printf ("%s:%" G_GINT64_FORMAT, tenant_id, position);
  guint32 hash = 2166136261u;

  for (const char *at = text; *at != '\0'; at++)
    hash = (hash ^ (guint8) *at) * 16777619u;
  return hash;
}

char *
event_cursor_format (const char *tenant_id, gint64 position)
{
  return g_strdup_printf ("1.%" G_GINT64_MODIFIER "x.%08x", (guint64) position,
                          compute_check (tenant_id, position));
}

gint64
event_cursor_parse (const char *tenant_id, const char *cursor, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor, ".", 4);
  guint64 position = 0;

  if (g_strv_length (parts) == 3 && strcmp (parts[0], "1") == 0
      && g_ascii_string_to_unsigned (parts[1], 16, 0, G_MAXINT64, &position, NULL))
    {
      g_autofree char *expected = event_cursor_format (tenant_id, (gint64) position);
      if (strcmp (expected, cursor) == 0)
        return (gint64) position;
    }
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "'%.60s' is no cursor of this log; give one that an event carried, or none", cursor);
  return -1;
}
