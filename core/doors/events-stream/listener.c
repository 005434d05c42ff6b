/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/audience-private.h"

#include "core/doors/rest/cross-origin.h"

enum {
  TICK_SECONDS = 1,
  WATCH_MS = 50,   /* how often a slow client's queue is looked at */
  LEAVE_MS = 5000, /* to read what is left and to close */
};

const char *
heptad_leave_reason_explain (HeptadLeaveReason reason)
{
  switch (reason)
    {
    case HEPTAD_LEAVE_DRAINING:
      return "The host is stopping; connect again and go on from the last cursor";
    case HEPTAD_LEAVE_REVOKED:
      return "The credential has expired or was revoked";
    case HEPTAD_LEAVE_SLOW:
    default:
      return "Events are not read fast enough; connect again and go on from the last cursor";
    }
}

HeptadListener *
heptad_listener_ref (HeptadListener *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
clear (HeptadListener *self)
{
  g_clear_pointer (&self->principal, heptad_principal_unref);
  g_clear_pointer (&self->principal_id, g_free);
  g_mutex_clear (&self->lock);
}

void
heptad_listener_unref (HeptadListener *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  clear (self);
  self->class->free (self);
}

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
on_tick (gpointer data)
{
  HeptadListener *self = data;
  gint64 now_us = g_get_monotonic_time ();

  if (self->left_us != 0)
    {
      if (now_us - self->left_us > LEAVE_MS * 1000)
        self->class->cut (self);
      return G_SOURCE_CONTINUE;
    }
  if (heptad_listener_check_credential (self))
    self->class->tick (self, now_us);
  return G_SOURCE_CONTINUE;
}

/* A cookie is sent by the browser on any page's behalf, and no rule of the browser keeps another
 * origin's page from opening a WebSocket. */
static gboolean
check_origin (HeptadAudience *audience, HeptadHttpExchange *exchange, GError **error)
{
  if (heptad_http_exchange_get_header (exchange, "Authorization") != NULL
      || !heptad_cross_origin_is_foreign (heptad_audience_get_rest (audience), exchange))
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_DENIED,
                       "A page of another origin may not listen with this session; allow its "
                       "origin in the setting http.allowed-origins");
  return FALSE;
}

gboolean
heptad_listener_join (HeptadListener *self,
                      const HeptadListenerClass *class,
                      HeptadAudience *audience,
                      HeptadHttpExchange *exchange,
                      HeptadPrincipal *principal,
                      GError **error)
{
  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->class = class;
  self->audience = audience;
  self->principal = heptad_principal_ref (principal);
  self->principal_id = g_strdup (heptad_principal_get_id (principal));
  self->context = g_main_context_ref_thread_default ();
  if (!check_origin (audience, exchange, error) || !heptad_audience_add (audience, self, error))
    {
      g_clear_pointer (&self->context, g_main_context_unref);
      clear (self);
      return FALSE;
    }
  self->exchange = heptad_http_exchange_ref (exchange);
  self->ticker = g_timeout_source_new_seconds (TICK_SECONDS);
  g_source_set_callback (self->ticker, on_tick, heptad_listener_ref (self),
                         (GDestroyNotify) heptad_listener_unref);
  g_source_attach (self->ticker, self->context);
  return TRUE;
}

void
heptad_listener_end (HeptadListener *self)
{
  if (self->has_ended)
    return;
  self->has_ended = TRUE;
  heptad_audience_remove (self->audience, self);
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->exchange, heptad_http_exchange_unref);
  g_clear_pointer (&self->watcher, destroy_source);
  g_clear_pointer (&self->ticker, destroy_source);
}

HeptadHttpExchange *
heptad_listener_get_exchange (HeptadListener *self)
{
  return self->exchange;
}

gboolean
heptad_listener_is_leaving (HeptadListener *self)
{
  return self->has_ended || self->left_us != 0;
}

void
heptad_listener_note_left (HeptadListener *self)
{
  if (self->left_us == 0)
    self->left_us = g_get_monotonic_time ();
  g_clear_pointer (&self->watcher, destroy_source);
}

void
heptad_listener_leave (HeptadListener *self, HeptadLeaveReason reason)
{
  if (heptad_listener_is_leaving (self))
    return;
  heptad_audience_count_left (self->audience, reason);
  heptad_listener_note_left (self);
  self->class->leave (self, reason);
}

gboolean
heptad_listener_check_credential (HeptadListener *self)
{
  HeptadRestDoor *rest = heptad_audience_get_rest (self->audience);
  g_autoptr (HeptadPrincipal) principal = NULL;

  if (heptad_listener_is_leaving (self))
    return FALSE;
  principal = heptad_rest_door_authenticate (rest, self->exchange, NULL);
  if (principal == NULL)
    {
      heptad_listener_leave (self, HEPTAD_LEAVE_REVOKED);
      return FALSE;
    }
  if (principal != self->principal)
    {
      heptad_principal_unref (self->principal);
      self->principal = g_steal_pointer (&principal);
      self->class->change (self);
    }
  return !heptad_listener_is_leaving (self);
}

static gboolean
on_watch (gpointer data)
{
  HeptadListener *self = data;
  const HeptadAudienceLimits *limits = heptad_audience_get_limits (self->audience);

  if (self->class->get_queued_bytes (self) <= limits->max_queued_bytes / 2)
    {
      self->slow_since_us = 0;
      g_clear_pointer (&self->watcher, destroy_source);
      self->class->resume (self);
      return G_SOURCE_REMOVE;
    }
  if (g_get_monotonic_time () - self->slow_since_us > (gint64) limits->slow_ms * 1000)
    {
      heptad_listener_leave (self, HEPTAD_LEAVE_SLOW);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

gboolean
heptad_listener_has_room (HeptadListener *self)
{
  if (heptad_listener_is_leaving (self))
    return FALSE;
  if (self->watcher != NULL)
    return FALSE;
  if (self->class->get_queued_bytes (self)
      <= heptad_audience_get_limits (self->audience)->max_queued_bytes)
    return TRUE;
  self->slow_since_us = g_get_monotonic_time ();
  self->watcher = g_timeout_source_new (WATCH_MS);
  g_source_set_callback (self->watcher, on_watch, heptad_listener_ref (self),
                         (GDestroyNotify) heptad_listener_unref);
  g_source_attach (self->watcher, self->context);
  return FALSE;
}

void
heptad_listener_post (HeptadListener *self,
                      GSourceFunc function,
                      gpointer data,
                      GDestroyNotify destroy)
{
  g_autoptr (GMainContext) context = NULL;

  g_mutex_lock (&self->lock);
  if (self->context != NULL)
    context = g_main_context_ref (self->context);
  g_mutex_unlock (&self->lock);
  if (context != NULL)
    g_main_context_invoke_full (context, G_PRIORITY_DEFAULT, function, data, destroy);
  else
    destroy (data);
}
