/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/operation.h"

#include <string.h>

gboolean
heptad_operation_is_safe (const HeptadOperation *operation)
{
  return strcmp (operation->method, "GET") == 0;
}

const HeptadResponse *
heptad_operation_find_response (const HeptadOperation *operation, guint status)
{
  for (guint i = 0; i < operation->responses->len; i++)
    {
      const HeptadResponse *response = &g_array_index (operation->responses, HeptadResponse, i);

      if (status == 0 || response->status == status)
        return response;
    }
  return NULL;
}

static gboolean
media_type_covers (const char *declared, const char *type)
{
  gsize length = strlen (declared);

  if (strcmp (declared, "*/*") == 0)
    return TRUE;
  if (length > 2 && strcmp (declared + length - 2, "/*") == 0)
    return strncmp (declared, type, length - 1) == 0;
  return strcmp (declared, type) == 0;
}

const HeptadMediaType *
heptad_media_types_find (GArray *media, const char *type)
{
  for (guint i = 0; i < media->len; i++)
    {
      const HeptadMediaType *one = &g_array_index (media, HeptadMediaType, i);

      if (media_type_covers (one->type, type))
        return one;
    }
  return NULL;
}
