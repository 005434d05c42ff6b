/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/probe.h"

#include <elf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/plugins/module-cache.h"
#include "sdk/heptad-error.h"

static char *
find_built (const char *relative)
{
  return g_build_filename (g_getenv ("HEPTAD_BUILD_ROOT"), relative, NULL);
}

static HeptadProbeReport *
probe_file (const char *module, const char *bundle_dir, GError **error)
{
  g_autofree char *program = find_built ("core/plugins/heptad-probe");

  return heptad_probe_module (program, module, bundle_dir, 3000, error);
}

static HeptadProbeReport *
probe_sample (const char *name, GError **error)
{
  g_autofree char *bundle_dir =
      g_strdup_printf ("%s/tests/plugins/%s", g_getenv ("HEPTAD_BUILD_ROOT"), name);
  g_autofree char *module = g_strdup_printf ("%s/%s-plugin.so", bundle_dir, name);

  return probe_file (module, bundle_dir, error);
}

typedef struct {
  const char *sample;
  const char *expected;
} Case;

static void
test_refusal (gconstpointer data)
{
  const Case *sample = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadProbeReport) report = probe_sample (sample->sample, &error);

  g_assert_null (report);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, sample->expected));
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadProbeReport) report = probe_sample ("good", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->abi_major, ==, 1);
  g_assert_cmpstr (report->id, ==, "good");
  g_assert_cmpstr (report->version, ==, "1.0.0");
  g_assert_cmpuint (g_strv_length (report->operations), ==, 1);
  g_assert_cmpstr (report->operations[0], ==, "ping");
}

static void
test_hang_is_cut_off (void)
{
  g_autofree char *program = find_built ("core/plugins/heptad-probe");
  g_autofree char *dir = find_built ("tests/plugins/hangs-in-constructor");
  g_autofree char *module = g_build_filename (dir, "hangs-in-constructor-plugin.so", NULL);
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  g_assert_null (heptad_probe_module (program, module, dir, 300, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE);
  g_assert_nonnull (strstr (error->message, "constructor"));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * G_USEC_PER_SEC);
}

/* Writes a copy of the good module changed by @change, and probes it. */
static char *
probe_changed (void (*change) (GByteArray *bytes))
{
  g_autofree char *dir = g_dir_make_tmp ("heptad-probe-XXXXXX", NULL);
  g_autofree char *original = find_built ("tests/plugins/good/good-plugin.so");
  g_autofree char *copy = g_build_filename (dir, "changed.so", NULL);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (original, &content, &length, NULL));
  bytes = g_byte_array_new_take ((guint8 *) content, length);
  change (bytes);
  g_assert_true (g_file_set_contents (copy, (const char *) bytes->data, bytes->len, NULL));
  g_assert_null (probe_file (copy, dir, &error));
  g_test_message ("%s", error->message);
  g_remove (copy);
  g_rmdir (dir);
  return g_strdup (error->message);
}

static void
make_other_machine (GByteArray *bytes)
{
  ((Elf64_Ehdr *) (void *) bytes->data)->e_machine = EM_S390;
}

static void
make_text (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, 0);
  g_byte_array_append (bytes, (const guint8 *) "#!/bin/sh\n", 10);
}

static void
cut_in_half (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, bytes->len / 2);
}

static void
test_other_machine (void)
{
  g_autofree char *message = probe_changed (make_other_machine);

  g_assert_nonnull (strstr (message, "built for IBM z"));
}

static void
test_no_shared_object (void)
{
  g_autofree char *message = probe_changed (make_text);

  g_assert_nonnull (strstr (message, "no ELF header"));
}

static void
test_damaged (void)
{
  g_autofree char *message = probe_changed (cut_in_half);

  g_assert_cmpuint (strlen (message), >, 20);
}

static void
test_report_is_kept_by_content (void)
{
  g_autofree char *dir = g_dir_make_tmp ("heptad-cache-XXXXXX", NULL);
  g_autofree char *module = find_built ("tests/plugins/good/good-plugin.so");
  g_autoptr (HeptadModuleCache) cache = heptad_module_cache_new (dir);
  g_autofree char *digest = NULL;
  g_autofree char *again = NULL;
  g_autofree char *copy = heptad_module_cache_add (cache, module, &digest, NULL);
  g_autoptr (HeptadProbeReport) report = probe_file (copy, dir, NULL);
  g_autoptr (HeptadProbeReport) kept = NULL;
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", dir);

  g_assert_nonnull (report);
  g_assert_null (heptad_module_cache_lookup_report (cache, digest));
  heptad_module_cache_keep_report (cache, digest, report);
  kept = heptad_module_cache_lookup_report (cache, digest);
  g_assert_cmpstr (kept->operations[0], ==, "ping");

  /* A copy that was damaged on disk is made again. */
  g_assert_true (g_file_set_contents (copy, "damaged", -1, NULL));
  g_clear_pointer (&copy, g_free);
  copy = heptad_module_cache_add (cache, module, &again, NULL);
  g_assert_cmpstr (again, ==, digest);
  g_clear_pointer (&report, heptad_probe_report_free);
  report = probe_file (copy, dir, NULL);
  g_assert_nonnull (report);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
}

static const Case cases[] = {
  { "missing-symbol", "the symbol missing_symbol_of_nobody" },
  { "missing-sdk-function", "the SDK function heptad_store_predict_future" },
  { "no-query", "does not export heptad_plugin_query()" },
  { "registers-gtypes", "registers GTypes" },
  { "private-library", "libhelper.so, a private library beside it" },
  { "crashes-in-constructor", "while it was opened" },
  { "exits-in-constructor", "exit code 7" },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/probe/says-why/%s", cases[i].sample);

      g_test_add_data_func (path, &cases[i], test_refusal);
    }
  g_test_add_func ("/probe/reports-the-descriptor", test_good);
  g_test_add_func ("/probe/cuts-off-a-hang", test_hang_is_cut_off);
  g_test_add_func ("/probe/names-the-machine-a-module-was-built-for", test_other_machine);
  g_test_add_func ("/probe/refuses-what-is-no-shared-object", test_no_shared_object);
  g_test_add_func ("/probe/survives-a-truncated-module", test_damaged);
  g_test_add_func ("/module-cache/keeps-a-report-by-content", test_report_is_kept_by_content);
  return g_test_run ();
}
