/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/process-metrics.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void
print_one (GString *into, const char *name, const char *kind, const char *help, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (into, "# HELP %s %s\n# TYPE %s %s\n%s %s\n", name, help, name, kind, name,
                          g_ascii_dtostr (buffer, sizeof buffer, value));
}

static double
seconds_of (const struct timeval *time)
{
  return (double) time->tv_sec + (double) time->tv_usec / G_USEC_PER_SEC;
}

static guint
count_open_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n_files = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

/* The fields of /proc/self/stat after the program's name, which may hold anything. */
static char **
read_stat (void)
{
  g_autofree char *text = NULL;
  const char *end;

  if (!g_file_get_contents ("/proc/self/stat", &text, NULL, NULL))
    return NULL;
  end = strrchr (text, ')');
  return end != NULL ? g_strsplit (end + 2, " ", -1) : NULL;
}

/* Numbers of proc(5), less the two fields that were cut off, less one. */
enum {
  STAT_THREADS = 20 - 3,
  STAT_START = 22 - 3,
  STAT_VIRTUAL = 23 - 3,
  STAT_RESIDENT = 24 - 3,
  N_STAT_FIELDS = 25 - 3,
};

static void
print_stat (GString *into)
{
  g_auto (GStrv) stat = read_stat ();
  struct timespec uptime = { 0 };
  double started;

  if (stat == NULL || g_strv_length (stat) < N_STAT_FIELDS)
    return;
  clock_gettime (CLOCK_BOOTTIME, &uptime);
  started = (double) g_get_real_time () / G_USEC_PER_SEC - (double) uptime.tv_sec
            + g_ascii_strtod (stat[STAT_START], NULL) / (double) sysconf (_SC_CLK_TCK);
  print_one (into, "process_start_time_seconds", "gauge", "When the process started.", started);
  print_one (into, "process_threads", "gauge", "Threads.",
             g_ascii_strtod (stat[STAT_THREADS], NULL));
  print_one (into, "process_virtual_memory_bytes", "gauge", "Virtual memory.",
             g_ascii_strtod (stat[STAT_VIRTUAL], NULL));
  print_one (into, "process_resident_memory_bytes", "gauge", "Resident memory.",
             g_ascii_strtod (stat[STAT_RESIDENT], NULL) * (double) sysconf (_SC_PAGESIZE));
}

void
heptad_process_metrics_print (GString *into)
{
  struct rusage usage = { 0 };
  struct rlimit files = { 0 };

  getrusage (RUSAGE_SELF, &usage);
  getrlimit (RLIMIT_NOFILE, &files);
  print_one (into, "process_cpu_seconds_total", "counter", "CPU time of the user and the system.",
             seconds_of (&usage.ru_utime) + seconds_of (&usage.ru_stime));
  print_one (into, "process_open_fds", "gauge", "Open files.", count_open_files ());
  print_one (into, "process_max_fds", "gauge", "The limit of open files.", (double) files.rlim_cur);
  print_stat (into);
}
