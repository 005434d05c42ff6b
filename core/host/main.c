/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heptadd: reads its settings, runs the host until it is told to stop. */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "core/host/build-paths.h"
#include "core/host/host.h"
#include "core/host/serve.h"
#include "core/telemetry/log-writer.h"
#include "sdk/heptad-log.h"

#define END_AFTER_S 10

typedef struct {
  GMainLoop *loop;
  HeptadHostDaemon *daemon;
  HeptadServe *serve;
  gboolean stopping;
  const char *const *arguments;
  const char *const *environment;
} Program;

static void
on_drained (gboolean in_time, gpointer data)
{
  Program *program = data;

  if (!in_time)
    heptad_log_warning ("Requests were still in flight when their time was up; they are cut off.");
  g_main_loop_quit (program->loop);
}

static gboolean
on_stop_signal (gpointer data)
{
  Program *program = data;

  if (program->stopping)
    {
      heptad_log_notice ("Told to stop a second time: not waiting for the requests in flight.");
      g_main_loop_quit (program->loop);
      return G_SOURCE_CONTINUE;
    }
  program->stopping = TRUE;
  heptad_log_notice ("Stopping: no new requests; those in flight are answered.");
  heptad_serve_drain (program->serve, on_drained, program);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_reload_signal (gpointer data)
{
  Program *program = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadConfig) config =
      heptad_config_load (program->arguments, program->environment, &error);

  if (config != NULL)
    heptad_host_daemon_apply (program->daemon, config);
  else
    heptad_log_warning ("The settings stay as they are: %s", error->message);
  g_clear_error (&error);
  if (!heptad_serve_reload_certificate (program->serve, &error))
    heptad_log_warning ("The certificate stays as it is: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static void
on_plugins_started (gpointer data)
{
  Program *program = data;
  g_autoptr (GPtrArray) plugins = heptad_plugin_manager_list (program->daemon->plugins);
  guint n_active = 0;

  for (guint i = 0; i < plugins->len; i++)
    n_active += ((HeptadPluginInfo *) plugins->pdata[i])->state == HEPTAD_PLUGIN_ACTIVE;
  heptad_log_notice ("Ready: %u of %u plugins serve.", n_active, plugins->len);
}

/* For whoever started the host: where it is, and what to do now. Scripts read the lines that begin
 * `Listening`. */
static void
print_addresses (const HeptadServe *serve)
{
  const char *const *addresses = heptad_serve_get_addresses ((HeptadServe *) serve);

  for (guint i = 0; addresses[i] != NULL; i++)
    printf ("Listening on %s\n", addresses[i]);
  printf ("\nTry next:\n"
          "    ./dev exec heptadctl status\n"
          "    ./dev exec heptadctl plugin list\n\n");
  fflush (stdout);
}

static void
print_first_password (const HeptadHostDaemon *daemon)
{
  if (daemon->first_password == NULL)
    return;
  printf ("The administrator is '%s', with the one-time password\n\n    %s\n\n", "admin",
          daemon->first_password);
  fflush (stdout);
}

/* Handlers that never return must not keep the host from ending. */
static gpointer
end_in_any_case (gpointer data)
{
  g_usleep (GPOINTER_TO_UINT (data) * (gulong) G_USEC_PER_SEC);
  heptad_log_warning ("A plugin's handler has not returned; the host ends without it. What was "
                      "acknowledged is on disk.");
  _exit (3);
}

static int
run (Program *program, HeptadConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeptadHostDaemon) daemon = heptad_host_daemon_new (config, &error);
  g_autoptr (HeptadServe) serve = NULL;

  if (daemon == NULL)
    {
      fprintf (stderr, "heptadd: %s\n", error->message);
      return 1;
    }
  serve = heptad_serve_new (daemon, &error);
  if (serve == NULL)
    {
      fprintf (stderr, "heptadd: %s\n", error->message);
      return 1;
    }
  program->loop = loop;
  program->serve = serve;
  program->daemon = daemon;
  g_unix_signal_add (SIGTERM, on_stop_signal, program);
  g_unix_signal_add (SIGINT, on_stop_signal, program);
  g_unix_signal_add (SIGHUP, on_reload_signal, program);
  heptad_serve_start (serve);
  print_first_password (daemon);
  print_addresses (serve);
  heptad_host_daemon_start_plugins (daemon, on_plugins_started, program);
  g_main_loop_run (loop);
  g_thread_unref (
      g_thread_new ("watchdog", end_in_any_case,
                    GUINT_TO_POINTER ((guint) config->plugin_stop_timeout + END_AFTER_S)));
  return 0;
}

static gboolean
print_and_leave (const char *const *arguments)
{
  g_autofree char *help = NULL;

  if (g_strv_contains (arguments, "--version"))
    {
      puts ("heptadd " HEPTAD_VERSION);
      return TRUE;
    }
  if (!g_strv_contains (arguments, "--help") && !g_strv_contains (arguments, "-h"))
    return FALSE;
  help = heptad_config_print_help ();
  fputs (help, stdout);
  return TRUE;
}

int
main (int argc, char **argv)
{
  const char *const *arguments = (const char *const *) argv + MIN (argc, 1);
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  Program program = { .arguments = arguments, .environment = (const char *const *) environment };
  HeptadConfig *config;

  setlocale (LC_ALL, "");
  if (print_and_leave (arguments))
    return 0;
  config = heptad_config_load (arguments, program.environment, &error);
  if (config == NULL)
    {
      fprintf (stderr, "heptadd: %s\n", error->message);
      return 2;
    }
  heptad_log_writer_install (heptad_log_format_parse (config->log_format),
                             heptad_log_level_parse (config->log_level));
  return run (&program, config);
}
