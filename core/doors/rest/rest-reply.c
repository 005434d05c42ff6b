/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/rest-call.h"

#include "core/doors/rest/cross-origin.h"
#include "core/operations/problem.h"

#include <gnutls/crypto.h>
#include <string.h>

#define ETAG_BYTES 16

void
heptad_rest_add_common_headers (HeptadRestDoor *door,
                                HeptadHttpExchange *exchange,
                                const HeptadTraceContext *trace)
{
  heptad_http_exchange_set_header (exchange, "X-Content-Type-Options", "nosniff");
  heptad_http_exchange_set_header (exchange, "Referrer-Policy", "no-referrer");
  if (trace != NULL)
    {
      heptad_http_exchange_set_header (exchange, "X-Request-Id", trace->trace_id);
      heptad_http_exchange_set_header (exchange, "Cache-Control", "no-store");
      heptad_http_exchange_set_header (exchange, "Content-Security-Policy",
                                       "default-src 'none'; frame-ancestors 'none'");
    }
  if (heptad_http_exchange_is_secure (exchange))
    heptad_http_exchange_set_header (exchange, "Strict-Transport-Security", "max-age=31536000");
  heptad_cross_origin_add_headers (door, exchange);
}

static void
respond_problem (HeptadRestCall *call, const HeptadReply *reply)
{
  HeptadProblem problem = { .code = heptad_error_code_of (reply->error),
                            .status = reply->status,
                            .detail = reply->error->message,
                            .instance = heptad_http_exchange_get_path (call->exchange),
                            .request_id = call->trace.trace_id,
                            .violations = reply->violations,
                            .retry_after_us = reply->retry_after_us };
  g_autoptr (GBytes) body = heptad_problem_print (&problem);

  if (reply->retry_after_us > 0 || problem.code == HEPTAD_ERROR_BUSY
      || problem.code == HEPTAD_ERROR_UNAVAILABLE)
    {
      gint64 seconds = MAX (1, (reply->retry_after_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, seconds);

      heptad_http_exchange_set_header (call->exchange, "Retry-After", text);
    }
  if (problem.code == HEPTAD_ERROR_UNAUTHENTICATED)
    heptad_http_exchange_set_header (call->exchange, "WWW-Authenticate", "Bearer realm=\"heptad\"");
  heptad_http_exchange_respond (call->exchange, reply->status, HEPTAD_PROBLEM_TYPE, body);
}

void
heptad_rest_call_refuse (HeptadRestCall *call,
                         const GError *error,
                         const HeptadViolations *violations,
                         gint64 retry_after_us)
{
  HeptadReply reply = { .error = error,
                        .violations = violations,
                        .retry_after_us = retry_after_us };

  reply.status = heptad_error_get_info (heptad_error_code_of (error))->http_status;
  heptad_rest_add_common_headers (call->door, call->exchange, &call->trace);
  respond_problem (call, &reply);
}

static char *
make_etag (const char *given, const char *body, gsize length)
{
  guint8 digest[32];
  GString *etag = g_string_sized_new (2 * ETAG_BYTES + 3);

  g_string_append_c (etag, '"');
  if (given != NULL)
    {
      g_string_append (etag, given);
    }
  else
    {
      gnutls_hash_fast (GNUTLS_DIG_SHA256, body, length, digest);
      for (guint i = 0; i < ETAG_BYTES; i++)
        {
          g_string_append_c (etag, "0123456789abcdef"[digest[i] >> 4]);
          g_string_append_c (etag, "0123456789abcdef"[digest[i] & 15]);
        }
    }
  g_string_append_c (etag, '"');
  return g_string_free (etag, FALSE);
}

/* Weak comparison, as If-None-Match asks for (RFC 9110, 13.1.2). */
static gboolean
etag_matches (const char *condition, const char *etag)
{
  gsize length = strlen (etag);

  while (condition != NULL && *condition != '\0')
    {
      condition += strspn (condition, " \t,");
      if (*condition == '*')
        return TRUE;
      if (strncmp (condition, "W/", 2) == 0)
        condition += 2;
      if (strncmp (condition, etag, length) == 0
          && (condition[length] == '\0' || strchr (" \t,", condition[length]) != NULL))
        return TRUE;
      condition += strcspn (condition, ",");
    }
  return FALSE;
}

static void
respond_json (HeptadRestCall *call, const HeptadReply *reply)
{
  HeptadHttpExchange *exchange = call->exchange;
  GString *text = g_string_sized_new (256);
  g_autoptr (GBytes) body = NULL;

  heptad_value_print_to (reply->value, text);
  if (reply->status == 200 && heptad_operation_is_safe (call->request.operation))
    {
      g_autofree char *etag = make_etag (reply->etag, text->str, text->len);

      heptad_http_exchange_set_header (exchange, "ETag", etag);
      heptad_http_exchange_set_header (exchange, "Cache-Control", "private, no-cache");
      if (etag_matches (heptad_http_exchange_get_header (exchange, "If-None-Match"), etag))
        {
          g_string_free (text, TRUE);
          heptad_http_exchange_respond (exchange, 304, NULL, NULL);
          return;
        }
    }
  body = g_string_free_to_bytes (text);
  heptad_http_exchange_respond (exchange, reply->status, "application/json", body);
}

/* The next page as a link (RFC 8288): the same target with another cursor. */
static void
add_next_link (HeptadRestCall *call, const char *cursor)
{
  const char *query = heptad_http_exchange_get_query (call->exchange);
  g_autoptr (GString) link = g_string_new ("<");
  g_auto (GStrv) fields = g_strsplit (query != NULL ? query : "", "&", -1);

  g_string_append (link, heptad_http_exchange_get_path (call->exchange));
  g_string_append_c (link, '?');
  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (*fields[i] != '\0' && !g_str_has_prefix (fields[i], "cursor="))
        g_string_append_printf (link, "%s&", fields[i]);
    }
  g_string_append (link, "cursor=");
  g_string_append_uri_escaped (link, cursor, NULL, FALSE);
  g_string_append (link, ">; rel=\"next\"");
  heptad_http_exchange_set_header (call->exchange, "Link", link->str);
}

static void
respond_job (HeptadRestCall *call, const HeptadReply *reply)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autofree char *location = g_strdup_printf ("/api/v1/host/jobs/%s", reply->job_id);
  g_autoptr (HeptadValue) value = NULL;
  HeptadReply with_value = *reply;

  heptad_builder_set_object (builder, "job");
  heptad_builder_set_string (builder, "id", reply->job_id);
  heptad_builder_set_string (builder, "url", location);
  value = heptad_builder_end (builder);
  with_value.value = value;
  heptad_http_exchange_set_header (call->exchange, "Location", location);
  respond_json (call, &with_value);
}

/* What an operation says of the session becomes the browser's cookie. */
static void
touch_session (HeptadRestCall *call, const HeptadReply *reply)
{
  HeptadOperationSession session = call->request.operation->session;
  const char *token = heptad_value_get_member_string (reply->value, "token");
  const char *secure = heptad_http_exchange_is_secure (call->exchange) ? "; Secure" : "";
  g_autofree char *cookie = NULL;

  if (reply->error != NULL || session == HEPTAD_SESSION_UNTOUCHED)
    return;
  if (session == HEPTAD_SESSION_ENDS)
    cookie = g_strdup_printf (HEPTAD_SESSION_COOKIE "=; Path=/; Max-Age=0; HttpOnly%s", secure);
  else if (token != NULL)
    cookie = g_strdup_printf (HEPTAD_SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
                              token, secure);
  if (cookie != NULL)
    heptad_http_exchange_add_header (call->exchange, "Set-Cookie", cookie);
}

static void
on_reply (HeptadRequest *request, const HeptadReply *reply)
{
  HeptadRestCall *call = (HeptadRestCall *) request;

  heptad_rest_add_common_headers (call->door, call->exchange, &call->trace);
  touch_session (call, reply);
  if (reply->next_cursor != NULL)
    add_next_link (call, reply->next_cursor);
  if (reply->error != NULL)
    respond_problem (call, reply);
  else if (reply->job_id != NULL)
    respond_job (call, reply);
  else if (reply->value != NULL)
    respond_json (call, reply);
  else
    heptad_http_exchange_respond (call->exchange, reply->status, NULL, NULL);
}

static GOutputStream *
on_reply_stream (HeptadRequest *request, guint status, const char *content_type)
{
  HeptadRestCall *call = (HeptadRestCall *) request;

  heptad_rest_add_common_headers (call->door, call->exchange, &call->trace);
  return heptad_http_exchange_begin_stream (call->exchange, status, content_type);
}

static GInputStream *
on_get_body_stream (HeptadRequest *request)
{
  HeptadRestCall *call = (HeptadRestCall *) request;

  if (call->body_stream == NULL)
    call->body_stream = heptad_http_exchange_get_body_stream (call->exchange);
  return call->body_stream;
}

static GCancellable *
on_get_cancellable (HeptadRequest *request)
{
  return heptad_http_exchange_get_cancellable (((HeptadRestCall *) request)->exchange);
}

static void
on_release (HeptadRequest *request)
{
  HeptadRestCall *call = (HeptadRestCall *) request;
  g_autoptr (HeptadHttpExchange) exchange = call->exchange;

  heptad_rest_call_free (call);
}

const HeptadReplySink heptad_rest_reply_sink = {
  .reply = on_reply,
  .reply_stream = on_reply_stream,
  .get_body_stream = on_get_body_stream,
  .get_cancellable = on_get_cancellable,
  .release = on_release,
};
