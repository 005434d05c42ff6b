/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/operations/yaml.h"
#include "sdk/heptad-error.h"

static HeptadConfig *
load (const char *arguments, const char *variable, GError **error)
{
  g_auto (GStrv) list = g_strsplit (arguments, " ", -1);
  const char *const environment[] = { variable, NULL };
  const char *const none[] = { NULL };

  return heptad_config_load (*arguments != '\0' ? (const char *const *) list : none, environment,
                             error);
}

/* Loads a file of @text. */
static HeptadConfig *
load_file (const char *text, const char *arguments, const char *variable, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  int fd = g_file_open_tmp ("heptad-config-XXXXXX.yaml", &path, NULL);
  HeptadConfig *config;

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  line = g_strdup_printf ("--config %s%s%s", path, *arguments != '\0' ? " " : "", arguments);
  config = load (line, variable, error);
  g_remove (path);
  return config;
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadConfig) config = load ("", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->listen[0], ==, "127.0.0.1:8080");
  g_assert_cmpint (config->max_connections, ==, 10000);
  g_assert_cmpstr (config->log_level, ==, "info");
  g_assert_true (g_str_has_suffix (config->data_dir, "/heptad"));
  g_assert_false (config->demo);
}

static void
test_precedence (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadConfig) file = load_file ("rate-limit: 7\n", "", NULL, &error);
  g_autoptr (HeptadConfig) variable = NULL;
  g_autoptr (HeptadConfig) flag = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (file->rate_limit, ==, 7);
  variable = load_file ("rate-limit: 7\n", "", "HEPTAD_RATE_LIMIT=8", &error);
  g_assert_cmpint (variable->rate_limit, ==, 8);
  flag = load_file ("rate-limit: 7\n", "--rate-limit=9", "HEPTAD_RATE_LIMIT=8", &error);
  g_assert_cmpint (flag->rate_limit, ==, 9);
}

static void
test_lists (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadConfig) flags =
      load ("--listen 127.0.0.1:0 --listen unix:/run/h --demo", NULL, &error);
  g_autoptr (HeptadConfig) variable = load ("", "HEPTAD_PLUGIN_PATH=/a,/b", &error);
  g_autoptr (HeptadConfig) file =
      load_file ("listen: [\"[::1]:80\", \"*:81\"]\n", "", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (flags->listen), ==, 2);
  g_assert_cmpstr (flags->listen[1], ==, "unix:/run/h");
  g_assert_true (flags->demo);
  g_assert_cmpstr (variable->plugin_path[1], ==, "/b");
  g_assert_cmpstr (file->listen[1], ==, "*:81");
}

static const struct {
  const char *name;
  const char *file;
  const char *arguments;
  const char *variable;
  const char *expected[3];
} wrong[] = {
  { "unknown-key",
    "# x\nlisten: \"*:1\"\ndata-dri: /x\n",
    "",
    NULL,
    { ":3: there is no setting 'data-dri'", "did you mean 'data-dir'" } },
  { "unknown-flag", "", "--lisen *:1", NULL, { "--lisen", "did you mean 'listen'" } },
  { "unknown-variable",
    "",
    "",
    "HEPTAD_LOGLEVEL=debug",
    { "HEPTAD_LOGLEVEL", "did you mean 'log-level'" } },
  { "nothing-near", "", "--frobnicate 1", NULL, { "there is no such setting" } },
  { "out-of-range",
    "\nmax-connections: 0\n",
    "",
    NULL,
    { ":2: max-connections is a whole number from 1 to 1000000, not '0'" } },
  { "no-number", "", "--rate-limit many", NULL, { "--rate-limit: ", "not 'many'" } },
  { "choice", "log-level: loud\n", "", NULL, { ":1: log-level is one of debug info" } },
  { "boolean", "", "--validate-answers=maybe", NULL, { "true or false, not 'maybe'" } },
  { "missing-value", "", "--data-dir", NULL, { "its value is missing; write --data-dir PATH" } },
  { "stray", "", "serve", NULL, { "'serve' is no flag" } },
  { "not-a-map", "- 1\n", "", NULL, { ":1: the file is lines of" } },
  { "nested", "listen: {a: 1}\n", "", NULL, { ":1: listen takes a list of texts" } },
  { "config-in-file", "config: /x\n", "", NULL, { "use --config" } },
  { "key-alone", "tls-key: /x\n", "", NULL, { "set tls-certificate too" } },
  { "bad-yaml", "listen: [\n", "", NULL, { ".yaml:" } },
  { "empty", "data-dir: \"\"\n", "", NULL, { "data-dir is empty" } },
};

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  HeptadConfig *config =
      *wrong[i].file != '\0'
          ? load_file (wrong[i].file, wrong[i].arguments, wrong[i].variable, &error)
          : load (wrong[i].arguments, wrong[i].variable, &error);

  g_assert_null (config);
  g_test_message ("%s", error->message);
  for (guint j = 0; j < G_N_ELEMENTS (wrong[i].expected) && wrong[i].expected[j] != NULL; j++)
    g_assert_nonnull (strstr (error->message, wrong[i].expected[j]));
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load ("--config /nowhere/heptad.yaml", NULL, &error));
  g_assert_nonnull (strstr (error->message, "/nowhere/heptad.yaml"));
}

/* Every setting stands in the file that is shipped, as a comment with its default, in the same
 * order. */
static void
test_shipped_file (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("HEPTAD_SOURCE_ROOT"), "data", "heptad.yaml", NULL);
  g_autofree char *text = NULL;
  g_autoptr (HeptadConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  guint n_settings;
  const HeptadSettingInfo *table = heptad_config_get_table (&n_settings);
  const char *at;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  at = text;
  for (guint i = 0; i < n_settings; i++)
    {
      g_autofree char *line =
          table[i].fallback == NULL ? g_strdup_printf ("\n#%s:", table[i].name)
          : table[i].type == HEPTAD_SETTING_LIST
              ? g_strdup_printf ("\n#%s: [\"%s\"]\n", table[i].name, table[i].fallback)
              : g_strdup_printf ("\n#%s: %s\n", table[i].name, table[i].fallback);

      if (table[i].only_flag)
        continue;
      at = strstr (at, line);
      if (at == NULL)
        g_error ("data/heptad.yaml lacks, or has out of order: %s", line);
    }

  /* With all of it taken in, it is still valid. */
  g_strdelimit (text, "\r", '\n');
  {
    g_autoptr (GRegex) comments = g_regex_new ("(?m)^#([a-z-]+:)", 0, 0, NULL);
    g_autofree char *live = g_regex_replace (comments, text, -1, 0, "\\1", 0, NULL);

    config = load_file (live, "", NULL, &error);
  }
  g_assert_no_error (error);
  g_assert_nonnull (config);
}

static void
test_help (void)
{
  g_autofree char *help = heptad_config_print_help ();
  guint n_settings;
  const HeptadSettingInfo *table = heptad_config_get_table (&n_settings);

  for (guint i = 0; i < n_settings; i++)
    {
      g_autofree char *flag = g_strconcat ("--", table[i].name, " ", NULL);

      g_assert_nonnull (strstr (help, flag));
      g_assert_true (g_str_has_suffix (table[i].help, "."));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/has-defaults", test_defaults);
  g_test_add_func ("/config/a-flag-beats-a-variable-beats-the-file", test_precedence);
  g_test_add_func ("/config/lists-come-from-everywhere", test_lists);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/config/names-what-is-wrong/%s", wrong[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/config/names-a-file-that-is-missing", test_missing_file);
  g_test_add_func ("/config/the-shipped-file-documents-every-setting", test_shipped_file);
  g_test_add_func ("/config/the-help-names-every-setting", test_help);
  return g_test_run ();
}
