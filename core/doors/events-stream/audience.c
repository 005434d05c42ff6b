/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/audience-private.h"

struct _HeptadAudience {
  HeptadRestDoor *rest;
  HeptadAudienceLimits limits;
  GMutex mutex;          /* of all below */
  GHashTable *listeners; /* a set of HeptadListener */
  GHashTable *counts;    /* principal id → how many listeners */
  gboolean is_draining;
  HeptadAudienceStats stats; /* but for @events, which is atomic, and @open */
};

HeptadAudience *
heptad_audience_new (HeptadRestDoor *rest, const HeptadAudienceLimits *limits)
{
  HeptadAudience *audience = g_new0 (HeptadAudience, 1);

  audience->rest = rest;
  audience->limits = *limits;
  g_mutex_init (&audience->mutex);
  audience->listeners = g_hash_table_new (NULL, NULL);
  audience->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return audience;
}

void
heptad_audience_free (HeptadAudience *audience)
{
  g_return_if_fail (g_hash_table_size (audience->listeners) == 0);
  g_hash_table_unref (audience->listeners);
  g_hash_table_unref (audience->counts);
  g_mutex_clear (&audience->mutex);
  g_free (audience);
}

HeptadRestDoor *
heptad_audience_get_rest (HeptadAudience *audience)
{
  return audience->rest;
}

const HeptadAudienceLimits *
heptad_audience_get_limits (HeptadAudience *audience)
{
  return &audience->limits;
}

void
heptad_audience_get_stats (HeptadAudience *audience, HeptadAudienceStats *stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audience->mutex);

  *stats = audience->stats;
  stats->open = g_hash_table_size (audience->listeners);
  stats->events = __atomic_load_n (&audience->stats.events, __ATOMIC_RELAXED);
}

void
heptad_audience_count_event (HeptadAudience *audience)
{
  __atomic_fetch_add (&audience->stats.events, 1, __ATOMIC_RELAXED);
}

void
heptad_audience_count_left (HeptadAudience *audience, HeptadLeaveReason reason)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audience->mutex);

  audience->stats.slow += reason == HEPTAD_LEAVE_SLOW;
  audience->stats.revoked += reason == HEPTAD_LEAVE_REVOKED;
}

gboolean
heptad_audience_add (HeptadAudience *audience, HeptadListener *listener, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audience->mutex);
  guint n_present =
      GPOINTER_TO_UINT (g_hash_table_lookup (audience->counts, listener->principal_id));

  if (audience->is_draining)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                         "The host is stopping; connect again in a moment");
  else if (n_present >= audience->limits.max_per_principal)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_RATE_LIMITED,
                 "%s has %u connections open here already; close one or share them",
                 listener->principal_id, n_present);
  else
    {
      g_hash_table_insert (audience->counts, g_strdup (listener->principal_id),
                           GUINT_TO_POINTER (n_present + 1));
      g_hash_table_add (audience->listeners, listener);
      audience->stats.total++;
      return TRUE;
    }
  audience->stats.refused++;
  return FALSE;
}

void
heptad_audience_remove (HeptadAudience *audience, HeptadListener *listener)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audience->mutex);
  guint n_present =
      GPOINTER_TO_UINT (g_hash_table_lookup (audience->counts, listener->principal_id));

  g_hash_table_remove (audience->listeners, listener);
  if (n_present <= 1)
    g_hash_table_remove (audience->counts, listener->principal_id);
  else
    g_hash_table_insert (audience->counts, g_strdup (listener->principal_id),
                         GUINT_TO_POINTER (n_present - 1));
}

static gboolean
leave_draining (gpointer data)
{
  heptad_listener_leave (data, HEPTAD_LEAVE_DRAINING);
  return G_SOURCE_REMOVE;
}

void
heptad_audience_drain (HeptadAudience *audience)
{
  g_autoptr (GPtrArray) listeners = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer listener = NULL;

  g_mutex_lock (&audience->mutex);
  audience->is_draining = TRUE;
  g_hash_table_iter_init (&iter, audience->listeners);
  while (g_hash_table_iter_next (&iter, &listener, NULL))
    g_ptr_array_add (listeners, heptad_listener_ref (listener));
  g_mutex_unlock (&audience->mutex);
  for (guint i = 0; i < listeners->len; i++)
    heptad_listener_post (g_ptr_array_index (listeners, i), leave_draining,
                          g_ptr_array_index (listeners, i), (GDestroyNotify) heptad_listener_unref);
}
