/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/jobs/job-ledger.h"
#include "sdk/backend/heptad-store-backend.h"

static void
set_time (HeptadBuilder *list, const char *name, HeptadRows *rows, guint column)
{
  if (heptad_rows_is_null (rows, column))
    heptad_builder_set_null (list, name);
  else
    heptad_builder_set_time (list, name, heptad_rows_get_int64 (rows, column));
}

static void
set_json (HeptadBuilder *list, const char *name, HeptadRows *rows, guint column)
{
  g_autoptr (HeptadValue) value = heptad_rows_get_json (rows, column);
  heptad_builder_set_value (list, name, value);
}

static void
set_error (HeptadBuilder *list, HeptadRows *rows, guint code, guint message)
{
  if (heptad_rows_is_null (rows, message))
    {
      heptad_builder_set_null (list, "error");
      return;
    }
  const HeptadErrorInfo *info =
      heptad_error_get_info ((HeptadError) heptad_rows_get_int64 (rows, code));
  heptad_builder_set_object (list, "error");
  heptad_builder_set_string (list, "code", info->name);
  heptad_builder_set_string (list, "message", heptad_rows_get_text (rows, message));
  heptad_builder_close (list);
}

/* Columns: id, kind, state, attempt, created, started, finished, result, error code, error. */
static void
add_job (HeptadBuilder *list,
         HeptadRows *rows,
         const char *plugin_id,
         JobProgressFunc get_progress,
         gpointer data)
{
  const char *id = heptad_rows_get_text (rows, 0);
  g_autoptr (HeptadValue) progress = get_progress != NULL ? get_progress (id, data) : NULL;

  heptad_builder_add_object (list);
  heptad_builder_set_string (list, "id", id);
  heptad_builder_set_string (list, "plugin", plugin_id);
  heptad_builder_set_string (list, "kind", heptad_rows_get_text (rows, 1));
  heptad_builder_set_string (list, "state", heptad_rows_get_text (rows, 2));
  heptad_builder_set_value (list, "progress", progress);
  heptad_builder_set_int64 (list, "attempt", heptad_rows_get_int64 (rows, 3));
  set_time (list, "createdAt", rows, 4);
  set_time (list, "startedAt", rows, 5);
  set_time (list, "finishedAt", rows, 6);
  set_json (list, "result", rows, 7);
  set_error (list, rows, 8, 9);
  heptad_builder_close (list);
}

gboolean
job_ledger_describe (HeptadStore *store,
                     const char *plugin_id,
                     const char *id,
                     guint limit,
                     JobProgressFunc get_progress,
                     gpointer data,
                     HeptadBuilder *list,
                     GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadRows) rows = heptad_store_query_core (
      store,
      "SELECT id, kind, state, attempt, created_us, started_us, finished_us, result, error_code, "
      "error"
      " FROM _heptad_jobs WHERE ($1 IS NULL OR id = $1) ORDER BY created_us DESC, id DESC LIMIT $2",
      HEPTAD_SQL (heptad_sql_text (id), heptad_sql_int64 (limit)), NULL, error);

  if (rows == NULL)
    return FALSE;
  while (heptad_rows_next (rows, &failure))
    add_job (list, rows, plugin_id, get_progress, data);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
