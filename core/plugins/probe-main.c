/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heptad-probe MODULE BUNDLE-DIR: the throw-away child of core/plugins/probe.c. A program of its
 * own, since it starts in a fraction of the host's time. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/plugins/probe-child.h"
#include "core/plugins/probe.h"

static void
limit_process (void)
{
  const struct rlimit no_core = { 0, 0 };
  const struct rlimit few_seconds = { HEPTAD_PROBE_CPU_SECONDS, HEPTAD_PROBE_CPU_SECONDS };

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setrlimit (RLIMIT_CORE, &no_core);
  setrlimit (RLIMIT_CPU, &few_seconds);
}

int
main (int argc, char **argv)
{
  gboolean loadable;

  if (argc != 3)
    {
      fputs ("heptad-probe is run by heptadd: heptad-probe MODULE BUNDLE-DIR\n", stderr);
      return 2;
    }

  limit_process ();
  loadable = heptad_probe_child_run (argv[1], argv[2], HEPTAD_PROBE_REPORT_FD);

  /* Destructors are the plugin's code too, and nothing here needs them. */
  _exit (loadable ? 0 : 1);
}
