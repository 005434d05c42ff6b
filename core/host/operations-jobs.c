/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/host-operations.h"

static void
on_list_jobs (HeptadCall *call, HeptadHostDaemon *daemon)
{
  GError *error = NULL;
  HeptadValue *jobs =
      heptad_job_queue_list (daemon->jobs, heptad_host_operations_get_tenant_id (call),
                             heptad_call_get_string (call, "plugin"),
                             (guint) heptad_call_get_int64 (call, "limit"), &error);

  heptad_host_operations_return_items (call, jobs, error);
}

static void
return_job (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;
  HeptadValue *job =
      heptad_job_queue_get (daemon->jobs, heptad_host_operations_get_tenant_id (call),
                            heptad_call_get_string (call, "jobId"), &error);

  if (job != NULL)
    heptad_call_return (call, job);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

static void
on_get_job (HeptadCall *call, HeptadHostDaemon *daemon)
{
  return_job (call, daemon);
}

static void
on_cancel_job (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;

  if (heptad_job_queue_cancel (daemon->jobs, heptad_host_operations_get_tenant_id (call),
                               heptad_call_get_string (call, "jobId"), &error))
    return_job (call, daemon);
  else
    heptad_call_take_error (call, g_steal_pointer (&error));
}

const HeptadOperationEntry heptad_host_operations_jobs[] = {
  HEPTAD_OPERATION ("listJobs", on_list_jobs),
  HEPTAD_OPERATION ("getJob", on_get_job),
  HEPTAD_OPERATION ("cancelJob", on_cancel_job),
  { NULL },
};
