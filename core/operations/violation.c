/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/violation.h"

#include "sdk/heptad-error.h"

static void
violation_free (gpointer data)
{
  HeptadViolation *violation = data;

  g_free (violation->name);
  g_free (violation->pointer);
  g_free (violation->detail);
  g_free (violation);
}

gboolean
heptad_violations_any (const HeptadViolations *violations)
{
  return violations->list != NULL;
}

void
heptad_violations_clear (HeptadViolations *violations)
{
  g_clear_pointer (&violations->list, g_ptr_array_unref);
}

void
heptad_violations_add (HeptadViolations *violations,
                       const char *in,
                       const char *name,
                       const char *pointer,
                       char *detail)
{
  HeptadViolation *violation;

  if (violations->list == NULL)
    violations->list = g_ptr_array_new_with_free_func (violation_free);
  if (violations->list->len == HEPTAD_VIOLATIONS_MAX)
    {
      g_free (detail);
      return;
    }
  violation = g_new0 (HeptadViolation, 1);
  violation->in = in;
  violation->name = g_strdup (name);
  violation->pointer = g_strdup (pointer);
  violation->detail = detail;
  g_ptr_array_add (violations->list, violation);
}

GError *
heptad_violations_to_error (const HeptadViolations *violations)
{
  const HeptadViolation *first = violations->list->pdata[0];
  const char *name = first->name != NULL ? first->name : "";

  return g_error_new (HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, "%s%s%s%s: %s", first->in,
                      *name != '\0' ? " " : "", name, first->pointer, first->detail);
}
