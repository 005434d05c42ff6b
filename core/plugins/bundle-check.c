/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/bundle-check.h"

#include "sdk/heptad-plugin.h"

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, format, arguments));
  va_end (arguments);
  return FALSE;
}

static gboolean
check_abi (guint major, guint minor, GError **error)
{
  if (major != HEPTAD_ABI_MAJOR)
    return refuse (error,
                   "it was built for SDK %u.%u and this host offers %d.0 to %d.%d; build it again "
                   "with the SDK of this host",
                   major, minor, HEPTAD_ABI_MAJOR, HEPTAD_ABI_MAJOR, HEPTAD_ABI_MINOR);
  if (minor > HEPTAD_ABI_MINOR)
    return refuse (
        error,
        "it was built for SDK %u.%u and this host offers up to %d.%d; update the host, or "
        "build the plugin with the older SDK",
        major, minor, HEPTAD_ABI_MAJOR, HEPTAD_ABI_MINOR);
  return TRUE;
}

gboolean
heptad_bundle_check_sdk (const HeptadManifest *manifest, GError **error)
{
  char *end = NULL;
  guint64 major = g_ascii_strtoull (manifest->sdk, &end, 10);
  guint64 minor = *end == '.' ? g_ascii_strtoull (end + 1, NULL, 10) : 0;

  return check_abi ((guint) major, (guint) minor, error);
}

static gboolean
check_identity (const HeptadManifest *manifest, const HeptadProbeReport *report, GError **error)
{
  if (!g_str_equal (report->id, manifest->id))
    return refuse (error,
                   "its module says that it is '%s' and its manifest '%s'; correct one of the two",
                   report->id, manifest->id);
  if (g_strcmp0 (report->version, manifest->version) != 0)
    return refuse (error,
                   "its module says version %s and its manifest %s; build it again, or correct one "
                   "of the two",
                   report->version, manifest->version);
  return TRUE;
}

static gboolean
check_schedules (const HeptadManifest *manifest, const HeptadProbeReport *report, GError **error)
{
  if (manifest->schedules->len > 0 && !heptad_manifest_asks (manifest, "jobs"))
    return refuse (error, "%s has schedules but does not ask for jobs; add 'jobs' to `asks`",
                   manifest->file_name);

  for (guint i = 0; i < manifest->schedules->len; i++)
    {
      const HeptadManifestSchedule *schedule =
          &g_array_index (manifest->schedules, HeptadManifestSchedule, i);

      if (!g_strv_contains ((const char *const *) report->jobs, schedule->job))
        return refuse (error,
                       "its schedule '%s' runs the job '%s', which its module does not have; add "
                       "HEPTAD_JOB_KIND (\"%s\", ...) to the descriptor's jobs",
                       schedule->id, schedule->job, schedule->job);
    }
  return TRUE;
}

static gboolean
check_handlers (const HeptadManifest *manifest, const HeptadProbeReport *report, GError **error)
{
  for (guint i = 0; report->events[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) manifest->subscribes, report->events[i]))
      return refuse (error,
                     "it handles the topic '%s', which its manifest does not subscribe to; add the "
                     "topic to `subscribes`",
                     report->events[i]);
  return TRUE;
}

gboolean
heptad_bundle_check_report (const HeptadManifest *manifest,
                            const HeptadProbeReport *report,
                            GError **error)
{
  return check_abi (report->abi_major, report->abi_minor, error)
         && check_identity (manifest, report, error) && check_schedules (manifest, report, error)
         && check_handlers (manifest, report, error);
}
