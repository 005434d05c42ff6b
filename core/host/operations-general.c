/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/build-paths.h"
#include "core/host/host-operations.h"

#include <string.h>

static void
on_ping (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_value (answer, "text", heptad_call_get_value (call, "text"));
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
add_plugins (HeptadBuilder *answer, HeptadHostDaemon *daemon)
{
  g_autoptr (GPtrArray) plugins = heptad_plugin_manager_list (daemon->plugins);

  heptad_builder_set_array (answer, "plugins");
  for (guint i = 0; i < plugins->len; i++)
    {
      heptad_builder_add_object (answer);
      heptad_host_operations_add_plugin (answer, plugins->pdata[i]);
      heptad_builder_close (answer);
    }
  heptad_builder_close (answer);
}

static void
add_job_counts (HeptadBuilder *answer, const HeptadValue *jobs)
{
  static const char *const states[] = { "queued", "running", "succeeded", "failed", "cancelled" };

  heptad_builder_set_object (answer, "jobs");
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gint64 n_jobs = 0;

      for (guint j = 0; j < heptad_value_get_size (jobs); j++)
        n_jobs +=
            g_strcmp0 (heptad_value_get_member_string (heptad_value_get_item (jobs, j), "state"),
                       states[i])
            == 0;
      heptad_builder_set_int64 (answer, states[i], n_jobs);
    }
  heptad_builder_close (answer);
}

static void
on_get_status (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();
  g_autoptr (HeptadValue) jobs = heptad_job_queue_list (
      daemon->jobs, heptad_host_operations_get_tenant_id (call), NULL, 1000, &error);

  if (jobs == NULL)
    {
      heptad_call_take_error (call, g_steal_pointer (&error));
      return;
    }
  heptad_builder_set_string (answer, "version", HEPTAD_VERSION);
  heptad_builder_set_time (answer, "startedAt", daemon->started_at_us);
  add_plugins (answer, daemon);
  add_job_counts (answer, jobs);
  heptad_call_return (call, heptad_builder_end (answer));
}

static void
on_who_am_i (HeptadCall *call, HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadBuilder) answer = heptad_builder_new_object ();

  heptad_builder_set_string (answer, "id", heptad_call_get_principal (call));
  heptad_builder_set_string (answer, "tenant", heptad_host_operations_get_tenant_id (call));
  heptad_call_return (call, heptad_builder_end (answer));
}

const HeptadOperationEntry heptad_host_operations_general[] = {
  HEPTAD_OPERATION ("ping", on_ping),
  HEPTAD_OPERATION ("getStatus", on_get_status),
  HEPTAD_OPERATION ("whoAmI", on_who_am_i),
  { NULL },
};
