/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/problem.h"

static const char *
name_of_source (HeptadErrorSource source)
{
  static const char *const names[] = { "caller", "plugin", "core", "upstream" };

  return names[source];
}

static void
add_violations (HeptadBuilder *builder, const HeptadViolations *violations)
{
  heptad_builder_set_array (builder, "errors");
  for (guint i = 0; i < violations->list->len; i++)
    {
      const HeptadViolation *violation = violations->list->pdata[i];

      heptad_builder_add_object (builder);
      heptad_builder_set_string (builder, "in", violation->in);
      if (violation->name != NULL)
        heptad_builder_set_string (builder, "name", violation->name);
      heptad_builder_set_string (builder, "pointer", violation->pointer);
      heptad_builder_set_string (builder, "detail", violation->detail);
      heptad_builder_close (builder);
    }
  heptad_builder_close (builder);
}

HeptadValue *
heptad_problem_to_value (const HeptadProblem *problem)
{
  const HeptadErrorInfo *info = heptad_error_get_info (problem->code);
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autofree char *type = g_strconcat ("urn:heptad:problem:", info->name, NULL);
  g_autofree char *detail = g_utf8_make_valid (problem->detail, -1);

  heptad_builder_set_string (builder, "type", type);
  heptad_builder_set_string (builder, "title", info->title);
  heptad_builder_set_int64 (builder, "status",
                            problem->status != 0 ? problem->status : info->http_status);
  heptad_builder_set_string (builder, "detail", detail);
  if (problem->instance != NULL)
    heptad_builder_set_string (builder, "instance", problem->instance);
  heptad_builder_set_string (builder, "code", info->name);
  heptad_builder_set_string (builder, "source", name_of_source (info->source));
  if (problem->request_id != NULL)
    heptad_builder_set_string (builder, "requestId", problem->request_id);
  if (problem->retry_after_us > 0)
    heptad_builder_set_int64 (builder, "retryAfterMs", (problem->retry_after_us + 999) / 1000);
  if (problem->violations != NULL && heptad_violations_any (problem->violations))
    add_violations (builder, problem->violations);
  return heptad_builder_end (builder);
}

GBytes *
heptad_problem_print (const HeptadProblem *problem)
{
  g_autoptr (HeptadValue) value = heptad_problem_to_value (problem);
  GString *text = g_string_sized_new (512);

  heptad_value_print_to (value, text);
  return g_string_free_to_bytes (text);
}

HeptadError
heptad_problem_code_of_status (guint status)
{
  for (guint code = 0; code <= HEPTAD_ERROR_STORAGE_FULL; code++)
    {
      if (heptad_error_get_info (code)->http_status == status)
        return code;
    }
  return status < 500 ? HEPTAD_ERROR_MALFORMED : HEPTAD_ERROR_INTERNAL;
}
