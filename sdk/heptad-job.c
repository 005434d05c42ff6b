/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-job-backend.h"

struct _HeptadJob {
  GObject parent_instance;
  const HeptadJobBackend *backend;
  gpointer data;
  char *id;
  char *kind;
  HeptadTenant *tenant;
  HeptadStore *store;
  HeptadValue *input;
  HeptadValue *checkpoint;
  guint attempt;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (HeptadJob, heptad_job, G_TYPE_OBJECT)

static void
heptad_job_finalize (GObject *object)
{
  HeptadJob *self = HEPTAD_JOB (object);

  g_free (self->id);
  g_free (self->kind);
  g_clear_object (&self->tenant);
  g_clear_object (&self->store);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->input, heptad_value_unref);
  g_clear_pointer (&self->checkpoint, heptad_value_unref);
  G_OBJECT_CLASS (heptad_job_parent_class)->finalize (object);
}

static void
heptad_job_class_init (HeptadJobClass *class)
{
  G_OBJECT_CLASS (class)->finalize = heptad_job_finalize;
}

static void
heptad_job_init (HeptadJob *self)
{
}

HeptadJob *
heptad_job_new (const HeptadJobContext *context)
{
  HeptadJob *job = g_object_new (HEPTAD_TYPE_JOB, NULL);

  job->backend = context->backend;
  job->data = context->data;
  job->id = g_strdup (context->id);
  job->kind = g_strdup (context->kind);
  job->attempt = context->attempt;
  g_set_object (&job->tenant, context->tenant);
  g_set_object (&job->store, context->store);
  g_set_object (&job->cancellable, context->cancellable);
  if (context->input != NULL)
    job->input = heptad_value_ref (context->input);
  if (context->checkpoint != NULL)
    job->checkpoint = heptad_value_ref (context->checkpoint);
  return job;
}

const char *
heptad_job_get_id (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->id;
}

const char *
heptad_job_get_kind (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->kind;
}

HeptadTenant *
heptad_job_get_tenant (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->tenant;
}

HeptadStore *
heptad_job_get_store (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->store;
}

const HeptadValue *
heptad_job_get_input (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->input;
}

guint
heptad_job_get_attempt (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), 0);
  return job->attempt;
}

GCancellable *
heptad_job_get_cancellable (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->cancellable;
}

void
heptad_job_set_progress (HeptadJob *job, gint64 done, gint64 total, const char *message)
{
  g_return_if_fail (HEPTAD_IS_JOB (job));
  job->backend->set_progress (job->data, done, total, message);
}

gboolean
heptad_job_set_checkpoint (HeptadJob *job,
                           HeptadTransaction *transaction,
                           const HeptadValue *checkpoint,
                           GError **error)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job) && transaction != NULL && checkpoint != NULL, FALSE);
  return job->backend->set_checkpoint (job->data, transaction, checkpoint, error);
}

const HeptadValue *
heptad_job_get_checkpoint (HeptadJob *job)
{
  g_return_val_if_fail (HEPTAD_IS_JOB (job), NULL);
  return job->checkpoint;
}
