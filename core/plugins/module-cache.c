/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/module-cache.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sdk/heptad-error.h"
#include "sdk/heptad-plugin.h"

#define MAX_MODULE_BYTES (256 * 1024 * 1024)

/* Raised when the probe looks for more, so that old verdicts are not believed. */
#define PROBE_REVISION 1

struct _HeptadModuleCache {
  char *modules_dir;
  char *probed_dir;
};

HeptadModuleCache *
heptad_module_cache_new (const char *cache_dir)
{
  HeptadModuleCache *cache = g_new0 (HeptadModuleCache, 1);

  cache->modules_dir = g_build_filename (cache_dir, "modules", NULL);
  cache->probed_dir = g_build_filename (cache_dir, "probed", NULL);
  return cache;
}

void
heptad_module_cache_free (HeptadModuleCache *cache)
{
  g_free (cache->modules_dir);
  g_free (cache->probed_dir);
  g_free (cache);
}

static gboolean
make_dir (const char *path, GError **error)
{
  int failure;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  failure = errno;
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (failure),
               "the folder %s cannot be made: %s", path, g_strerror (failure));
  return FALSE;
}

static gboolean
has_content (const char *path, GBytes *content)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);

  return file != NULL && g_mapped_file_get_length (file) == g_bytes_get_size (content)
         && memcmp (g_mapped_file_get_contents (file), g_bytes_get_data (content, NULL),
                    g_bytes_get_size (content))
                == 0;
}

/* Read, not mapped: the file may change while it is digested. */
static GBytes *
read_module (const char *path, GError **error)
{
  GStatBuf status;
  char *data = NULL;
  gsize length = 0;

  if (g_stat (path, &status) == 0 && status.st_size > MAX_MODULE_BYTES)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "the module %s is larger than %d MiB; strip its debug information", path,
                   MAX_MODULE_BYTES / (1024 * 1024));
      return NULL;
    }
  if (!g_file_get_contents (path, &data, &length, error))
    return NULL;
  return g_bytes_new_take (data, length);
}

char *
heptad_module_cache_add (HeptadModuleCache *cache, const char *path, char **digest, GError **error)
{
  g_autoptr (GBytes) content = read_module (path, error);
  g_autofree char *checksum = NULL;
  g_autofree char *copy = NULL;

  if (content == NULL)
    return NULL;

  checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  copy = g_strdup_printf ("%s/%s.so", cache->modules_dir, checksum);
  if (!has_content (copy, content))
    {
      if (!make_dir (cache->modules_dir, error)
          || !g_file_set_contents_full (copy, g_bytes_get_data (content, NULL),
                                        (gssize) g_bytes_get_size (content),
                                        G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
        return NULL;
    }

  *digest = g_steal_pointer (&checksum);
  return g_steal_pointer (&copy);
}

static char *
make_report_path (HeptadModuleCache *cache, const char *digest)
{
  return g_strdup_printf ("%s/%s-%d.%d-%d", cache->probed_dir, digest, HEPTAD_ABI_MAJOR,
                          HEPTAD_ABI_MINOR, PROBE_REVISION);
}

HeptadProbeReport *
heptad_module_cache_lookup_report (HeptadModuleCache *cache, const char *digest)
{
  g_autofree char *path = make_report_path (cache, digest);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return heptad_probe_report_parse (text, length, NULL);
}

void
heptad_module_cache_keep_report (HeptadModuleCache *cache,
                                 const char *digest,
                                 const HeptadProbeReport *report)
{
  g_autofree char *path = make_report_path (cache, digest);
  g_autofree char *text = heptad_probe_report_print (report);
  g_autoptr (GError) error = NULL;

  if (!make_dir (cache->probed_dir, &error)
      || !g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_info ("The result of probing a module is not kept: %s", error->message);
}
