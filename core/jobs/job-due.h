/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/jobs/cron.h"
#include "core/jobs/job-run.h"

/* What the queue holds in memory: registrations, and in order of time what is due for them. All of
 * it is guarded by the queue's mutex. */

typedef struct {
  HeptadJobSpec spec; /* owns its strings and references */
  char *key;          /* "TENANT/PLUGIN" */
  gboolean is_dirty;  /* its store may hold queued jobs that are not known here */
  gboolean has_more;  /* its store holds more than were taken over */
  gboolean is_removed;
  guint n_running;
  GHashTable *known; /* ids of jobs that are due or run */
} JobRegistration;

typedef struct {
  char *id;
  char *kind;
  HeptadValue *input;
  Cron cron;
  GTimeZone *zone;
  gint64 last_us;
} JobSchedule;

typedef struct {
  gint64 due_us;
  JobRegistration *registration;
  char *job_id;          /* either this */
  JobSchedule *schedule; /* or this */
} JobDue;

JobRegistration *job_registration_new (const HeptadJobSpec *spec);
void job_registration_free (gpointer registration);

JobSchedule *job_schedule_new (const char *id,
                               const char *cron,
                               const char *zone,
                               const char *kind,
                               const HeptadValue *input,
                               GError **error);
void job_schedule_free (JobSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobSchedule, job_schedule_free)

void job_due_free (gpointer due);

/* Due things, soonest first. */
GSequence *job_dues_new (void);

/* No effect for a job that is known already. */
void
job_dues_add_job (GSequence *dues, JobRegistration *registration, const char *id, gint64 due_us);

/* (transfer full) @schedule; freed when it never comes again. */
void job_dues_add_schedule (GSequence *dues, JobRegistration *registration, JobSchedule *schedule);

/* (transfer full) (nullable): the first that is due by @now_us; else when to look again in @next_us
 */
JobDue *job_dues_take (GSequence *dues, gint64 now_us, gint64 *next_us);
void job_dues_remove (GSequence *dues, const JobRegistration *registration);
