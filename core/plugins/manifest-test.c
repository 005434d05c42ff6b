/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/manifest.h"

#include <string.h>

#define HEAD                                                                                       \
  "id: cost\n"                                                                                     \
  "name: Cost\n"                                                                                   \
  "version: 1.2.0\n"                                                                               \
  "summary: Knows what the cloud costs\n"                                                          \
  "sdk: \"1.0\"\n"

static HeptadManifest *
parse (const char *rest, GError **error)
{
  g_autofree char *text = g_strconcat (HEAD, rest, NULL);

  return heptad_manifest_parse (text, strlen (text), "plugin.yaml", "/nowhere", error);
}

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadManifest) manifest =
      parse ("asks: [store, events, jobs, settings, \"network:api.example.com\"]\n"
             "permissions:\n"
             "  - {id: \"cost:read\", title: See costs}\n"
             "requires: [accounts]\n"
             "wants:\n"
             "  - {id: review, version: \">=1.2 <2\"}\n"
             "settings:\n"
             "  type: object\n"
             "  properties: {currency: {type: string, default: USD}}\n"
             "events:\n"
             "  - {topic: cost.bill.ingested, title: A bill is in, schema: {type: object}}\n"
             "subscribes: [review.done]\n"
             "schedules:\n"
             "  - {id: nightly, cron: \"30 2 * * *\", timezone: Europe/Berlin, job: sweep, input: "
             "{days: 3}}\n"
             "serial: false\n"
             "placement: host\n",
             &error);
  const HeptadManifestDependency *wanted;
  const HeptadManifestSchedule *schedule;

  g_assert_no_error (error);
  g_assert_cmpstr (manifest->id, ==, "cost");
  g_assert_cmpstr (manifest->sdk, ==, "1.0");
  g_assert_true (heptad_manifest_asks (manifest, "jobs"));
  g_assert_false (heptad_manifest_asks (manifest, "blobs"));
  g_assert_true (heptad_manifest_defines_permission (manifest, "cost:read"));
  g_assert_false (heptad_manifest_defines_permission (manifest, "cost:write"));
  g_assert_cmpuint (manifest->dependencies->len, ==, 2);
  wanted = &g_array_index (manifest->dependencies, HeptadManifestDependency, 1);
  g_assert_cmpstr (wanted->id, ==, "review");
  g_assert_false (wanted->required);
  g_assert_cmpuint (manifest->events->len, ==, 1);
  schedule = &g_array_index (manifest->schedules, HeptadManifestSchedule, 0);
  g_assert_cmpstr (schedule->timezone, ==, "Europe/Berlin");
  g_assert_cmpint (heptad_value_get_member_int64 (schedule->input, "days"), ==, 3);
  g_assert_false (manifest->serial);
  g_assert_cmpint (manifest->placement, ==, HEPTAD_PLACEMENT_HOST);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadManifest) manifest = parse ("", &error);

  g_assert_no_error (error);
  g_assert_true (manifest->serial);
  g_assert_cmpint (manifest->placement, ==, HEPTAD_PLACEMENT_ANY);
  g_assert_null (manifest->asks[0]);
  g_assert_null (manifest->settings);
}

/* Each is wrong on its last line but where told otherwise; the head has five lines. */
static const struct {
  const char *name;
  const char *rest;
  const char *where;
  const char *what;
} wrong[] = {
  { "unknown-key", "permisions: []\n", "plugin.yaml:6:", "permisions" },
  { "unknown-ask", "asks:\n  - store\n  - telepathy\n", "plugin.yaml:8:", "'telepathy'" },
  { "network-without-host", "asks: [\"network:\"]\n", "plugin.yaml:6:", "network:HOST" },
  { "foreign-permission", "permissions:\n  - id: docs:read\n    title: x\n",
    "plugin.yaml:7:", "begin with 'cost:'" },
  { "permission-twice",
    "permissions:\n  - {id: \"cost:read\", title: x}\n  - {id: \"cost:read\", title: y}\n",
    "plugin.yaml:8:", "twice" },
  { "foreign-topic", "events:\n  - {topic: docs.page.made, title: x, schema: {}}\n",
    "plugin.yaml:7:", "begin with 'cost.'" },
  { "bad-event-schema", "events:\n  - {topic: cost.a.b, title: x, schema: {type: banana}}\n",
    "plugin.yaml:7:", "schema of the topic" },
  { "schema-outside-the-bundle",
    "events:\n  - {topic: cost.a.b, title: x, schema: ../../etc/passwd}\n",
    "plugin.yaml:7:", "outside the bundle" },
  { "bad-range", "requires:\n  - {id: docs, version: \"~1\"}\n",
    "plugin.yaml:7:", "no version range" },
  { "requires-itself", "requires: [cost]\n", "plugin.yaml:6:", "itself" },
  { "bad-settings", "settings: {type: object, properties: {a: {type: 7}}}\n",
    "plugin.yaml:6:", "settings" },
  { "bad-cron", "schedules:\n  - {id: nightly, cron: \"61 2 * * *\", job: x}\n",
    "plugin.yaml:7:", "'61 2 * * *'" },
  { "bad-zone", "schedules:\n  - {id: nightly, cron: \"1 2 * * *\", job: x, timezone: Mars/Base}\n",
    "plugin.yaml:7:", "'Mars/Base'" },
  { "wrong-type", "serial: often\n", "plugin.yaml:6:", "serial" },
  { "not-yaml", "asks: [store\n", "plugin.yaml:", "" },
  { "key-twice", "id: docs\n", "plugin.yaml:6:", "already" },
};

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (wrong[i].rest, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, wrong[i].where));
  g_assert_nonnull (strstr (error->message, wrong[i].what));
}

static void
test_missing_key (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heptad_manifest_parse ("id: cost\n", 9, "plugin.yaml", "/nowhere", &error));
  g_assert_nonnull (strstr (error->message, "name"));
}

static void
test_unreadable_numbers (void)
{
  static const char text[] = "id: cost\nname: Cost\nversion: 1.0\nsummary: x\nsdk: \"1.0\"\n";
  g_autoptr (GError) error = NULL;

  /* 1.0 without quotes is a number to YAML, and no version of three parts. */
  g_assert_null (heptad_manifest_parse (text, strlen (text), "plugin.yaml", "/nowhere", &error));
  g_assert_true (g_str_has_prefix (error->message, "plugin.yaml:3: version:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manifest/gives-all-that-it-says", test_whole);
  g_test_add_func ("/manifest/has-defaults", test_defaults);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/manifest/names-the-line/%s", wrong[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/manifest/names-a-key-that-is-missing", test_missing_key);
  g_test_add_func ("/manifest/says-where-a-number-should-be-a-string", test_unreadable_numbers);
  return g_test_run ();
}
