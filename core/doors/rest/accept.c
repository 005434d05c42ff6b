/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/accept.h"

#include <string.h>

typedef struct {
  const char *range;
  gsize length;
  gboolean refused; /* q=0 */
} Entry;

static gboolean
parameters_refuse (const char *text, gsize length)
{
  g_autofree char *lower = g_ascii_strdown (text, (gssize) length);
  const char *q = strstr (lower, "q=");

  return q != NULL && g_ascii_strtod (q + 2, NULL) <= 0;
}

static const char *
next_entry (const char *text, Entry *entry)
{
  gsize length, range;

  text += strspn (text, " \t,");
  if (*text == '\0')
    return NULL;
  length = strcspn (text, ",");
  range = strcspn (text, ",; \t");
  entry->range = text;
  entry->length = range;
  entry->refused = parameters_refuse (text + range, length - range);
  return text + length;
}

/* 0: not covered; 1: by a wildcard for all; 2: by one of the type; 3: by its full name. */
static guint
match_entry (const Entry *entry, const char *type)
{
  gsize slash = strcspn (type, "/");

  if (entry->length == 3 && strncmp (entry->range, "*/*", 3) == 0)
    return 1;
  if (entry->length == slash + 2 && g_ascii_strncasecmp (entry->range, type, slash + 1) == 0
      && entry->range[slash + 1] == '*')
    return 2;
  if (entry->length == strlen (type)
      && g_ascii_strncasecmp (entry->range, type, entry->length) == 0)
    return 3;
  return 0;
}

gboolean
heptad_accept_allows (const char *accept, const char *type)
{
  guint best = 0;
  gboolean allowed = FALSE;
  Entry entry;

  if (accept == NULL || *accept == '\0' || strcmp (accept, "*/*") == 0)
    return TRUE;
  while ((accept = next_entry (accept, &entry)) != NULL)
    {
      guint match = match_entry (&entry, type);

      if (match > best)
        {
          best = match;
          allowed = !entry.refused;
        }
    }
  return allowed;
}

char *
heptad_media_type_of (const char *content_type)
{
  gsize length;

  if (content_type == NULL)
    return NULL;
  length = strcspn (content_type, "; \t");
  return g_ascii_strdown (content_type, (gssize) length);
}
