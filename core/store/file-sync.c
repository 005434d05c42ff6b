/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/file-sync.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "sdk/heptad-error.h"

void
file_sync_set_error (GError **error, const char *path, int number)
{
  HeptadError code = HEPTAD_ERROR_UNAVAILABLE;

  if (number == ENOSPC || number == EDQUOT || number == EFBIG)
    code = HEPTAD_ERROR_STORAGE_FULL;
  else if (number == ENOENT)
    code = HEPTAD_ERROR_NOT_FOUND;
  g_set_error (error, HEPTAD_ERROR, code, "%s: %s", path, g_strerror (number));
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = g_open (path, flags | O_CLOEXEC, 0);
  gboolean is_ok = fd >= 0 && fsync (fd) == 0;

  if (!is_ok)
    file_sync_set_error (error, path, errno);
  if (fd >= 0)
    close (fd);
  return is_ok;
}

gboolean
file_sync_directory (const char *path, GError **error)
{
  return sync_path (path, O_RDONLY | O_DIRECTORY, error);
}

gboolean
file_sync_rename (const char *from, const char *to, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (to);

  if (!sync_path (from, O_RDONLY, error))
    return FALSE;
  if (g_rename (from, to) != 0)
    {
      file_sync_set_error (error, to, errno);
      return FALSE;
    }
  return file_sync_directory (directory, error);
}

gboolean
file_sync_make_directory (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      file_sync_set_error (error, path, errno);
      return FALSE;
    }
  return file_sync_directory (parent, error);
}
