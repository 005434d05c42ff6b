/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-deadline.h"

static G_DEFINE_QUARK (heptad - deadline, deadline)

    void heptad_cancellable_set_deadline (GCancellable *cancellable, gint64 deadline_us)
{
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  gint64 *stored = g_new (gint64, 1);
  *stored = deadline_us;
  g_object_set_qdata_full (G_OBJECT (cancellable), deadline_quark (), stored, g_free);
}

gint64
heptad_cancellable_get_deadline (GCancellable *cancellable)
{
  if (cancellable == NULL)
    return G_MAXINT64;
  const gint64 *stored = g_object_get_qdata (G_OBJECT (cancellable), deadline_quark ());
  return stored != NULL ? *stored : G_MAXINT64;
}

static gboolean
is_past (gint64 deadline_us)
{
  return deadline_us != G_MAXINT64 && g_get_monotonic_time () >= deadline_us;
}

gboolean
heptad_cancellable_is_over (GCancellable *cancellable)
{
  return g_cancellable_is_cancelled (cancellable)
         || is_past (heptad_cancellable_get_deadline (cancellable));
}

void
heptad_cancellable_set_error (GCancellable *cancellable, const char *what, GError **error)
{
  if (is_past (heptad_cancellable_get_deadline (cancellable)))
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE, "%s did not end before its deadline",
                 what);
  else
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED, "%s was cancelled", what);
}
