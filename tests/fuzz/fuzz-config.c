/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first line becomes the value of a flag, the rest the configuration file. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const environment[] = { "HOME=/nonexistent", NULL };
  const guint8 *newline = memchr (data, '\n', size);
  gsize first = newline != NULL ? (gsize) (newline - data) : 0;
  int fd = memfd_create ("heptad.yaml", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("--config=/proc/self/fd/%d", fd);
  g_autofree char *flag = g_strndup ((const char *) data, first);
  const char *const arguments[] = { path, first > 0 ? flag : NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadConfig) config = NULL;

  g_assert_cmpint (write (fd, data + first, size - first), ==, (gssize) (size - first));
  config = heptad_config_load (arguments, environment, &error);
  close (fd);
  g_assert_true ((config == NULL) == (error != NULL));
  if (config == NULL)
    return 0;
  g_assert_nonnull (config->data_dir);
  g_assert_nonnull (config->listen);
  g_assert_cmpint (config->max_head_bytes, >=, 1024);
  return 0;
}
