/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-queue.h"

#include <string.h>

#include "core/jobs/job-due.h"

enum {
  DEFAULT_THREADS = 4,
  MAX_KNOWN = 1000,                   /* due jobs of one registration that are held in memory */
  FEW_KNOWN = 100,                    /* then more are taken over */
  MAX_SLEEP_US = 30 * G_USEC_PER_SEC, /* the wall clock may be set meanwhile */
  SCAN_RETRY_US = G_USEC_PER_SEC,
  CANCEL_TRIES = 200,
  CANCEL_PAUSE_US = 5000,
};

struct _HeptadJobQueue {
  HeptadStoreHub *stores;
  GMutex mutex; /* guards all below */
  GCond changed;
  GHashTable *registrations; /* key → JobRegistration */
  GHashTable *runs;          /* job id → JobRun (unowned) */
  GSequence *dues;
  GPtrArray *threads;
  gboolean is_stopping;
};

typedef struct {
  GPtrArray *ids;
  GArray *due_us;
} Scan;

static void
note_due (const char *id, gint64 due_us, gpointer data)
{
  Scan *scan = data;

  g_ptr_array_add (scan->ids, g_strdup (id));
  g_array_append_val (scan->due_us, due_us);
}

static JobRegistration *
find_dirty (HeptadJobQueue *queue)
{
  GHashTableIter iter;
  gpointer registration = NULL;

  g_hash_table_iter_init (&iter, queue->registrations);
  while (g_hash_table_iter_next (&iter, NULL, &registration))
    if (((JobRegistration *) registration)->is_dirty)
      return registration;
  return NULL;
}

/* Takes over what is queued in a store. The mutex is released meanwhile. */
static void
scan (HeptadJobQueue *queue, JobRegistration *registration)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) due_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  Scan found = { ids, due_us };

  registration->is_dirty = FALSE;
  registration->n_running++;
  g_mutex_unlock (&queue->mutex);
  if (!job_ledger_foreach_due (registration->spec.store, MAX_KNOWN, note_due, &found, &error))
    g_warning ("The jobs of %s were not read: %s", registration->key, error->message);
  g_mutex_lock (&queue->mutex);
  for (guint i = 0; i < ids->len; i++)
    job_dues_add_job (queue->dues, registration, g_ptr_array_index (ids, i),
                      g_array_index (due_us, gint64, i));
  registration->has_more = ids->len == MAX_KNOWN;
  registration->n_running--;
  g_cond_broadcast (&queue->changed);
}

static void
add_retry (HeptadJobQueue *queue, JobRegistration *registration, const char *id, gint64 retry_us)
{
  g_hash_table_remove (registration->known, id);
  if (retry_us > 0)
    job_dues_add_job (queue->dues, registration, id, retry_us);
  if (registration->has_more && g_hash_table_size (registration->known) < FEW_KNOWN)
    registration->is_dirty = TRUE;
}

/* (transfer full) @claim. With the mutex held, which is released while the job runs. */
static gint64
run_claimed (HeptadJobQueue *queue, JobRegistration *registration, JobClaim *claim)
{
  g_autoptr (JobRun) run = job_run_new (&registration->spec, claim);
  gint64 retry_us = 0;

  g_hash_table_insert (queue->runs, (char *) job_run_get_id (run), run);
  if (queue->is_stopping || registration->is_removed)
    job_run_stop (run, FALSE);
  g_mutex_unlock (&queue->mutex);
  job_run_execute (run, &retry_us);
  g_mutex_lock (&queue->mutex);
  g_hash_table_remove (queue->runs, job_run_get_id (run));
  return retry_us;
}

static void
run_job (HeptadJobQueue *queue, JobRegistration *registration, const char *id)
{
  JobClaim *claim = NULL;
  g_autoptr (GError) error = NULL;
  gint64 retry_us = 0;

  g_mutex_unlock (&queue->mutex);
  gboolean is_ok = job_ledger_claim (registration->spec.store, id, &claim, &error);
  g_mutex_lock (&queue->mutex);
  if (!is_ok)
    {
      g_warning ("The job %s was not started: %s", id, error->message);
      retry_us = g_get_real_time () + SCAN_RETRY_US;
    }
  else if (claim != NULL)
    retry_us = run_claimed (queue, registration, claim);
  add_retry (queue, registration, id, retry_us);
}

/* (transfer full) @schedule */
static void
fire (HeptadJobQueue *queue, JobRegistration *registration, JobSchedule *schedule)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (GError) error = NULL;

  g_mutex_unlock (&queue->mutex);
  gboolean is_ok =
      job_ledger_fire_schedule (registration->spec.store, schedule->id, schedule->last_us, now_us,
                                schedule->kind, schedule->input, &error);
  if (!is_ok)
    {
      g_warning ("The schedule %s of %s did not fire and is tried again: %s", schedule->id,
                 registration->key, error->message);
      g_usleep (SCAN_RETRY_US);
    }
  else
    schedule->last_us = now_us;
  g_mutex_lock (&queue->mutex);
  job_dues_add_schedule (queue->dues, registration, schedule);
}

static void
process (HeptadJobQueue *queue, JobDue *due)
{
  JobRegistration *registration = due->registration;

  registration->n_running++;
  if (due->job_id != NULL)
    run_job (queue, registration, due->job_id);
  else
    fire (queue, registration, g_steal_pointer (&due->schedule));
  registration->n_running--;
  g_cond_broadcast (&queue->changed);
  job_due_free (due);
}

static void
sleep_until (HeptadJobQueue *queue, gint64 due_us)
{
  gint64 wait_us = MAX_SLEEP_US;

  if (due_us != G_MAXINT64)
    wait_us = CLAMP (due_us - g_get_real_time (), 0, MAX_SLEEP_US);
  g_cond_wait_until (&queue->changed, &queue->mutex, g_get_monotonic_time () + wait_us);
}

static gpointer
run_thread (gpointer data)
{
  HeptadJobQueue *queue = data;
  gint64 next_us = G_MAXINT64;

  g_mutex_lock (&queue->mutex);
  while (!queue->is_stopping)
    {
      JobRegistration *dirty = find_dirty (queue);
      JobDue *due =
          dirty == NULL ? job_dues_take (queue->dues, g_get_real_time (), &next_us) : NULL;
      if (dirty != NULL)
        scan (queue, dirty);
      else if (due != NULL)
        process (queue, due);
      else
        sleep_until (queue, next_us);
    }
  g_mutex_unlock (&queue->mutex);
  return NULL;
}

static void
on_committed (gpointer data, const char *tenant_id, const char *plugin_id)
{
  HeptadJobQueue *queue = data;
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);

  g_mutex_lock (&queue->mutex);
  JobRegistration *registration = g_hash_table_lookup (queue->registrations, key);
  if (registration != NULL)
    {
      registration->is_dirty = TRUE;
      g_cond_signal (&queue->changed);
    }
  g_mutex_unlock (&queue->mutex);
}

HeptadJobQueue *
heptad_job_queue_new (HeptadStoreHub *stores, guint n_threads)
{
  HeptadJobQueue *queue = g_new0 (HeptadJobQueue, 1);

  g_mutex_init (&queue->mutex);
  g_cond_init (&queue->changed);
  queue->stores = stores;
  queue->registrations =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_registration_free);
  queue->runs = g_hash_table_new (g_str_hash, g_str_equal);
  queue->dues = job_dues_new ();
  queue->threads = g_ptr_array_new ();
  heptad_store_hub_set_job_hooks (
      stores, (HeptadStoreJobHooks){ .committed = on_committed, .data = queue });
  for (guint i = 0; i < (n_threads > 0 ? n_threads : DEFAULT_THREADS); i++)
    g_ptr_array_add (queue->threads, g_thread_new ("job", run_thread, queue));
  return queue;
}

/* With the mutex held. @registration (nullable): of all */
static void
stop_runs (HeptadJobQueue *queue, const JobRegistration *registration)
{
  GHashTableIter iter;
  gpointer id = NULL;
  gpointer run = NULL;

  g_hash_table_iter_init (&iter, queue->runs);
  while (g_hash_table_iter_next (&iter, &id, &run))
    if (registration == NULL || g_hash_table_contains (registration->known, id))
      job_run_stop (run, FALSE);
}

void
heptad_job_queue_free (HeptadJobQueue *queue)
{
  g_mutex_lock (&queue->mutex);
  queue->is_stopping = TRUE;
  stop_runs (queue, NULL);
  g_cond_broadcast (&queue->changed);
  g_mutex_unlock (&queue->mutex);
  for (guint i = 0; i < queue->threads->len; i++)
    g_thread_join (g_ptr_array_index (queue->threads, i));
  heptad_store_hub_set_job_hooks (queue->stores, (HeptadStoreJobHooks){ NULL });
  g_ptr_array_unref (queue->threads);
  g_sequence_free (queue->dues);
  g_hash_table_unref (queue->runs);
  g_hash_table_unref (queue->registrations);
  g_cond_clear (&queue->changed);
  g_mutex_clear (&queue->mutex);
  g_free (queue);
}

gboolean
heptad_job_queue_register (HeptadJobQueue *queue, const HeptadJobSpec *spec, GError **error)
{
  if (!job_ledger_recover (spec->store, error))
    return FALSE;

  JobRegistration *registration = job_registration_new (spec);
  g_mutex_lock (&queue->mutex);
  gboolean is_new = !g_hash_table_contains (queue->registrations, registration->key);
  if (is_new)
    g_hash_table_insert (queue->registrations, registration->key, registration);
  g_cond_broadcast (&queue->changed);
  g_mutex_unlock (&queue->mutex);
  if (is_new)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT, "The jobs of %s are registered already",
               registration->key);
  job_registration_free (registration);
  return FALSE;
}

void
heptad_job_queue_unregister (HeptadJobQueue *queue, const char *tenant_id, const char *plugin_id)
{
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  JobRegistration *registration = g_hash_table_lookup (queue->registrations, key);

  if (registration == NULL)
    return;
  registration->is_removed = TRUE;
  job_dues_remove (queue->dues, registration);
  stop_runs (queue, registration);
  while (registration->n_running > 0)
    g_cond_wait (&queue->changed, &queue->mutex);
  job_dues_remove (queue->dues, registration);
  g_hash_table_remove (queue->registrations, key);
}

gboolean
heptad_job_queue_add_schedule (HeptadJobQueue *queue,
                               const char *tenant_id,
                               const char *plugin_id,
                               const char *id,
                               const char *cron,
                               const char *zone,
                               const char *kind,
                               const HeptadValue *input,
                               GError **error)
{
  g_autofree char *key = g_strconcat (tenant_id, "/", plugin_id, NULL);
  g_autoptr (HeptadStore) store = heptad_store_hub_find (queue->stores, tenant_id, plugin_id);
  g_autoptr (JobSchedule) schedule = job_schedule_new (id, cron, zone, kind, input, error);

  if (schedule == NULL)
    return FALSE;
  schedule->last_us = g_get_real_time ();
  if (store != NULL && !job_ledger_read_schedule (store, id, &schedule->last_us, error))
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  JobRegistration *registration = g_hash_table_lookup (queue->registrations, key);
  if (registration == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND, "The jobs of %s are not registered",
                   key);
      return FALSE;
    }
  job_dues_add_schedule (queue->dues, registration, g_steal_pointer (&schedule));
  g_cond_signal (&queue->changed);
  return TRUE;
}

static HeptadValue *
get_progress (const char *id, gpointer data)
{
  HeptadJobQueue *queue = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  JobRun *run = g_hash_table_lookup (queue->runs, id);

  return run != NULL ? job_run_get_progress (run) : NULL;
}

static HeptadStore *
find_store (HeptadJobQueue *queue,
            const char *tenant_id,
            const char *job_id,
            char **plugin_id,
            GError **error)
{
  const char *dot = strrchr (job_id, '.');
  HeptadStore *store = NULL;

  if (dot != NULL)
    {
      *plugin_id = g_strndup (job_id, (gsize) (dot - job_id));
      store = heptad_store_hub_find (queue->stores, tenant_id, *plugin_id);
    }
  if (store == NULL)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND, "There is no job '%.100s'", job_id);
  return store;
}

HeptadValue *
heptad_job_queue_get (HeptadJobQueue *queue,
                      const char *tenant_id,
                      const char *job_id,
                      GError **error)
{
  g_autofree char *plugin_id = NULL;
  g_autoptr (HeptadStore) store = find_store (queue, tenant_id, job_id, &plugin_id, error);
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();

  if (store == NULL
      || !job_ledger_describe (store, plugin_id, job_id, 1, get_progress, queue, list, error))
    return NULL;
  g_autoptr (HeptadValue) jobs = heptad_builder_end (list);
  if (heptad_value_get_size (jobs) == 1)
    return heptad_value_ref (heptad_value_get_item (jobs, 0));
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND, "There is no job '%.100s'", job_id);
  return NULL;
}

/* (transfer full): ids of the plugins that have jobs for a tenant */
static char **
get_plugin_ids (HeptadJobQueue *queue, const char *tenant_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer registration = NULL;

  g_hash_table_iter_init (&iter, queue->registrations);
  while (g_hash_table_iter_next (&iter, NULL, &registration))
    {
      const HeptadJobSpec *spec = &((JobRegistration *) registration)->spec;
      if (strcmp (spec->tenant_id, tenant_id) == 0)
        g_strv_builder_add (ids, spec->plugin_id);
    }
  return g_strv_builder_end (ids);
}

HeptadValue *
heptad_job_queue_list (HeptadJobQueue *queue,
                       const char *tenant_id,
                       const char *plugin_id,
                       guint limit,
                       GError **error)
{
  g_auto (GStrv) ids = get_plugin_ids (queue, tenant_id);
  g_autoptr (HeptadBuilder) list = heptad_builder_new_array ();

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (HeptadStore) store = heptad_store_hub_find (queue->stores, tenant_id, ids[i]);
      if (store == NULL || (plugin_id != NULL && strcmp (plugin_id, ids[i]) != 0))
        continue;
      if (!job_ledger_describe (store, ids[i], NULL, limit, get_progress, queue, list, error))
        return NULL;
    }
  return heptad_builder_end (list);
}

static gboolean
stop_running (HeptadJobQueue *queue, const char *job_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  JobRun *run = g_hash_table_lookup (queue->runs, job_id);

  if (run != NULL)
    job_run_stop (run, TRUE);
  return run != NULL;
}

gboolean
heptad_job_queue_cancel (HeptadJobQueue *queue,
                         const char *tenant_id,
                         const char *job_id,
                         GError **error)
{
  g_autofree char *plugin_id = NULL;
  g_autoptr (HeptadStore) store = find_store (queue, tenant_id, job_id, &plugin_id, error);
  const char *state = "running";
  g_autoptr (HeptadValue) job = NULL;

  if (store == NULL)
    return FALSE;
  /* Between its claim and its run it is neither queued nor stoppable, for a moment. */
  for (guint i = 0; i < CANCEL_TRIES && strcmp (state, "running") == 0; i++)
    {
      gboolean was_queued = FALSE;
      if (stop_running (queue, job_id))
        return TRUE;
      if (!job_ledger_cancel_queued (store, job_id, &was_queued, error))
        return FALSE;
      if (was_queued)
        return TRUE;
      g_clear_pointer (&job, heptad_value_unref);
      job = heptad_job_queue_get (queue, tenant_id, job_id, error);
      if (job == NULL)
        return FALSE;
      state = heptad_value_get_member_string (job, "state");
      if (i > 0)
        g_usleep (CANCEL_PAUSE_US);
    }
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
               "The job %s is %s and cannot be cancelled", job_id, state);
  return FALSE;
}

guint
heptad_job_queue_get_n_running (HeptadJobQueue *queue)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&queue->mutex);
  return g_hash_table_size (queue->runs);
}
