/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/call-recorder.h"

#include "sdk/heptad-log.h"

static char *
make_labels (const HeptadOperation *operation)
{
  GString *labels = g_string_new (NULL);

  heptad_metrics_print_label (labels, "plugin",
                              heptad_operation_set_get_plugin_id (operation->set));
  heptad_metrics_print_label (labels, "operation", operation->id);
  return g_string_free (labels, FALSE);
}

typedef HeptadMetric (*AddSeries) (HeptadMetrics *metrics,
                                   const char *name,
                                   const char *help,
                                   const char *labels);

/* The series is made when it is first needed; two threads that make it at once get the same one. */
static HeptadMetric
get_series (HeptadMetrics *metrics,
            const HeptadOperation *operation,
            guint *kept,
            AddSeries add,
            const char *name,
            const char *help)
{
  guint series = __atomic_load_n (kept, __ATOMIC_RELAXED);
  g_autofree char *labels = NULL;

  if (series != 0)
    return series - 1;
  labels = make_labels (operation);
  series = add (metrics, name, help, labels);
  __atomic_store_n (kept, series + 1, __ATOMIC_RELAXED);
  return series;
}

static void
count (HeptadMetrics *metrics, const HeptadCallRecord *record)
{
  HeptadOperation *operation = record->request->operation;
  HeptadOperationSeries *series = &operation->series;

  heptad_metrics_observe (metrics,
                          get_series (metrics, operation, &series->duration,
                                      heptad_metrics_add_histogram,
                                      "heptad_operation_duration_seconds",
                                      "Time from the head of a request to its answer."),
                          record->duration_us);
  if (record->status >= 500)
    heptad_metrics_count (metrics,
                          get_series (metrics, operation, &series->host_errors,
                                      heptad_metrics_add_counter,
                                      "heptad_operation_host_errors_total",
                                      "Calls that failed by a fault of host or plugin."),
                          1);
  else if (record->status >= 400)
    heptad_metrics_count (metrics,
                          get_series (metrics, operation, &series->caller_errors,
                                      heptad_metrics_add_counter,
                                      "heptad_operation_caller_errors_total",
                                      "Calls that were refused for what the caller sent."),
                          1);
}

static const char *
name_outcome (guint status)
{
  if (status == 401 || status == 403)
    return "denied";
  return status < 400 ? "done" : "failed";
}

static void
audit (HeptadHostDaemon *daemon, const HeptadCallRecord *record)
{
  const HeptadRequest *request = record->request;
  const HeptadAuditRecord entry = {
    .tenant_id = request->tenant_id,
    .actor =
        request->principal != NULL ? heptad_principal_get_id (request->principal) : "anonymous",
    .action = record->operation->qualified,
    .resource = request->resource,
    .outcome = name_outcome (record->status),
    .detail = record->error != NULL ? record->error->message : NULL,
  };

  heptad_audit_record (daemon->audit, &entry);
}

void
heptad_call_recorder_record (const HeptadCallRecord *record, gpointer data)
{
  HeptadHostDaemon *daemon = data;
  gboolean denied = record->status == 401 || record->status == 403;

  count (daemon->metrics, record);
  if (record->operation->audit || denied)
    audit (daemon, record);
  if (record->status >= 500)
    heptad_log_warning (
        "%s failed with %u: %s (request %s)", record->operation->qualified, record->status,
        record->error != NULL ? record->error->message : "no reason", record->request->request_id);
}
