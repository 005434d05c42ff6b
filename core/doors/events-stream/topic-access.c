/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/topic-access.h"

#include "sdk/heptad-error.h"

#include <string.h>

#define MAX_TOPIC_LENGTH 200

static gboolean
is_topic (const char *topic)
{
  gsize length = strlen (topic);

  if (strcmp (topic, "*") == 0)
    return TRUE;
  if (length > MAX_TOPIC_LENGTH || !g_ascii_islower (topic[0]) || strchr (topic, '.') == NULL)
    return FALSE;
  length = strspn (topic, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
  return topic[length] == '\0' || (topic[length - 1] == '.' && strcmp (topic + length, "*") == 0);
}

gboolean
heptad_topics_check (const char *const *topics, GError **error)
{
  guint n_topics = g_strv_length ((char **) topics);

  if (n_topics == 0 || n_topics > HEPTAD_TOPICS_MAX)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "A subscription names 1 to %u topics, this one %u", HEPTAD_TOPICS_MAX, n_topics);
      return FALSE;
    }
  for (; *topics != NULL; topics++)
    {
      if (is_topic (*topics))
        continue;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "'%.80s' is no topic; give a topic's whole name, the beginning of one "
                   "followed by .*, or * alone",
                   *topics);
      return FALSE;
    }
  return TRUE;
}

gboolean
heptad_topics_check_access (const char *const *topics,
                            const HeptadPrincipal *principal,
                            GError **error)
{
  for (; *topics != NULL; topics++)
    {
      g_autofree char *permission =
          g_strdup_printf ("%.*s:read", (int) strcspn (*topics, "."), *topics);

      if (heptad_principal_is_allowed (principal, permission, NULL))
        continue;
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED,
                   "%s lacks the permission '%s' that the topic '%s' needs; an administrator can "
                   "grant it",
                   heptad_principal_get_id (principal), permission, *topics);
      return FALSE;
    }
  return TRUE;
}
