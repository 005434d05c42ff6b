/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/ctl/ctl-error.h"
#include "core/ctl/ctl-text.h"

#define FIRST_PAUSE_US   (50 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_PAUSE_US (500 * G_TIME_SPAN_MILLISECOND)
#define BAR_WIDTH        28
#define MAX_LOST         20

char *
ctl_job_print_progress (const HeptadValue *job, guint columns)
{
  const HeptadValue *progress = heptad_value_get_member (job, "progress");
  gint64 done = MAX (heptad_value_get_member_int64 (progress, "done"), 0);
  gint64 total = MAX (heptad_value_get_member_int64 (progress, "total"), 0);
  double part = total > 0 ? MIN ((double) done / (double) total, 1.0) : 0;
  const char *message = heptad_value_get_member_string (progress, "message");
  g_autofree char *clean =
      ctl_text_clean (message != NULL ? message : heptad_value_get_member_string (job, "state"));
  GString *line = g_string_new (NULL);

  if (total > 0)
    {
      g_string_append_c (line, '[');
      for (guint i = 0; i < BAR_WIDTH; i++)
        g_string_append_c (line, i < (guint) (part * BAR_WIDTH) ? '#' : '.');
      g_string_append_printf (line, "] %3d%%  ", (int) (part * 100));
    }
  g_string_append (line, clean);
  while (line->len > 0 && ctl_text_get_width (line->str) > columns)
    g_string_truncate (
        line, (gsize) (g_utf8_find_prev_char (line->str, line->str + line->len) - line->str));
  return g_string_free (line, FALSE);
}

static void
show (const HeptadValue *job)
{
  g_autofree char *line = NULL;

  if (!isatty (STDERR_FILENO))
    return;
  line = ctl_job_print_progress (job, 78);
  fprintf (stderr, "\r\033[K%s", line);
}

static void
clear (void)
{
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}

static gboolean
has_ended (const HeptadValue *job)
{
  static const char *const ends[] = { "succeeded", "failed", "cancelled", NULL };
  const char *state = heptad_value_get_member_string (job, "state");

  return state != NULL && g_strv_contains (ends, state);
}

static gboolean
check_state (const HeptadValue *job, const char *job_id, GError **error)
{
  const HeptadValue *failure = heptad_value_get_member (job, "error");
  const char *message = heptad_value_get_member_string (failure, "message");
  const char *state = heptad_value_get_member_string (job, "state");
  g_autofree char *clean = ctl_text_clean (message != NULL ? message : "no reason is known");

  if (strcmp (state, "succeeded") == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Job %s %s: %s", job_id,
               strcmp (state, "failed") == 0 ? "failed" : "was cancelled", clean);
  return FALSE;
}

/* A host that restarts is away for a moment; the job is durable. */
static gboolean
may_come_back (const GError *failure, guint n_lost)
{
  return n_lost < MAX_LOST && ctl_exit_of_error (failure) == CTL_EXIT_UNAVAILABLE;
}

HeptadValue *
ctl_job_follow (CtlServer *server, const char *job_id, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (job_id, NULL, FALSE);
  g_autofree char *target = g_strconcat ("/api/v1/host/jobs/", escaped, NULL);
  gint64 pause_us = FIRST_PAUSE_US;
  guint n_lost = 0;

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (HeptadValue) job = ctl_server_get (server, target, &failure);

      if (job != NULL && has_ended (job))
        {
          clear ();
          return check_state (job, job_id, error) ? g_steal_pointer (&job) : NULL;
        }
      if (failure != NULL && !may_come_back (failure, n_lost++))
        {
          clear ();
          g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                                      "Job %s goes on, but cannot be followed: ", job_id);
          return NULL;
        }
      if (job != NULL)
        {
          n_lost = 0;
          show (job);
        }
      g_usleep ((gulong) pause_us);
      pause_us = MIN (pause_us * 3 / 2, LONGEST_PAUSE_US);
    }
}
