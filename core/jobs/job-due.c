/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-due.h"

#include "sdk/heptad-error.h"

JobRegistration *
job_registration_new (const HeptadJobSpec *spec)
{
  JobRegistration *registration = g_new0 (JobRegistration, 1);

  registration->spec = *spec;
  registration->spec.tenant_id = g_strdup (spec->tenant_id);
  registration->spec.plugin_id = g_strdup (spec->plugin_id);
  registration->spec.store = g_object_ref (spec->store);
  registration->spec.tenant = spec->tenant != NULL ? g_object_ref (spec->tenant) : NULL;
  registration->key = g_strconcat (spec->tenant_id, "/", spec->plugin_id, NULL);
  registration->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  registration->is_dirty = TRUE;
  return registration;
}

void
job_registration_free (gpointer data)
{
  JobRegistration *registration = data;

  g_free ((char *) registration->spec.tenant_id);
  g_free ((char *) registration->spec.plugin_id);
  g_clear_object (&registration->spec.store);
  g_clear_object (&registration->spec.tenant);
  g_hash_table_unref (registration->known);
  g_free (registration->key);
  g_free (registration);
}

JobSchedule *
job_schedule_new (const char *id,
                  const char *cron,
                  const char *zone,
                  const char *kind,
                  const HeptadValue *input,
                  GError **error)
{
  g_autoptr (GTimeZone) time_zone = g_time_zone_new_identifier (zone);
  Cron parsed;

  if (time_zone == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                   "The schedule %s names '%.60s', which is no IANA time zone known here, such as "
                   "Europe/Berlin",
                   id, zone);
      return NULL;
    }
  if (!cron_parse (cron, &parsed, error))
    {
      g_prefix_error (error, "%s: ", id);
      return NULL;
    }
  JobSchedule *schedule = g_new0 (JobSchedule, 1);
  schedule->id = g_strdup (id);
  schedule->kind = g_strdup (kind);
  schedule->input = input != NULL ? heptad_value_ref (input) : NULL;
  schedule->cron = parsed;
  schedule->zone = g_steal_pointer (&time_zone);
  return schedule;
}

void
job_schedule_free (JobSchedule *schedule)
{
  g_free (schedule->id);
  g_free (schedule->kind);
  g_clear_pointer (&schedule->input, heptad_value_unref);
  g_time_zone_unref (schedule->zone);
  g_free (schedule);
}

void
job_due_free (gpointer data)
{
  JobDue *due = data;

  g_free (due->job_id);
  g_clear_pointer (&due->schedule, job_schedule_free);
  g_free (due);
}

static int
compare_dues (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 first_us = ((const JobDue *) a)->due_us;
  gint64 second_us = ((const JobDue *) b)->due_us;

  return (first_us > second_us) - (first_us < second_us);
}

GSequence *
job_dues_new (void)
{
  return g_sequence_new (job_due_free);
}

void
job_dues_add_job (GSequence *dues, JobRegistration *registration, const char *id, gint64 due_us)
{
  if (registration->is_removed || !g_hash_table_add (registration->known, g_strdup (id)))
    return;
  JobDue *due = g_new0 (JobDue, 1);
  due->due_us = due_us;
  due->registration = registration;
  due->job_id = g_strdup (id);
  g_sequence_insert_sorted (dues, due, compare_dues, NULL);
}

void
job_dues_add_schedule (GSequence *dues, JobRegistration *registration, JobSchedule *schedule)
{
  gint64 due_us = cron_get_next (&schedule->cron, schedule->zone, schedule->last_us);

  if (due_us < 0 || registration->is_removed)
    {
      job_schedule_free (schedule);
      return;
    }
  JobDue *due = g_new0 (JobDue, 1);
  due->due_us = due_us;
  due->registration = registration;
  due->schedule = schedule;
  g_sequence_insert_sorted (dues, due, compare_dues, NULL);
}

JobDue *
job_dues_take (GSequence *dues, gint64 now_us, gint64 *next_us)
{
  GSequenceIter *first = g_sequence_get_begin_iter (dues);

  *next_us = G_MAXINT64;
  if (g_sequence_iter_is_end (first))
    return NULL;
  const JobDue *due = g_sequence_get (first);
  if (due->due_us > now_us)
    {
      *next_us = due->due_us;
      return NULL;
    }
  JobDue *taken = g_memdup2 (due, sizeof *due);
  ((JobDue *) due)->job_id = NULL;
  ((JobDue *) due)->schedule = NULL;
  g_sequence_remove (first);
  return taken;
}

void
job_dues_remove (GSequence *dues, const JobRegistration *registration)
{
  GSequenceIter *iter = g_sequence_get_begin_iter (dues);

  while (!g_sequence_iter_is_end (iter))
    {
      GSequenceIter *next = g_sequence_iter_next (iter);
      if (((const JobDue *) g_sequence_get (iter))->registration == registration)
        g_sequence_remove (iter);
      iter = next;
    }
}
