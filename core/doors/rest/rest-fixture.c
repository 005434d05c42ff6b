/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/rest/rest-fixture.h"

#include "core/identity/token.h"
#include "sdk/backend/heptad-tenant-backend.h"

#include <string.h>

static const char document[] =
    "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"Test\", \"version\": \"1\"}, \"paths\": {"
    "\"/ping\": {\"get\": {\"operationId\": \"ping\","
    "  \"x-heptad\": {\"permission\": \"test:read\", \"inline\": true},"
    "  \"parameters\": [{\"name\": \"text\", \"in\": \"query\", \"schema\":"
    "    {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 256, \"default\": \"pong\"}}],"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\":"
    "    {\"schema\": {\"type\": \"object\", \"required\": [\"text\"]}}}}}}},"
    "\"/pooled\": {\"get\": {\"operationId\": \"pooled\","
    "  \"x-heptad\": {\"permission\": \"test:read\"},"
    "  \"parameters\": [{\"name\": \"text\", \"in\": \"query\", \"schema\": {\"type\": "
    "\"string\"}}],"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\": "
    "{}}}}}},"
    "\"/accounts/{accountId}\": {\"get\": {\"operationId\": \"account\","
    "  \"x-heptad\": {\"permission\": \"test:read\", \"resource\": \"account/{accountId}\"},"
    "  \"parameters\": [{\"name\": \"accountId\", \"in\": \"path\", \"required\": true, \"schema\":"
    "    {\"type\": \"string\"}}, {\"name\": \"depth\", \"in\": \"query\", \"schema\":"
    "    {\"type\": \"integer\", \"minimum\": 1}}, {\"name\": \"ids\", \"in\": \"query\", "
    "\"schema\":"
    "    {\"type\": \"array\", \"items\": {\"type\": \"string\"}}}],"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\": "
    "{}}}}}},"
    "\"/things\": {\"post\": {\"operationId\": \"makeThing\","
    "  \"x-heptad\": {\"permission\": \"test:write\", \"maxBody\": 1000},"
    "  \"requestBody\": {\"required\": true, \"content\": {\"application/json\": {\"schema\":"
    "    {\"type\": \"object\", \"required\": [\"name\"], \"additionalProperties\": false,"
    "     \"properties\": {\"name\": {\"type\": \"string\"}, \"size\": {\"type\": \"integer\", "
    "\"default\": 7}}}}}},"
    "  \"responses\": {\"201\": {\"description\": \"ok\", \"content\": {\"application/json\": "
    "{}}}}}},"
    "\"/stream\": {\"post\": {\"operationId\": \"echo\","
    "  \"x-heptad\": {\"permission\": \"test:write\", \"input\": \"stream\"},"
    "  \"requestBody\": {\"required\": true, \"content\": {\"text/plain\": {}}},"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"text/plain\": {}}}}}},"
    "\"/slow\": {\"get\": {\"operationId\": \"slow\","
    "  \"x-heptad\": {\"permission\": \"test:read\", \"deadline\": 1},"
    "  \"responses\": {\"204\": {\"description\": \"ok\"}}}},"
    "\"/dropped\": {\"get\": {\"operationId\": \"dropped\","
    "  \"x-heptad\": {\"permission\": \"test:read\"},"
    "  \"responses\": {\"204\": {\"description\": \"ok\"}}}},"
    "\"/wrong-answer\": {\"get\": {\"operationId\": \"wrongAnswer\","
    "  \"x-heptad\": {\"permission\": \"test:read\"},"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\":"
    "    {\"schema\": {\"type\": \"object\", \"required\": [\"name\"]}}}}}}},"
    "\"/job\": {\"post\": {\"operationId\": \"job\","
    "  \"x-heptad\": {\"permission\": \"test:write\"},"
    "  \"responses\": {\"202\": {\"description\": \"ok\", \"content\": {\"application/json\": "
    "{}}}}}},"
    "\"/open\": {\"get\": {\"operationId\": \"open\", \"x-heptad\": {\"anonymous\": true},"
    "  \"responses\": {\"200\": {\"description\": \"ok\", \"content\": {\"application/json\": "
    "{}}}}}}"
    "}}";

static void
on_text (HeptadCall *call, gpointer plugin)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_string (answer, "text", heptad_call_get_string (call, "text"));
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_account (HeptadCall *call, gpointer plugin)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_string (answer, "account", heptad_call_get_string (call, "accountId"));
  heptad_builder_set_int64 (answer, "depth", heptad_call_get_int64 (call, "depth"));
  if (heptad_call_has (call, "ids"))
    heptad_builder_set_value (answer, "ids", heptad_call_get_value (call, "ids"));
  heptad_call_set_next_cursor (call, "a b");
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_make_thing (HeptadCall *call, gpointer plugin)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_string (answer, "name", heptad_call_get_string (call, "name"));
  heptad_builder_set_int64 (answer, "size", heptad_call_get_int64 (call, "size"));
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_echo (HeptadCall *call, gpointer plugin)
{
  GInputStream *input = heptad_call_get_body_stream (call);
  g_autoptr (GOutputStream) output = heptad_call_return_stream (call, "text/plain");
  g_autoptr (GError) error = NULL;

  if (g_output_stream_splice (output, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                              heptad_call_get_cancellable (call), &error)
      < 0)
    g_info ("The echo broke off: %s", error->message);
}

static void
on_slow (HeptadCall *call, gpointer plugin)
{
  GCancellable *cancellable = heptad_call_get_cancellable (call);

  while (!g_cancellable_is_cancelled (cancellable))
    g_usleep (5000);
  heptad_call_return (call, NULL);
}

static void
on_dropped (HeptadCall *call, gpointer plugin)
{
}

static void
on_wrong_answer (HeptadCall *call, gpointer plugin)
{
  heptad_call_return (call, heptad_value_new_int64 (1));
}

static void
on_job (HeptadCall *call, gpointer plugin)
{
  heptad_call_return_job (call, "test.1");
}

static void
on_open (HeptadCall *call, gpointer plugin)
{
  heptad_call_return (call, heptad_value_new_string (heptad_call_get_principal (call)));
}

static const HeptadOperationEntry entries[] = {
  HEPTAD_OPERATION ("ping", on_text),
  HEPTAD_OPERATION ("pooled", on_text),
  HEPTAD_OPERATION ("account", on_account),
  HEPTAD_OPERATION ("makeThing", on_make_thing),
  HEPTAD_OPERATION ("echo", on_echo),
  HEPTAD_OPERATION ("slow", on_slow),
  HEPTAD_OPERATION ("dropped", on_dropped),
  HEPTAD_OPERATION ("wrongAnswer", on_wrong_answer),
  HEPTAD_OPERATION ("job", on_job),
  HEPTAD_OPERATION ("open", on_open),
  { NULL },
};

static void
ignore_record (const HeptadCallRecord *record, gpointer data)
{
}

static HeptadTenant *
get_tenant (gpointer data, const char *tenant_id)
{
  HeptadRestFixture *fixture = data;

  return strcmp (tenant_id, "default") == 0 ? g_object_ref (fixture->tenant) : NULL;
}

char *
heptad_rest_fixture_add_key (HeptadRestFixture *fixture,
                             const char *id,
                             const char *permission,
                             const char *resource)
{
  static const char *const no_roles[] = { NULL };
  g_autoptr (HeptadGrants) grants = heptad_grants_new ();
  g_autoptr (HeptadPrincipal) principal = NULL;
  HeptadPrincipalFields fields = {
    .id = id, .tenant_id = "default", .roles = no_roles, .grants = grants
  };
  HeptadTokenDigest digest;
  char *token = heptad_token_generate (HEPTAD_TOKEN_KEY_PREFIX);

  heptad_grants_add (grants, permission, resource);
  principal = heptad_principal_new (&fields);
  g_assert_true (heptad_token_digest (token, strlen (token), &digest));
  heptad_credentials_set (fixture->credentials, &digest, principal);
  return token;
}

static void
install_operations (HeptadRestFixture *fixture)
{
  HeptadOperationTarget target = { .get_tenant = get_tenant, .data = fixture };
  g_autoptr (HeptadValue) value = NULL;
  g_autoptr (HeptadOperationSet) set = NULL;
  g_autoptr (GError) error = NULL;

  value = heptad_value_parse (document, -1, &error);
  g_assert_no_error (error);
  set = heptad_operation_set_parse ("test", value, "openapi.json", &error);
  g_assert_no_error (error);
  heptad_operation_set_bind (set, entries, NULL, &target, &error);
  g_assert_no_error (error);
  heptad_operation_registry_install (fixture->registry, set, &error);
  g_assert_no_error (error);
}

static void
start_server (HeptadRestFixture *fixture, guint n_threads)
{
  static const char *const listen[] = { "127.0.0.1:0", NULL };
  g_autoptr (GError) error = NULL;
  HeptadHttpConfig config;

  heptad_http_config_init (&config);
  config.listen = listen;
  config.n_threads = n_threads;
  config.max_connections = config.max_connections_per_address = 4096;
  fixture->server =
      heptad_http_server_new (&config, heptad_rest_door_get_handler (), fixture->door, &error);
  g_assert_no_error (error);
  heptad_http_server_start (fixture->server);
  fixture->address = g_strdup (heptad_http_server_get_addresses (fixture->server)[0]);
}

HeptadRestFixture *
heptad_rest_fixture_new (guint n_threads, const HeptadRateLimit *limit)
{
  static const HeptadRestPage no_pages[] = { { NULL } };

  return heptad_rest_fixture_new_with_pages (n_threads, limit, no_pages, NULL);
}

HeptadRestFixture *
heptad_rest_fixture_new_with_pages (guint n_threads,
                                    const HeptadRateLimit *limit,
                                    const HeptadRestPage *pages,
                                    gpointer pages_data)
{
  static const HeptadTenantBackend backend = { 0 };
  HeptadRestFixture *fixture = g_new0 (HeptadRestFixture, 1);
  HeptadDispatcherConfig dispatch = { .n_threads = 4, .max_queued = 64, .validate_answers = TRUE };
  HeptadRestConfig rest = { .pages = pages, .pages_data = pages_data };

  dispatch.limit = *limit;
  fixture->tenant = heptad_tenant_new (&backend, "default", NULL);
  fixture->credentials = heptad_credentials_new ();
  fixture->registry = heptad_operation_registry_new ();
  fixture->dispatcher = heptad_dispatcher_new (&dispatch, ignore_record, NULL);
  rest.registry = fixture->registry;
  rest.dispatcher = fixture->dispatcher;
  rest.credentials = fixture->credentials;
  fixture->door = heptad_rest_door_new (&rest);
  fixture->key = heptad_rest_fixture_add_key (fixture, "key/all", "*", NULL);
  fixture->limited_key =
      heptad_rest_fixture_add_key (fixture, "key/limited", "test:read", "account/1");
  install_operations (fixture);
  start_server (fixture, n_threads);
  return fixture;
}

void
heptad_rest_fixture_free (HeptadRestFixture *fixture)
{
  g_clear_pointer (&fixture->server, heptad_http_server_free);
  heptad_dispatcher_free (fixture->dispatcher);
  heptad_rest_door_free (fixture->door);
  heptad_operation_registry_free (fixture->registry);
  heptad_credentials_free (fixture->credentials);
  g_object_unref (fixture->tenant);
  g_free (fixture->address);
  g_free (fixture->key);
  g_free (fixture->limited_key);
  g_free (fixture);
}
