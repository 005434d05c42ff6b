/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/log-writer.h"

#include <string.h>

#include "core/telemetry/log-context.h"
#include "sdk/heptad-value.h"

#define AT_US (G_GINT64_CONSTANT (1763724000) * G_USEC_PER_SEC + 250000)

static char *
print (HeptadLogFormat format, const char *message)
{
  const GLogField fields[] = { { "MESSAGE", message, -1 }, { "HEPTAD_PLUGIN", "cost", -1 } };
  g_autoptr (GString) into = g_string_new (NULL);

  heptad_log_writer_print (format, G_LOG_LEVEL_WARNING, fields, G_N_ELEMENTS (fields), AT_US, into);
  return g_strdup (into->str);
}

static void
test_json (void)
{
  const HeptadLogContext context = { .tenant_id = "acme", .call_id = "c1", .trace_id = "t1" };
  const HeptadLogContext *before = heptad_log_context_enter (&context);
  g_autofree char *line = print (HEPTAD_LOG_JSON, "It \"broke\"\n\xff");
  g_autoptr (HeptadValue) value = NULL;
  g_autoptr (GError) error = NULL;

  heptad_log_context_leave (before);
  g_assert_true (g_str_has_suffix (line, "}\n"));
  g_assert_null (memchr (line, '\n', strlen (line) - 1));
  value = heptad_value_parse (line, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heptad_value_get_member_string (value, "level"), ==, "warning");
  g_assert_cmpstr (heptad_value_get_member_string (value, "plugin"), ==, "cost");
  g_assert_cmpstr (heptad_value_get_member_string (value, "tenant"), ==, "acme");
  g_assert_cmpstr (heptad_value_get_member_string (value, "call"), ==, "c1");
  g_assert_true (
      g_str_has_prefix (heptad_value_get_member_string (value, "message"), "It \"broke\"\n"));
}

static void
test_text (void)
{
  g_autofree char *line = print (HEPTAD_LOG_TEXT, "first\n09:00:00.000 error   forged\x1b[2J");

  g_assert_nonnull (strstr (line, ".250 warning cost: first\\x0a09:00"));
  g_assert_nonnull (strstr (line, "\\x1b[2J"));
  g_assert_true (strchr (line, '\n') == line + strlen (line) - 1);
}

static void
test_context (void)
{
  const HeptadLogContext outer = { .call_id = "outer" };
  const HeptadLogContext inner = { .call_id = "inner" };
  const HeptadLogContext *before = heptad_log_context_enter (&outer);
  const HeptadLogContext *between = heptad_log_context_enter (&inner);

  g_assert_cmpstr (heptad_log_context_get ()->call_id, ==, "inner");
  heptad_log_context_leave (between);
  g_assert_cmpstr (heptad_log_context_get ()->call_id, ==, "outer");
  heptad_log_context_leave (before);
  g_assert_null (heptad_log_context_get ());
}

static void
test_names (void)
{
  g_assert_cmpint (heptad_log_level_parse ("notice"), ==, G_LOG_LEVEL_MESSAGE);
  g_assert_cmpint (heptad_log_level_parse ("error"), ==, G_LOG_LEVEL_CRITICAL);
  g_assert_cmpint (heptad_log_format_parse ("json"), ==, HEPTAD_LOG_JSON);
  g_assert_cmpint (heptad_log_format_parse ("auto"), ==, HEPTAD_LOG_AUTO);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/json-is-one-valid-object-a-line", test_json);
  g_test_add_func ("/log/text-cannot-be-forged-by-a-message", test_text);
  g_test_add_func ("/log/contexts-nest", test_context);
  g_test_add_func ("/log/names-of-settings-are-known", test_names);
  return g_test_run ();
}
