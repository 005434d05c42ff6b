/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/probe.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/plugins/probe-child.h"
#include "sdk/heptad-error.h"

#define MAX_REPORT_BYTES (1024 * 1024)

/* The child gets what a program needs to run and none of the host's secrets. */
static const char *const passed_variables[] = {
  "PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
};

static GSubprocess *
start_child (const char *const *argv, int report_fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_auto (GStrv) environment = g_new0 (char *, 1);

  for (guint i = 0; i < G_N_ELEMENTS (passed_variables); i++)
    if (g_getenv (passed_variables[i]) != NULL)
      environment =
          g_environ_setenv (environment, passed_variables[i], g_getenv (passed_variables[i]), TRUE);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                        | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_environ (launcher, environment);
  g_subprocess_launcher_take_fd (launcher, report_fd, HEPTAD_PROBE_REPORT_FD);
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

/* Reads until the child closes its end, or the deadline. Returns whether it closed it. */
static gboolean
read_report (int fd, gint64 deadline_us, GString *into)
{
  char buffer[4096];

  while (into->len < MAX_REPORT_BYTES)
    {
      gint64 left_ms = (deadline_us - g_get_monotonic_time () + 999) / 1000;
      struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
      int ready = left_ms > 0 ? poll (&poll_fd, 1, (int) left_ms) : 0;
      gssize got;

      if (ready < 0 && errno == EINTR)
        continue;
      if (ready <= 0)
        return FALSE;
      got = read (fd, buffer, sizeof buffer);
      if (got == 0)
        return TRUE;
      if (got > 0)
        g_string_append_len (into, buffer, got);
      else if (errno != EINTR)
        return FALSE;
    }
  return FALSE;
}

static const char *
name_step (const char *text)
{
  if (strstr (text, HEPTAD_PROBE_STEP_QUERY) != NULL)
    return "in heptad_plugin_query(), which may only return the descriptor";
  if (strstr (text, HEPTAD_PROBE_STEP_OPEN) != NULL)
    return "while it was opened; look at its constructor functions";
  return "before the module was opened; the file may be damaged";
}

static void
explain_death (GSubprocess *child, const char *text, GError **error)
{
  if (g_subprocess_get_if_signaled (child))
    {
      int number = g_subprocess_get_term_sig (child);

      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "it crashed with %s (%s) %s",
                   number == SIGXCPU ? "its CPU time used up" : "a signal", g_strsignal (number),
                   name_step (text));
      return;
    }
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "it ended the process with exit code %d %s", g_subprocess_get_exit_status (child),
               name_step (text));
}

static HeptadProbeReport *
judge_child (GSubprocess *child, GString *text, guint timeout_ms, gboolean closed, GError **error)
{
  const char *done;

  if (!closed)
    {
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_DEADLINE, "it did not answer within %.1f s %s",
                   timeout_ms / 1000.0, name_step (text->str));
      return NULL;
    }

  if (!g_subprocess_wait (child, NULL, error))
    return NULL;
  done = strstr (text->str, HEPTAD_PROBE_STEP_DONE);
  if (done == NULL || g_subprocess_get_if_signaled (child))
    {
      explain_death (child, text->str, error);
      return NULL;
    }
  done += strlen (HEPTAD_PROBE_STEP_DONE);
  return heptad_probe_report_parse (done, strlen (done), error);
}

HeptadProbeReport *
heptad_probe_module (const char *probe_path,
                     const char *module_path,
                     const char *bundle_dir,
                     guint timeout_ms,
                     GError **error)
{
  const char *argv[] = { probe_path, module_path, bundle_dir, NULL };
  gint64 deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  HeptadProbeReport *report;
  int fds[2];
  gboolean closed;

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return NULL;
  child = start_child (argv, fds[1], error);
  if (child == NULL)
    {
      close (fds[0]);
      g_prefix_error (error, "heptad-probe cannot be run, which checks modules before they are "
                             "loaded; install Heptad again: ");
      return NULL;
    }

  closed = read_report (fds[0], deadline_us, text);
  close (fds[0]);
  report = judge_child (child, text, timeout_ms, closed, error);
  return report;
}
