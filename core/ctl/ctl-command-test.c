/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-body.h"
#include "core/ctl/ctl-completion.h"
#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-flags.h"
#include "core/ctl/ctl-help.h"
#include "core/ctl/ctl-request.h"
#include "core/ctl/ctl-text.h"

#include <glib/gstdio.h>

static const char document_text[] =
    "{'openapi':'3.1.0','tags':[{'name':'cost','description':'Cloud cost'}],'paths':{"
    "'/api/v1/cost/bills':{'post':{'operationId':'cost.ingestBill','parameters':["
    "{'name':'format','in':'query','schema':{'type':'string','enum':['auto','focus-1.0']}}],"
    "'requestBody':{'required':true,'content':{'text/csv':{},'application/octet-stream':{}}}}},"
    "'/api/v1/cost/costs':{'get':{'operationId':'cost.getCosts','summary':'Adds up costs',"
    "'parameters':[{'name':'groupBy','in':'query','schema':{'type':'array',"
    "'items':{'type':'string'}}}]}},"
    "'/api/v1/host/plugins':{'get':{'operationId':'host.listPlugins',"
    "'x-heptad':{'command':'plugin list'}}},"
    "'/api/v1/host/a/{second}/{first}':{'parameters':[{'$ref':'#/components/parameters/first'}],"
    "'get':{'operationId':'host.getPair','parameters':["
    "{'name':'second','in':'path','schema':{'type':'string'}}]}},"
    "'/api/v1/host/users':{'post':{'operationId':'host.createUser','requestBody':{'required':true,"
    "'content':{'application/json':{'schema':{'$ref':'#/components/schemas/User'}}}}}}},"
    "'components':{'parameters':{'first':{'name':'first','in':'path',"
    "'schema':{'type':'string'}}},'schemas':{'User':{'type':'object',"
    "'required':['name','password'],'properties':{'name':{'type':'string'},"
    "'password':{'type':'string'},'age':{'type':['integer','null']},'isActive':{'type':'boolean'},"
    "'json':{'type':'object'},'roles':{'type':'array','items':{'type':'string'}}}}}}}";

static CtlCommands *
load (void)
{
  g_autofree char *text = g_strdelimit (g_strdup (document_text), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) document = heptad_value_parse (text, -1, &error);

  g_assert_no_error (error);
  return ctl_commands_new (document);
}

static const CtlCommand *
find (const CtlCommands *commands, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint n_used;

  return ctl_commands_find (commands, (const char *const *) words, &n_used);
}

static CtlGiven *
parse (const CtlCommand *command, const char *line, GError **error)
{
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);

  return ctl_flags_parse (command, (const char *const *) (*line == '\0' ? tokens + 1 : tokens),
                          error);
}

static void
test_kebab (void)
{
  static const char *const pairs[][2] = {
    { "getCosts", "get-costs" },    { "billed_cost", "billed-cost" },
    { "whoAmI", "who-am-i" },       { "listAWSBills", "list-aws-bills" },
    { "X-Trace-Id", "x-trace-id" }, { "v2Id", "v2-id" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *kebab = ctl_text_to_kebab (pairs[i][0]);

      g_assert_cmpstr (kebab, ==, pairs[i][1]);
    }
}

static void
test_names (void)
{
  g_autoptr (CtlCommands) commands = load ();

  g_assert_cmpstr (find (commands, "cost get-costs --x")->path, ==, "/api/v1/cost/costs");
  g_assert_cmpstr (find (commands, "plugin list")->path, ==, "/api/v1/host/plugins");
  g_assert_cmpstr (find (commands, "host list-plugins")->path, ==, "/api/v1/host/plugins");
  g_assert_null (find (commands, "plugin"));
  g_assert_null (find (commands, "cost frobnicate"));
}

static char *
make_target (const CtlCommands *commands, const char *name, const char *flags)
{
  const CtlCommand *command = find (commands, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlGiven) given = parse (command, flags, &error);
  CtlArguments arguments = { .file = command->body_types->len > 0 ? (char *) "/dev/null" : NULL };
  g_autoptr (CtlRequest) request = NULL;

  g_assert_no_error (error);
  request = ctl_request_new (command, given, &arguments, &error);
  g_assert_no_error (error);
  return g_strdup (request->target);
}

static void
test_targets (void)
{
  g_autoptr (CtlCommands) commands = load ();
  g_autofree char *query =
      make_target (commands, "cost get-costs", "--group-by tag:a&b --group-by=day");
  g_autofree char *path = make_target (commands, "host get-pair", "a/b ..");
  g_autofree char *upload = make_target (commands, "cost ingest-bill", "--format focus-1.0");

  g_assert_cmpstr (query, ==, "/api/v1/cost/costs?groupBy=tag%3Aa%26b&groupBy=day");
  g_assert_cmpstr (path, ==, "/api/v1/host/a/a%2Fb/..");
  g_assert_cmpstr (upload, ==, "/api/v1/cost/bills?format=focus-1.0");
}

static void
test_body (void)
{
  g_autoptr (CtlCommands) commands = load ();
  const CtlCommand *command = find (commands, "host create-user");
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  g_autofree char *printed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlGiven) given = NULL;
  g_autoptr (HeptadValue) body = NULL;

  path = g_build_filename (g_get_tmp_dir (), "heptad-ctl-secret-XXXXXX", NULL);
  g_close (g_mkstemp (path), NULL);
  g_assert_true (g_file_set_contents (path, "s3cret\nmore\n", -1, NULL));
  line = g_strconcat ("--name ada --age 36 --no-is-active --roles a --roles b --body-json {} "
                      "--password-file ",
                      path, NULL);
  given = parse (command, line, &error);
  g_assert_no_error (error);
  body = ctl_body_new (command, given, "{\"name\":\"bob\",\"extra\":1}", &error);
  g_assert_no_error (error);
  g_remove (path);
  printed = heptad_value_print (body);
  g_assert_cmpstr (printed, ==,
                   "{\"name\":\"ada\",\"age\":36,\"isActive\":false,\"json\":{},"
                   "\"roles\":[\"a\",\"b\"],\"password\":\"s3cret\",\"extra\":1}");
}

static void
assert_refused (const CtlCommand *command, const char *line, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlGiven) given = parse (command, line, &error);
  g_autoptr (HeptadValue) body = given != NULL ? ctl_body_new (command, given, NULL, &error) : NULL;

  g_assert_null (body);
  g_assert_error (error, CTL_USAGE_ERROR, 0);
  if (strstr (error->message, part) == NULL)
    g_error ("'%s' does not tell of '%s'", error->message, part);
}

static void
test_refusals (void)
{
  g_autoptr (CtlCommands) commands = load ();
  const CtlCommand *user = find (commands, "host create-user");

  assert_refused (user, "--nane x", "--nane is not known; there are --name");
  assert_refused (user, "--password hunter2", "--password-file");
  assert_refused (user, "--age old", "an integer, not 'old'");
  assert_refused (user, "--name a --name b", "given twice");
  assert_refused (user, "--name", "needs a value");
  assert_refused (user, "stray", "one word too many");
  assert_refused (user, "--password-file /nonexistent/file", "/nonexistent/file");
  assert_refused (find (commands, "host get-pair"), "one", "--first is missing");
}

static void
test_help (void)
{
  static const char *const cost[] = { "cost", NULL };
  g_autoptr (CtlCommands) commands = load ();
  g_autofree char *list = ctl_help_print_list (commands, cost);
  g_autofree char *command = ctl_help_print_command (find (commands, "host get-pair"));

  g_assert_nonnull (strstr (list, "cost get-costs"));
  g_assert_nonnull (strstr (list, "Adds up costs"));
  g_assert_null (strstr (list, "plugin list"));
  g_assert_nonnull (strstr (command, "heptadctl host get-pair SECOND FIRST"));
}

static void
assert_suggests (const CtlCommands *commands, const char *line, const char *expected)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autofree char *lines = ctl_completion_suggest (commands, (const char *const *) words);

  g_assert_cmpstr (lines, ==, expected);
}

static void
test_completion (void)
{
  g_autoptr (CtlCommands) commands = load ();

  assert_suggests (commands, "co", "cost\ncompletion\n");
  assert_suggests (commands, "cost ", "ingest-bill\nget-costs\n");
  assert_suggests (commands, "plugin ", "list\nnew\n");
  assert_suggests (commands, "cost get-costs --gr", "--group-by\n");
  assert_suggests (commands, "cost ingest-bill --format f", "focus-1.0\n");
  assert_suggests (commands, "host create-user --pass", "--password-file\n");
  assert_suggests (NULL, "plug", "plugin\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/command/names-become-words-with-dashes", test_kebab);
  g_test_add_func ("/ctl/command/an-operation-has-its-name-and-a-shorter-one", test_names);
  g_test_add_func ("/ctl/command/flags-go-where-they-are-declared", test_targets);
  g_test_add_func ("/ctl/command/body-flags-take-the-declared-type", test_body);
  g_test_add_func ("/ctl/command/a-wrong-flag-is-refused-by-name", test_refusals);
  g_test_add_func ("/ctl/command/help-comes-from-the-declaration", test_help);
  g_test_add_func ("/ctl/command/completion-knows-words-flags-and-choices", test_completion);
  return g_test_run ();
}
