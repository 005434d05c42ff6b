/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/input.h"
#include "core/operations/operation-set.h"
#include "core/operations/router.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The request's own path with its braces is a path like any other, and must find its operation or
 * one with a literal where this one has a name. */
static void
match_own_path (HeptadRouter *router, HeptadOperation *operation)
{
  g_auto (HeptadRouteMatch) match = { 0 };

  g_assert_true (heptad_router_match (router, operation->method, operation->path, &match));
  g_assert_cmpuint (match.n_captures, <=, HEPTAD_ROUTE_MAX_CAPTURES);
}

/* An accepted document has operations that can be called with nothing, whatever that then says. */
static void
call_with_nothing (HeptadOperation *operation)
{
  g_auto (HeptadViolations) violations = { 0 };
  g_autoptr (HeptadValue) body = NULL;
  g_autoptr (HeptadValue) input = heptad_input_from_arguments (operation, NULL, &body, &violations);
  g_autofree char *resource = NULL;

  if (input == NULL)
    return;
  heptad_input_validate (operation, input, &violations);
  heptad_input_validate_body (operation, body, NULL, &violations);
  if (operation->resource != NULL)
    resource = heptad_input_expand_resource (operation->resource, input);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) document = heptad_value_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (HeptadOperationSet) set = NULL;
  g_autoptr (HeptadRouter) router = heptad_router_new ();
  GPtrArray *operations;

  if (document == NULL)
    return 0;
  set = heptad_operation_set_parse ("fuzz", document, "openapi.yaml", &error);
  g_assert_true ((set == NULL) == (error != NULL));
  if (set == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "openapi.yaml: "));
      return 0;
    }
  operations = heptad_operation_set_get_operations (set);
  for (guint i = 0; i < operations->len; i++)
    if (!heptad_router_add (router, operations->pdata[i], NULL))
      return 0;
  for (guint i = 0; i < operations->len; i++)
    {
      match_own_path (router, operations->pdata[i]);
      call_with_nothing (operations->pdata[i]);
    }
  return 0;
}
