/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/probe-report.h"

#include "sdk/heptad-error.h"

#define GROUP   "module"
#define REFUSED "refused"

static void
set_list (GKeyFile *file, const char *key, char **list)
{
  g_key_file_set_string_list (file, GROUP, key, (const char *const *) list, g_strv_length (list));
}

static char **
get_list (GKeyFile *file, const char *key)
{
  char **list = g_key_file_get_string_list (file, GROUP, key, NULL, NULL);

  return list != NULL ? list : g_new0 (char *, 1);
}

char *
heptad_probe_report_print (const HeptadProbeReport *report)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, GROUP, "abi-major", (int) report->abi_major);
  g_key_file_set_integer (file, GROUP, "abi-minor", (int) report->abi_minor);
  g_key_file_set_string (file, GROUP, "id", report->id);
  g_key_file_set_string (file, GROUP, "version", report->version);
  set_list (file, "operations", report->operations);
  set_list (file, "jobs", report->jobs);
  set_list (file, "events", report->events);
  return g_key_file_to_data (file, NULL, NULL);
}

char *
heptad_probe_report_print_refusal (const char *reason)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, REFUSED, "reason", reason);
  return g_key_file_to_data (file, NULL, NULL);
}

HeptadProbeReport *
heptad_probe_report_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *reason = NULL;
  g_autofree char *id = NULL;
  HeptadProbeReport *report;

  g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL);
  reason = g_key_file_get_string (file, REFUSED, "reason", NULL);
  id = g_key_file_get_string (file, GROUP, "id", NULL);
  if (reason != NULL || id == NULL)
    {
      g_set_error_literal (error, HEPTAD_ERROR,
                           reason != NULL ? HEPTAD_ERROR_PLUGIN_FAULT : HEPTAD_ERROR_MALFORMED,
                           reason != NULL ? reason : "the probe gave no report");
      return NULL;
    }

  report = g_new0 (HeptadProbeReport, 1);
  report->abi_major = (guint) g_key_file_get_integer (file, GROUP, "abi-major", NULL);
  report->abi_minor = (guint) g_key_file_get_integer (file, GROUP, "abi-minor", NULL);
  report->id = g_steal_pointer (&id);
  report->version = g_key_file_get_string (file, GROUP, "version", NULL);
  report->operations = get_list (file, "operations");
  report->jobs = get_list (file, "jobs");
  report->events = get_list (file, "events");
  return report;
}

void
heptad_probe_report_free (HeptadProbeReport *report)
{
  g_free (report->id);
  g_free (report->version);
  g_strfreev (report->operations);
  g_strfreev (report->jobs);
  g_strfreev (report->events);
  g_free (report);
}
