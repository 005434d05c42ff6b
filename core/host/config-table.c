/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stddef.h>
#include <string.h>

#include "core/host/config.h"

#define AT(member) offsetof (HeptadConfig, member)
#define TEXT(name, member, argument, fallback, help)                                               \
  {                                                                                                \
    name, HEPTAD_SETTING_TEXT, AT (member), argument, fallback, 0, 0, NULL, FALSE, help            \
  }
#define CHOICE(name, member, fallback, choices, help)                                              \
  {                                                                                                \
    name, HEPTAD_SETTING_TEXT, AT (member), "NAME", fallback, 0, 0, choices, FALSE, help           \
  }
#define PATH(name, member, fallback, help)                                                         \
  {                                                                                                \
    name, HEPTAD_SETTING_PATH, AT (member), "PATH", fallback, 0, 0, NULL, FALSE, help              \
  }
#define LIST(name, member, argument, fallback, help)                                               \
  {                                                                                                \
    name, HEPTAD_SETTING_LIST, AT (member), argument, fallback, 0, 0, NULL, FALSE, help            \
  }
#define INTEGER(name, member, argument, fallback, minimum, maximum, help)                          \
  {                                                                                                \
    name, HEPTAD_SETTING_INTEGER, AT (member), argument, fallback, minimum, maximum, NULL, FALSE,  \
        help                                                                                       \
  }
#define BOOLEAN(name, member, fallback, help)                                                      \
  {                                                                                                \
    name, HEPTAD_SETTING_BOOLEAN, AT (member), "true|false", fallback, 0, 0, NULL, FALSE, help     \
  }

/* clang-format off */
static const HeptadSettingInfo table[] = {
  { "config", HEPTAD_SETTING_PATH, AT (config), "PATH", NULL, 0, 0, NULL, TRUE,
    "The configuration file. Default: /etc/heptad/heptad.yaml where there is one." },
  PATH ("data-dir", data_dir, NULL,
        "Where everything is kept. Default: $STATE_DIRECTORY under systemd, else "
        "$XDG_DATA_HOME/heptad."),
  LIST ("listen", listen, "ADDRESS:PORT", "127.0.0.1:8080",
        "Where to serve: ADDRESS:PORT (port 0 picks one and prints it) or unix:PATH; may be given "
        "more than once."),
  PATH ("bootstrap-key-file", bootstrap_key_file, NULL,
        "Where a first start leaves an administrator's API key, readable by the owner only."),
  LIST ("plugin-path", plugin_path, "PATH", NULL,
        "A folder of plugin bundles, or one bundle, looked at before the user's and the system's; "
        "may be given more than once."),
  PATH ("tls-certificate", tls_certificate, NULL,
        "A certificate chain in PEM; with it TCP listeners speak TLS 1.3. Read again on SIGHUP."),
  PATH ("tls-key", tls_key, NULL,
        "The certificate's private key, where it is not in the same file."),
  LIST ("cors-origin", cors_origin, "ORIGIN", NULL,
        "An origin whose pages may read answers in a browser; may be given more than once."),
  CHOICE ("log-level", log_level, "info", "debug info notice warning error",
          "The least level that is logged."),
  CHOICE ("log-format", log_format, "auto", "auto text journal json",
          "How logs are written; auto is the journal under systemd, else text."),
  INTEGER ("connection-threads", connection_threads, "N", "0", 0, 256,
           "Threads that serve connections; 0 for one a processor."),
  INTEGER ("worker-threads", worker_threads, "N", "0", 0, 1024,
           "Threads on which handlers may block; 0 for four a processor."),
  INTEGER ("job-threads", job_threads, "N", "0", 0, 256,
           "Threads that run jobs; 0 for one a processor."),
  INTEGER ("max-connections", max_connections, "N", "10000", 1, 1000000,
           "Connections at once."),
  INTEGER ("max-connections-per-address", max_connections_per_address, "N", "1000", 1, 1000000,
           "Connections at once from one address."),
  INTEGER ("max-head-bytes", max_head_bytes, "BYTES", "32768", 1024, 1048576,
           "Bytes of a request's line and headers."),
  INTEGER ("head-timeout", head_timeout, "SECONDS", "10", 1, 3600,
           "Seconds from the first byte of a request to the end of its head."),
  INTEGER ("idle-timeout", idle_timeout, "SECONDS", "60", 1, 86400,
           "Seconds that a connection may do nothing between requests."),
  INTEGER ("max-queued-calls", max_queued_calls, "N", "1024", 1, 1000000,
           "Calls that may wait for a worker thread; one more is answered 503 at once."),
  INTEGER ("rate-limit", rate_limit, "N", "0", 0, 10000000,
           "Calls a second of one caller, for ever; 0 for no limit."),
  INTEGER ("rate-burst", rate_burst, "N", "1000", 1, 10000000,
           "Calls of one caller that may come at once."),
  INTEGER ("drain-timeout", drain_timeout, "SECONDS", "20", 0, 3600,
           "Seconds that requests in flight are given when the host stops."),
  INTEGER ("plugin-start-timeout", plugin_start_timeout, "SECONDS", "10", 1, 3600,
           "Seconds that a plugin may take to start."),
  INTEGER ("plugin-stop-timeout", plugin_stop_timeout, "SECONDS", "10", 1, 3600,
           "Seconds that a plugin's calls in flight and its stop may take."),
  INTEGER ("session-hours", session_hours, "HOURS", "12", 1, 8760,
           "Hours that a sign-in lasts."),
  INTEGER ("password-memory", password_memory, "KIB", "19456", 8192, 4194304,
           "KiB of memory that checking one password takes (Argon2id)."),
  INTEGER ("password-passes", password_passes, "N", "2", 1, 64,
           "Passes over that memory."),
  BOOLEAN ("validate-answers", validate_answers, "false",
           "Hold every answer of a plugin against its declaration too; for development."),
  BOOLEAN ("demo", demo, "false", "Fill a new data folder with demo data."),
};
/* clang-format on */

const HeptadSettingInfo *
heptad_config_get_table (guint *n_settings)
{
  *n_settings = G_N_ELEMENTS (table);
  return table;
}

const HeptadSettingInfo *
heptad_config_find_setting (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].name, name))
      return &table[i];
  return NULL;
}

/* Edits between two words, by Levenshtein; words here are short. */
static guint
count_edits (const char *a, const char *b)
{
  gsize length = strlen (b);
  g_autofree guint *row = g_new (guint, length + 1);

  for (gsize j = 0; j <= length; j++)
    row[j] = (guint) j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0]++;

      for (gsize j = 0; j < length; j++)
        {
          guint substituted = diagonal + (a[i] != b[j]);

          diagonal = row[j + 1];
          row[j + 1] = MIN (substituted, MIN (row[j], diagonal) + 1);
        }
    }
  return row[length];
}

char *
heptad_config_suggest (const char *name)
{
  const char *best = NULL;
  guint n_best = G_MAXUINT;

  for (guint i = 0; i < G_N_ELEMENTS (table) && strlen (name) < 64; i++)
    {
      guint n_edits = count_edits (name, table[i].name);

      if (n_edits < n_best)
        {
          n_best = n_edits;
          best = table[i].name;
        }
    }
  if (best == NULL || n_best > MAX (2, strlen (name) / 3))
    return g_strdup ("");
  return g_strdup_printf ("; did you mean '%s'?", best);
}

static void
append_wrapped (GString *help, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize length = strlen (words[i]);

      if (column == 0 || column + length > 80)
        {
          g_string_append (help, i == 0 ? "        " : "\n        ");
          column = 8;
        }
      else
        g_string_append_c (help, ' ');
      g_string_append (help, words[i]);
      column += length + 1;
    }
  g_string_append_c (help, '\n');
}

char *
heptad_config_print_help (void)
{
  GString *help =
      g_string_new ("Usage: heptadd [--SETTING VALUE ...]\n\n"
                    "Serves Heptad and its plugins. Each setting is also a variable\n"
                    "(--data-dir: HEPTAD_DATA_DIR) and a key of the configuration file.\n\n");

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_string_append_printf (help, "  --%s %s", table[i].name, table[i].argument);
      if (table[i].fallback != NULL)
        g_string_append_printf (help, "  (default %s)", table[i].fallback);
      g_string_append_c (help, '\n');
      append_wrapped (help, table[i].help);
    }
  g_string_append (help,
                   "  --help\n        Prints this.\n  --version\n        Prints the version.\n");
  return g_string_free (help, FALSE);
}
