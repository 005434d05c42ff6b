/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/stream-query.h"

#include "core/doors/events-stream/topic-access.h"
#include "core/operations/url-decode.h"
#include "sdk/heptad-error.h"

#include <string.h>

static gboolean
set_field (HeptadStreamQuery *self, const char *name, const char *value, GError **error)
{
  if (strcmp (name, "topics") == 0 && self->topics == NULL)
    self->topics = g_strsplit (value, ",", HEPTAD_TOPICS_MAX + 1);
  else if (strcmp (name, "cursor") == 0 && self->cursor == NULL)
    self->cursor = g_strdup (value);
  else
    {
      g_set_error (
          error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
          "'%.40s' is unknown here or comes twice; give topics=a,b and, to go on, cursor=…", name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_field (HeptadStreamQuery *self, const char *field, GError **error)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) value = g_string_new (NULL);
  gsize name_length = strcspn (field, "=");
  const char *text = field + name_length + (field[name_length] == '=');
  const char *wrong = heptad_url_decode (field, name_length, TRUE, name);

  if (wrong == NULL)
    wrong = heptad_url_decode (text, strlen (text), TRUE, value);
  if (wrong == NULL)
    return set_field (self, name->str, value->str, error);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "The query cannot be read: %s",
               wrong);
  return FALSE;
}

gboolean
heptad_stream_query_parse (HeptadStreamQuery *self, const char *query, GError **error)
{
  g_auto (GStrv) fields = g_strsplit (query != NULL ? query : "", "&", -1);

  for (guint i = 0; fields[i] != NULL; i++)
    if (fields[i][0] != '\0' && !parse_field (self, fields[i], error))
      return FALSE;
  if (self->topics == NULL)
    self->topics = g_new0 (char *, 1);
  return heptad_topics_check ((const char *const *) self->topics, error);
}

void
heptad_stream_query_clear (HeptadStreamQuery *self)
{
  g_clear_pointer (&self->topics, g_strfreev);
  g_clear_pointer (&self->cursor, g_free);
}
