/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/answer-check.h"

static gboolean
check_value (const HeptadOperation *operation,
             const HeptadResponse *response,
             const HeptadValue *value,
             GError **error)
{
  const HeptadMediaType *media = heptad_media_types_find (response->media, "application/json");
  HeptadSchemaReport report = { 0 };

  if (media == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "'%s' answered %u with JSON, which openapi.yaml does not declare for it",
                   operation->qualified, response->status);
      return FALSE;
    }
  if (media->schema == NULL || heptad_schema_validate (media->schema, value, &report))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
               "'%s' answered %u with what its schema does not allow: at '%s': %s",
               operation->qualified, response->status, report.failures[0].pointer,
               report.failures[0].detail);
  heptad_schema_report_clear (&report);
  return FALSE;
}

gboolean
heptad_answer_check (const HeptadOperation *operation,
                     guint status,
                     const HeptadCallAnswer *answer,
                     GError **error)
{
  const HeptadResponse *response = heptad_operation_find_response (operation, status);

  if (response == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "'%s' answered %u, which openapi.yaml does not declare for it",
                   operation->qualified, status);
      return FALSE;
    }
  return answer->value == NULL || check_value (operation, response, answer->value, error);
}
