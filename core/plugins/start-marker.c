/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/start-marker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sdk/heptad-error.h"

#define MAX_MARKER_BYTES 64

static char *
make_path (const char *marker_dir, const char *plugin_id)
{
  return g_build_filename (marker_dir, plugin_id, NULL);
}

/* A new file is durable only when its folder is. */
static void
sync_dir (const char *dir)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
heptad_start_marker_put (const char *marker_dir, const char *plugin_id, GError **error)
{
  g_autofree char *path = make_path (marker_dir, plugin_id);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  int failure;

  if (g_mkdir_with_parents (marker_dir, 0700) != 0)
    {
      failure = errno;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                   "the folder %s cannot be made: %s; see to the data folder's permissions",
                   marker_dir, g_strerror (failure));
      return FALSE;
    }

  if (!g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 error))
    return FALSE;
  sync_dir (marker_dir);
  return TRUE;
}

void
heptad_start_marker_remove (const char *marker_dir, const char *plugin_id)
{
  g_autofree char *path = make_path (marker_dir, plugin_id);

  if (g_unlink (path) != 0 && errno != ENOENT)
    g_warning ("The start marker %s cannot be removed: %s. Remove it, or the plugin is disabled at "
               "the next start.",
               path, g_strerror (errno));
}

char *
heptad_start_marker_read (const char *marker_dir, const char *plugin_id)
{
  g_autofree char *path = make_path (marker_dir, plugin_id);
  char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  if (length > MAX_MARKER_BYTES || strspn (text, "0123456789-:TZ") != length)
    {
      g_free (text);
      return g_strdup ("an unknown date");
    }
  return text;
}
