/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of libltdl is in this file. */
#include "core/plugins/module.h"

#include <ltdl.h>

#define QUERY_SYMBOL "heptad_plugin_query"

/* libltdl keeps its state in globals and is not safe to enter twice. */
static GMutex loader_mutex;

static lt_dlhandle
open_locally (const char *path)
{
  lt_dladvise advise;
  lt_dlhandle handle = NULL;

  if (lt_dladvise_init (&advise) != 0)
    return NULL;
  if (lt_dladvise_local (&advise) == 0 && lt_dladvise_resident (&advise) == 0)
    handle = lt_dlopenadvise (path, advise);
  lt_dladvise_destroy (&advise);
  return handle;
}

static HeptadPluginQueryFunc
find_query (const char *path)
{
  HeptadPluginQueryFunc query = NULL;
  lt_dlhandle handle = lt_dlinit () == 0 ? open_locally (path) : NULL;

  if (handle != NULL)
    *(void **) &query = lt_dlsym (handle, QUERY_SYMBOL);
  return query;
}

const HeptadPluginDescriptor *
heptad_module_open (const char *path, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&loader_mutex);
  HeptadPluginQueryFunc query = find_query (path);

  if (query == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "it cannot be loaded though its probe passed: %s; start the host again",
                   lt_dlerror ());
      return NULL;
    }
  return query ();
}
