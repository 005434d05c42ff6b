/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/rest-door.h"

#include "core/doors/rest/accept.h"
#include "core/doors/rest/cross-origin.h"
#include "core/doors/rest/rest-call.h"
#include "core/operations/input.h"
#include "core/operations/problem.h"

#include <string.h>

struct _HeptadRestDoor {
  HeptadRestConfig config;
  GHashTable *pages; /* path -> HeptadRestPage */
};

HeptadRestDoor *
heptad_rest_door_new (const HeptadRestConfig *config)
{
  HeptadRestDoor *self = g_new0 (HeptadRestDoor, 1);

  self->config = *config;
  self->pages = g_hash_table_new (g_str_hash, g_str_equal);
  for (const HeptadRestPage *page = config->pages; page->path != NULL; page++)
    g_hash_table_insert (self->pages, (gpointer) page->path, (gpointer) page);
  return self;
}

void
heptad_rest_door_free (HeptadRestDoor *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->pages);
  g_free (self);
}

const HeptadRestConfig *
heptad_rest_door_get_config (HeptadRestDoor *self)
{
  return &self->config;
}

HeptadRestCall *
heptad_rest_call_new (HeptadRestDoor *door, HeptadHttpExchange *exchange)
{
  HeptadRestCall *call = g_new0 (HeptadRestCall, 1);

  call->door = door;
  call->exchange = exchange;
  call->request.sink = &heptad_rest_reply_sink;
  heptad_trace_context_init (&call->trace,
                             heptad_http_exchange_get_header (exchange, "traceparent"));
  call->request.request_id = call->trace.trace_id;
  return call;
}

void
heptad_rest_call_free (HeptadRestCall *call)
{
  heptad_request_clear (&call->request);
  g_clear_object (&call->body_stream);
  g_clear_pointer (&call->cookies, g_ptr_array_unref);
  g_free (call->content_type);
  g_free (call);
}

/* Until it is dispatched a call belongs to its exchange; from then on to the dispatcher. */
static void
free_unless_dispatched (gpointer data)
{
  HeptadRestCall *call = data;

  if (!call->dispatched)
    heptad_rest_call_free (call);
}

/* ---- Before the body ---- */

static gboolean
check_accept (HeptadRestCall *call, GError **error)
{
  const char *accept = heptad_http_exchange_get_header (call->exchange, "Accept");
  GArray *responses = call->request.operation->responses;
  const char *offered = NULL;

  for (guint i = 0; i < responses->len; i++)
    {
      GArray *media = g_array_index (responses, HeptadResponse, i).media;

      for (guint j = 0; j < media->len; j++)
        {
          offered = g_array_index (media, HeptadMediaType, j).type;
          if (heptad_accept_allows (accept, offered))
            return TRUE;
        }
    }
  if (offered == NULL)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_ACCEPTABLE,
               "'Accept: %s' leaves out all that this operation can send, such as '%s'", accept,
               offered);
  return FALSE;
}

static gboolean
check_content_type (HeptadRestCall *call, GError **error)
{
  HeptadOperation *operation = call->request.operation;
  const char *header = heptad_http_exchange_get_header (call->exchange, "Content-Type");

  if (operation->body->len == 0 || !heptad_http_exchange_has_body (call->exchange))
    return TRUE;
  call->content_type = heptad_media_type_of (header);
  call->request.content_type = call->content_type;
  if (call->content_type != NULL && heptad_media_types_find (operation->body, call->content_type))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNSUPPORTED_TYPE,
               "The body's type is %s%s%s; this operation takes '%s'", header != NULL ? "'" : "",
               header != NULL ? header : "not told", header != NULL ? "'" : "",
               g_array_index (operation->body, HeptadMediaType, 0).type);
  return FALSE;
}

static void
set_body_mode (HeptadRestCall *call)
{
  HeptadOperation *operation = call->request.operation;
  HeptadHttpBodyMode mode = HEPTAD_HTTP_BODY_BUFFERED;

  if (operation->body->len == 0)
    mode = HEPTAD_HTTP_BODY_NONE;
  else if (operation->stream_input)
    mode = HEPTAD_HTTP_BODY_STREAMED;
  heptad_http_exchange_set_body_mode (call->exchange, mode, (guint64) operation->max_body);
}

static char *
find_cookie (HeptadHttpExchange *exchange, const char *name)
{
  const char *cookies = heptad_http_exchange_get_header (exchange, "Cookie");
  gsize length = strlen (name);

  while (cookies != NULL && *cookies != '\0')
    {
      cookies += strspn (cookies, "; ");
      if (strncmp (cookies, name, length) == 0 && cookies[length] == '=')
        {
          cookies += length + 1;
          return g_strndup (cookies, strcspn (cookies, ";"));
        }
      cookies += strcspn (cookies, ";");
    }
  return NULL;
}

static const char *
find_field (gpointer data, HeptadParameterPlace place, const char *name)
{
  HeptadRestCall *call = data;
  char *cookie;

  if (place == HEPTAD_PARAMETER_HEADER)
    return heptad_http_exchange_get_header (call->exchange, name);
  cookie = find_cookie (call->exchange, name);
  if (cookie == NULL)
    return NULL;
  if (call->cookies == NULL)
    call->cookies = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (call->cookies, cookie);
  return cookie;
}

static HeptadPrincipal *
authenticate_token (HeptadRestDoor *self, const char *token, GError **error)
{
  HeptadPrincipal *principal =
      heptad_credentials_authenticate (self->config.credentials, token, strlen (token));

  if (principal == NULL)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED,
                         "The credential is not known, has expired or was revoked");
  return principal;
}

static HeptadPrincipal *
authenticate_session (HeptadRestDoor *self, HeptadHttpExchange *exchange, GError **error)
{
  g_autofree char *token = find_cookie (exchange, HEPTAD_SESSION_COOKIE);
  const char *method = heptad_http_exchange_get_method (exchange);

  if (token == NULL)
    return NULL;
  if (strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0
      && heptad_cross_origin_is_foreign (self, exchange))
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED,
                           "A page of another origin may not act with this session; allow its "
                           "origin in the setting http.allowed-origins");
      return NULL;
    }
  return authenticate_token (self, token, error);
}

HeptadPrincipal *
heptad_rest_door_authenticate (HeptadRestDoor *self, HeptadHttpExchange *exchange, GError **error)
{
  const char *header = heptad_http_exchange_get_header (exchange, "Authorization");

  if (header == NULL)
    return authenticate_session (self, exchange, error);
  if (g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return authenticate_token (self, header + strlen ("Bearer "), error);
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED,
                       "The Authorization header must be 'Bearer' and an API key");
  return NULL;
}

static gboolean
find_caller (HeptadRestCall *call, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  call->request.principal = heptad_rest_door_authenticate (call->door, call->exchange, &wrong);
  if (wrong != NULL && !call->request.operation->anonymous)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  call->request.tenant_id = call->request.principal != NULL
                                ? heptad_principal_get_tenant_id (call->request.principal)
                                : "default";
  return TRUE;
}

static void
judge_operation (HeptadRestCall *call, const HeptadRouteMatch *match)
{
  g_auto (HeptadViolations) violations = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 retry_after_us = 0;

  call->request.idempotency_key =
      heptad_http_exchange_get_header (call->exchange, "Idempotency-Key");
  if (!find_caller (call, &error) || !check_accept (call, &error)
      || !check_content_type (call, &error))
    {
      heptad_rest_call_refuse (call, error, NULL, 0);
      return;
    }
  call->request.input = heptad_input_from_http (
      match, heptad_http_exchange_get_query (call->exchange), find_field, call, &violations);
  if (heptad_violations_any (&violations))
    {
      error = heptad_violations_to_error (&violations);
      heptad_rest_call_refuse (call, error, &violations, 0);
      return;
    }
  if (!heptad_dispatcher_admit (call->door->config.dispatcher, &call->request, &retry_after_us,
                                &error))
    {
      heptad_rest_call_refuse (call, error, NULL, retry_after_us);
      return;
    }
  set_body_mode (call);
}

static void
refuse_unmatched (HeptadRestCall *call, const HeptadRouteMatch *match)
{
  const char *method = heptad_http_exchange_get_method (call->exchange);
  const char *path = heptad_http_exchange_get_path (call->exchange);
  g_autoptr (GError) error = NULL;

  if (match->allow == NULL)
    {
      error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
                           "Nothing is served at '%s'; /docs lists what is", path);
    }
  else if (heptad_cross_origin_is_preflight (call->exchange))
    {
      heptad_cross_origin_answer_preflight (call->door, call->exchange, match->allow);
      return;
    }
  else
    {
      heptad_http_exchange_set_header (call->exchange, "Allow", match->allow);
      if (strcmp (method, "OPTIONS") == 0)
        {
          heptad_rest_add_common_headers (call->door, call->exchange, &call->trace);
          heptad_http_exchange_respond (call->exchange, 204, NULL, NULL);
          return;
        }
      error = g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_METHOD_NOT_ALLOWED,
                           "'%s' does not take %s; it takes %s", path, method, match->allow);
    }
  heptad_rest_call_refuse (call, error, NULL, 0);
}

static const HeptadRestPage *
find_page (HeptadRestDoor *self, HeptadHttpExchange *exchange)
{
  const char *method = heptad_http_exchange_get_method (exchange);

  if (strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0)
    return NULL;
  return g_hash_table_lookup (self->pages, heptad_http_exchange_get_path (exchange));
}

static void
on_judge (HeptadHttpExchange *exchange, gpointer data)
{
  HeptadRestDoor *self = data;
  HeptadRestCall *call;
  g_auto (HeptadRouteMatch) match = { 0 };

  if (find_page (self, exchange) != NULL)
    return;
  call = heptad_rest_call_new (self, exchange);
  heptad_http_exchange_set_user_data (exchange, call, free_unless_dispatched);
  call->request.snapshot = heptad_operation_registry_get_snapshot (self->config.registry);
  if (!heptad_router_match (call->request.snapshot->router,
                            heptad_http_exchange_get_method (exchange),
                            heptad_http_exchange_get_path (exchange), &match))
    {
      refuse_unmatched (call, &match);
      return;
    }
  call->request.operation = match.operation;
  judge_operation (call, &match);
}

/* ---- With the body ---- */

/* Whether the page may be served to who asks; answers with the reason when not. */
static gboolean
admit_to_page (HeptadRestDoor *self,
               HeptadHttpExchange *exchange,
               const HeptadRestPage *page,
               HeptadPrincipal **principal)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *lacks = NULL;

  if (page->permission == NULL)
    return TRUE;
  *principal = heptad_rest_door_authenticate (self, exchange, &error);
  if (*principal == NULL)
    {
      heptad_http_exchange_set_header (exchange, "WWW-Authenticate", "Bearer realm=\"heptad\"");
      heptad_http_exchange_respond_problem (
          exchange, 401, error != NULL ? error->message : "This page needs a credential");
      return FALSE;
    }
  if (heptad_principal_is_allowed (*principal, page->permission, NULL))
    return TRUE;
  lacks = g_strdup_printf ("%s lacks the permission '%s'; an administrator can grant it",
                           heptad_principal_get_id (*principal), page->permission);
  heptad_http_exchange_respond_problem (exchange, 403, lacks);
  return FALSE;
}

static void
serve_page (HeptadRestDoor *self, HeptadHttpExchange *exchange, const HeptadRestPage *page)
{
  g_autoptr (HeptadPrincipal) principal = NULL;

  if (!admit_to_page (self, exchange, page, &principal))
    return;
  heptad_rest_add_common_headers (self, exchange, NULL);
  page->serve (exchange, principal, self->config.pages_data);
}

static gboolean
is_json (const char *type)
{
  return type == NULL || strcmp (type, "application/json") == 0 || g_str_has_suffix (type, "+json");
}

static gboolean
parse_body (HeptadRestCall *call, GError **error)
{
  GBytes *bytes = heptad_http_exchange_get_body (call->exchange);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (call->request.operation->stream_input || length == 0 || !is_json (call->content_type))
    return TRUE;
  call->request.body = heptad_value_parse (text, (gssize) length, error);
  if (call->request.body == NULL)
    g_prefix_error (error, "The body is not JSON: ");
  return call->request.body != NULL;
}

static void
on_handle (HeptadHttpExchange *exchange, gpointer data)
{
  HeptadRestDoor *self = data;
  HeptadRestCall *call = heptad_http_exchange_get_user_data (exchange);
  g_autoptr (GError) error = NULL;

  if (call == NULL)
    {
      const HeptadRestPage *page = find_page (self, exchange);

      serve_page (self, exchange, page);
      return;
    }
  if (!parse_body (call, &error))
    {
      heptad_rest_call_refuse (call, error, NULL, 0);
      return;
    }
  call->dispatched = TRUE;
  call->exchange = heptad_http_exchange_ref (exchange);
  heptad_http_exchange_set_user_data (exchange, NULL, NULL);
  heptad_dispatcher_call (self->config.dispatcher, &call->request);
}

static GBytes *
on_problem (guint status,
            const char *detail,
            const char *instance,
            const char **content_type,
            gpointer data)
{
  HeptadProblem problem = { .code = heptad_problem_code_of_status (status),
                            .status = status,
                            .detail = detail,
                            .instance = instance };

  *content_type = HEPTAD_PROBLEM_TYPE;
  return heptad_problem_print (&problem);
}

const HeptadHttpHandler *
heptad_rest_door_get_handler (void)
{
  static const HeptadHttpHandler handler = {
    .judge = on_judge,
    .handle = on_handle,
    .problem = on_problem,
  };

  return &handler;
}
