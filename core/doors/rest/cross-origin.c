/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/cross-origin.h"

#include "core/doors/rest/rest-call.h"

#include <string.h>

static gboolean
is_allowed_origin (HeptadRestDoor *door, const char *origin)
{
  const char *const *allowed = heptad_rest_door_get_config (door)->allowed_origins;

  return origin != NULL && allowed != NULL && g_strv_contains (allowed, origin);
}

void
heptad_cross_origin_add_headers (HeptadRestDoor *door, HeptadHttpExchange *exchange)
{
  const char *origin = heptad_http_exchange_get_header (exchange, "Origin");

  if (origin == NULL || heptad_rest_door_get_config (door)->allowed_origins == NULL)
    return;
  heptad_http_exchange_add_header (exchange, "Vary", "Origin");
  if (!is_allowed_origin (door, origin))
    return;
  heptad_http_exchange_set_header (exchange, "Access-Control-Allow-Origin", origin);
  heptad_http_exchange_set_header (exchange, "Access-Control-Allow-Credentials", "true");
  heptad_http_exchange_set_header (exchange, "Access-Control-Expose-Headers",
                                   "ETag, Link, Location, Retry-After, X-Request-Id");
}

gboolean
heptad_cross_origin_is_preflight (HeptadHttpExchange *exchange)
{
  return strcmp (heptad_http_exchange_get_method (exchange), "OPTIONS") == 0
         && heptad_http_exchange_get_header (exchange, "Origin") != NULL
         && heptad_http_exchange_get_header (exchange, "Access-Control-Request-Method") != NULL;
}

void
heptad_cross_origin_answer_preflight (HeptadRestDoor *door,
                                      HeptadHttpExchange *exchange,
                                      const char *allow)
{
  heptad_rest_add_common_headers (door, exchange, NULL);
  if (is_allowed_origin (door, heptad_http_exchange_get_header (exchange, "Origin")))
    {
      heptad_http_exchange_set_header (exchange, "Access-Control-Allow-Methods", allow);
      heptad_http_exchange_set_header (
          exchange, "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, traceparent");
      heptad_http_exchange_set_header (exchange, "Access-Control-Max-Age", "600");
    }
  heptad_http_exchange_respond (exchange, 204, NULL, NULL);
}

gboolean
heptad_cross_origin_is_foreign (HeptadRestDoor *door, HeptadHttpExchange *exchange)
{
  const char *origin = heptad_http_exchange_get_header (exchange, "Origin");
  const char *site = heptad_http_exchange_get_header (exchange, "Sec-Fetch-Site");
  const char *host = heptad_http_exchange_get_header (exchange, "Host");
  const char *authority;

  if (is_allowed_origin (door, origin))
    return FALSE;
  if (site != NULL)
    return strcmp (site, "same-origin") != 0 && strcmp (site, "none") != 0;
  if (origin == NULL)
    return FALSE;
  authority = strstr (origin, "://");
  return authority == NULL || host == NULL || g_ascii_strcasecmp (authority + 3, host) != 0;
}
