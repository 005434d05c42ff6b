/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/rest-fixture.h"

#include <string.h>

static const HeptadRateLimit no_limit = { 0 };

typedef struct {
  HeptadRestFixture *fixture;
  SoupSession *session;
  SoupMessage *message;
  HeptadValue *body; /* (nullable) the answer, when it is JSON */
  char *text;
} Client;

static void
client_begin (Client *client, const HeptadRateLimit *limit)
{
  memset (client, 0, sizeof *client);
  client->fixture = heptad_rest_fixture_new (1, limit);
  client->session = soup_session_new ();
}

static void
client_reset (Client *client)
{
  g_clear_object (&client->message);
  g_clear_pointer (&client->body, heptad_value_unref);
  g_clear_pointer (&client->text, g_free);
}

static void
client_end (Client *client)
{
  client_reset (client);
  g_object_unref (client->session);
  heptad_rest_fixture_free (client->fixture);
}

static void
client_prepare (Client *client, const char *method, const char *target, const char *key)
{
  g_autofree char *uri = g_strconcat (client->fixture->address, target, NULL);
  g_autofree char *bearer = key != NULL ? g_strconcat ("Bearer ", key, NULL) : NULL;

  client_reset (client);
  client->message = soup_message_new (method, uri);
  if (bearer != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (client->message),
                                  "Authorization", bearer);
}

static void
client_set_body (Client *client, const char *type, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  soup_message_set_request_body_from_bytes (client->message, type, bytes);
}

static guint
client_send (Client *client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      soup_session_send_and_read (client->session, client->message, NULL, &error);
  gsize length = 0;
  const char *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &length);
  client->text = g_strndup (data != NULL ? data : "", length);
  client->body = heptad_value_parse (client->text, -1, NULL);
  return soup_message_get_status (client->message);
}

static guint
client_get (Client *client, const char *target)
{
  client_prepare (client, "GET", target, client->fixture->key);
  return client_send (client);
}

static const char *
client_header (Client *client, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (client->message), name);
}

static const char *
client_member (Client *client, const char *name)
{
  return heptad_value_get_member_string (client->body, name);
}

static void
test_call (void)
{
  Client client;

  client_begin (&client, &no_limit);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/ping?text=h%C3%A9llo+you"), ==, 200);
  g_assert_cmpstr (client.text, ==, "{\"text\":\"héllo you\"}");
  g_assert_cmpstr (client_header (&client, "Content-Type"), ==, "application/json");
  g_assert_cmpuint (strlen (client_header (&client, "X-Request-Id")), ==, 32);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/ping"), ==, 200);
  g_assert_cmpstr (client_member (&client, "text"), ==, "pong");
  g_assert_cmpuint (client_get (&client, "/api/v1/test/pooled?text=x"), ==, 200);
  g_assert_cmpstr (client_member (&client, "text"), ==, "x");
  client_end (&client);
}

static void
test_inputs_are_typed (void)
{
  Client client;

  client_begin (&client, &no_limit);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/accounts/a%2Fb?depth=3&ids=x,y&ids=z"), ==,
                    200);
  g_assert_cmpstr (client_member (&client, "account"), ==, "a/b");
  g_assert_cmpint (heptad_value_get_member_int64 (client.body, "depth"), ==, 3);
  g_assert_cmpuint (heptad_value_get_size (heptad_value_get_member (client.body, "ids")), ==, 3);
  g_assert_cmpstr (
      client_header (&client, "Link"), ==,
      "</api/v1/test/accounts/a%2Fb?depth=3&ids=x,y&ids=z&cursor=a%20b>; rel=\"next\"");
  client_end (&client);
}

static void
test_wrong_input_is_named (void)
{
  static const struct {
    const char *target;
    const char *in;
    const char *name;
  } cases[] = {
    { "/api/v1/test/accounts/1?depth=0", "query", "depth" },
    { "/api/v1/test/accounts/1?depth=abc", "query", "depth" },
    { "/api/v1/test/accounts/1?depth=1&depth=2", "query", "depth" },
    { "/api/v1/test/accounts/1?dept=1", "query", "dept" },
    { "/api/v1/test/accounts/%ff", "path", "accountId" },
    { "/api/v1/test/accounts/%00", "path", "accountId" },
    { "/api/v1/test/accounts/1?ids=%f0%28", "query", NULL },
    { "/api/v1/test/ping?text=", "query", "text" },
  };
  Client client;

  client_begin (&client, &no_limit);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const HeptadValue *first;

      g_assert_cmpuint (client_get (&client, cases[i].target), ==, 422);
      g_assert_cmpstr (client_header (&client, "Content-Type"), ==, "application/problem+json");
      g_assert_cmpstr (client_member (&client, "code"), ==, "invalid-input");
      first = heptad_value_get_item (heptad_value_get_member (client.body, "errors"), 0);
      g_assert_cmpstr (heptad_value_get_member_string (first, "in"), ==, cases[i].in);
      g_assert_cmpstr (heptad_value_get_member_string (first, "name"), ==, cases[i].name);
    }
  client_end (&client);
}

static void
test_credentials (void)
{
  Client client;

  client_begin (&client, &no_limit);
  client_prepare (&client, "GET", "/api/v1/test/ping", NULL);
  g_assert_cmpuint (client_send (&client), ==, 401);
  g_assert_nonnull (client_header (&client, "WWW-Authenticate"));
  client_prepare (&client, "GET", "/api/v1/test/ping", "hep_wrong");
  g_assert_cmpuint (client_send (&client), ==, 401);
  client_prepare (&client, "GET", "/api/v1/test/accounts/1", client.fixture->limited_key);
  g_assert_cmpuint (client_send (&client), ==, 200);
  client_prepare (&client, "GET", "/api/v1/test/accounts/2", client.fixture->limited_key);
  g_assert_cmpuint (client_send (&client), ==, 403);
  g_assert_true (strstr (client_member (&client, "detail"), "account/2") != NULL);
  client_prepare (&client, "GET", "/api/v1/test/open", NULL);
  g_assert_cmpuint (client_send (&client), ==, 200);
  g_assert_cmpstr (client.text, ==, "\"anonymous\"");
  client_end (&client);
}

static void
test_routes (void)
{
  Client client;

  client_begin (&client, &no_limit);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/nothing"), ==, 404);
  g_assert_cmpstr (client_member (&client, "instance"), ==, "/api/v1/test/nothing");
  g_assert_cmpuint (client_get (&client, "/api/v1/test/ping/"), ==, 404);
  client_prepare (&client, "DELETE", "/api/v1/test/ping", client.fixture->key);
  g_assert_cmpuint (client_send (&client), ==, 405);
  g_assert_cmpstr (client_header (&client, "Allow"), ==, "OPTIONS, GET, HEAD");
  client_prepare (&client, "OPTIONS", "/api/v1/test/things", NULL);
  g_assert_cmpuint (client_send (&client), ==, 204);
  g_assert_cmpstr (client_header (&client, "Allow"), ==, "OPTIONS, POST");
  client_prepare (&client, "HEAD", "/api/v1/test/ping", client.fixture->key);
  g_assert_cmpuint (client_send (&client), ==, 200);
  g_assert_cmpstr (client.text, ==, "");
  client_end (&client);
}

static void
test_negotiation (void)
{
  Client client;
  g_autofree char *etag = NULL;

  client_begin (&client, &no_limit);
  client_prepare (&client, "GET", "/api/v1/test/ping", client.fixture->key);
  soup_message_headers_append (soup_message_get_request_headers (client.message), "Accept",
                               "text/html, application/json;q=0");
  g_assert_cmpuint (client_send (&client), ==, 406);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/ping"), ==, 200);
  etag = g_strdup (client_header (&client, "ETag"));
  g_assert_nonnull (etag);
  client_prepare (&client, "GET", "/api/v1/test/ping", client.fixture->key);
  soup_message_headers_append (soup_message_get_request_headers (client.message), "If-None-Match",
                               etag);
  g_assert_cmpuint (client_send (&client), ==, 304);
  g_assert_cmpstr (client.text, ==, "");
  client_end (&client);
}

static void
test_body (void)
{
  g_autofree char *long_body = g_strdup_printf ("{\"name\": \"%0*d\"}", 2000, 1);
  const struct {
    const char *type;
    const char *body;
    guint status;
  } cases[] = {
    { "application/json", "{\"name\": \"a\"}", 201 },
    { "application/json; charset=utf-8", "{\"name\": \"a\", \"size\": 3}", 201 },
    { "application/json", "{\"size\": 3}", 422 },
    { "application/json", "{\"name\": \"a\", \"colour\": 3}", 422 },
    { "application/json", "{\"name\": \"a\", \"name\": \"b\"}", 400 },
    { "application/json", "{\"name\": \"\\u0000\"}", 422 },
    { "application/json", "{\"name\": ", 400 },
    { "text/plain", "name", 415 },
    { "application/json", long_body, 413 },
  };
  Client client;

  client_begin (&client, &no_limit);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      client_prepare (&client, "POST", "/api/v1/test/things", client.fixture->key);
      client_set_body (&client, cases[i].type, cases[i].body);
      g_assert_cmpuint (client_send (&client), ==, cases[i].status);
      g_assert_cmpstr (client_header (&client, "Content-Type"), ==,
                       cases[i].status < 300 ? "application/json" : "application/problem+json");
    }
  client_prepare (&client, "POST", "/api/v1/test/things", client.fixture->key);
  g_assert_cmpuint (client_send (&client), ==, 422);
  client_prepare (&client, "POST", "/api/v1/test/things", client.fixture->key);
  client_set_body (&client, "application/json", "{\"name\": \"a\"}");
  g_assert_cmpuint (client_send (&client), ==, 201);
  g_assert_cmpstr (client.text, ==, "{\"name\":\"a\",\"size\":7}");
  client_end (&client);
}

static void
test_streams (void)
{
  g_autofree char *large = g_strnfill (3 * 1024 * 1024, 'x');
  Client client;

  client_begin (&client, &no_limit);
  client_prepare (&client, "POST", "/api/v1/test/stream", client.fixture->key);
  client_set_body (&client, "text/plain", large);
  g_assert_cmpuint (client_send (&client), ==, 200);
  g_assert_cmpuint (strlen (client.text), ==, strlen (large));
  client_end (&client);
}

static void
test_faults_of_plugins (void)
{
  Client client;

  client_begin (&client, &no_limit);
  g_assert_cmpuint (client_get (&client, "/api/v1/test/slow"), ==, 504);
  g_assert_cmpstr (client_member (&client, "code"), ==, "deadline");
  g_assert_cmpuint (client_get (&client, "/api/v1/test/dropped"), ==, 500);
  g_assert_cmpstr (client_member (&client, "source"), ==, "plugin");
  g_assert_cmpuint (client_get (&client, "/api/v1/test/wrong-answer"), ==, 500);
  g_assert_true (strstr (client_member (&client, "detail"), "does not allow") != NULL);
  g_assert_cmpstr (client_member (&client, "code"), ==, "plugin-fault");
  client_end (&client);
}

static void
test_jobs (void)
{
  Client client;

  client_begin (&client, &no_limit);
  client_prepare (&client, "POST", "/api/v1/test/job", client.fixture->key);
  g_assert_cmpuint (client_send (&client), ==, 202);
  g_assert_cmpstr (client_header (&client, "Location"), ==, "/api/v1/host/jobs/test.1");
  client_end (&client);
}

static void
test_limit (void)
{
  const HeptadRateLimit limit = { .per_second = 1, .burst = 3 };
  Client client;
  guint n_refused = 0;

  client_begin (&client, &limit);
  for (guint i = 0; i < 6; i++)
    n_refused += client_get (&client, "/api/v1/test/ping") == 429;
  g_assert_cmpuint (n_refused, ==, 3);
  g_assert_cmpstr (client_header (&client, "Retry-After"), ==, "1");
  client_end (&client);
}

static void
test_trace (void)
{
  const char *parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  Client client;

  client_begin (&client, &no_limit);
  client_prepare (&client, "GET", "/api/v1/test/ping", client.fixture->key);
  soup_message_headers_append (soup_message_get_request_headers (client.message), "traceparent",
                               parent);
  g_assert_cmpuint (client_send (&client), ==, 200);
  g_assert_cmpstr (client_header (&client, "X-Request-Id"), ==, "0af7651916cd43dd8448eb211c80319c");
  client_end (&client);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL
                          | G_LOG_FATAL_MASK); /* a faulty plugin is warned of */
  g_test_add_func ("/rest/an-operation-answers", test_call);
  g_test_add_func ("/rest/inputs-are-typed-by-their-declaration", test_inputs_are_typed);
  g_test_add_func ("/rest/wrong-input-is-named", test_wrong_input_is_named);
  g_test_add_func ("/rest/a-call-needs-a-credential-and-a-permission", test_credentials);
  g_test_add_func ("/rest/an-unknown-path-is-404-and-a-wrong-method-405", test_routes);
  g_test_add_func ("/rest/types-and-entity-tags-are-negotiated", test_negotiation);
  g_test_add_func ("/rest/a-body-is-held-against-its-schema", test_body);
  g_test_add_func ("/rest/bodies-stream-both-ways", test_streams);
  g_test_add_func ("/rest/a-plugin-at-fault-is-told-apart", test_faults_of_plugins);
  g_test_add_func ("/rest/a-job-is-202-with-its-place", test_jobs);
  g_test_add_func ("/rest/over-the-limit-is-429-with-a-time", test_limit);
  g_test_add_func ("/rest/a-trace-is-joined", test_trace);
  return g_test_run ();
}
