/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/disabled-note.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#define MAX_NOTE_BYTES 4096

gboolean
heptad_disabled_note_put (const char *note_dir,
                          const char *plugin_id,
                          const char *reason,
                          GError **error)
{
  g_autofree char *path = g_build_filename (note_dir, plugin_id, NULL);

  /* A folder that cannot be made shows when the file is written. */
  g_mkdir_with_parents (note_dir, 0700);
  return g_file_set_contents_full (
      path, reason, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

gboolean
heptad_disabled_note_remove (const char *note_dir, const char *plugin_id, GError **error)
{
  g_autofree char *path = g_build_filename (note_dir, plugin_id, NULL);
  int failure;

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  failure = errno;
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (failure), "%s cannot be removed: %s",
               path, g_strerror (failure));
  return FALSE;
}

char *
heptad_disabled_note_read (const char *note_dir, const char *plugin_id)
{
  g_autofree char *path = g_build_filename (note_dir, plugin_id, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return g_utf8_make_valid (text, (gssize) MIN (length, MAX_NOTE_BYTES));
}
