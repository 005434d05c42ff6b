/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/data-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sdk/heptad-error.h"

static void
set_error (GError **error, const char *data_dir, int number)
{
  gboolean is_full = number == ENOSPC || number == EDQUOT;

  g_set_error (
      error, HEPTAD_ERROR, is_full ? HEPTAD_ERROR_STORAGE_FULL : HEPTAD_ERROR_UNAVAILABLE,
      "The data directory %s cannot be used: %s; choose another by --data-dir, or give this "
      "user the right to write there",
      data_dir, g_strerror (number));
}

static void
set_taken_error (GError **error, const char *data_dir, int fd)
{
  char pid[32] = "";
  gssize length = pread (fd, pid, sizeof pid - 1, 0);

  pid[MAX (length, 0)] = '\0';
  g_strstrip (pid);
  g_set_error (
      error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
      "The data directory %s is in use by another host, process %s; stop it first, or choose "
      "another by --data-dir",
      data_dir, *pid != '\0' ? pid : "unknown");
}

int
data_lock_take (const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "lock", NULL);
  char pid[32];

  if (g_mkdir_with_parents (data_dir, 0700) != 0)
    {
      set_error (error, data_dir, errno);
      return -1;
    }
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_error (error, data_dir, errno);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      set_taken_error (error, data_dir, fd);
      close (fd);
      return -1;
    }
  int length = snprintf (pid, sizeof pid, "%ld\n", (long) getpid ());
  if (ftruncate (fd, 0) != 0 || pwrite (fd, pid, (gsize) length, 0) != length)
    {
      set_error (error, data_dir, errno);
      close (fd);
      return -1;
    }
  return fd;
}
