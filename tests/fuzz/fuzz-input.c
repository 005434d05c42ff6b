/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/input.h"
#include "core/operations/operation-set.h"
#include "core/operations/url-decode.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const char document[] =
    "{\"openapi\": \"3.1.0\", \"paths\": {\"/a/{id}/b/{name}\": {\"get\": {\"operationId\": "
    "\"get\","
    " \"x-heptad\": {\"permission\": \"fuzz:read\", \"resource\": \"account/{id}\"},"
    " \"parameters\": ["
    " {\"name\": \"id\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": \"string\"}},"
    " {\"name\": \"name\", \"in\": \"path\", \"required\": true, \"schema\": {\"type\": "
    "\"integer\"}},"
    " {\"name\": \"n\", \"in\": \"query\", \"schema\": {\"type\": \"number\", \"minimum\": 1}},"
    " {\"name\": \"flag\", \"in\": \"query\", \"schema\": {\"type\": \"boolean\"}},"
    " {\"name\": \"tags\", \"in\": \"query\", \"schema\": {\"type\": \"array\", \"maxItems\": 3}},"
    " {\"name\": \"If-Match\", \"in\": \"header\", \"schema\": {\"type\": \"string\"}}],"
    " \"responses\": {\"204\": {\"description\": \"ok\"}}}}}}";

static const char *
find_header (gpointer request, HeptadParameterPlace place, const char *name)
{
  return g_str_equal (name, "If-Match") ? request : NULL;
}

static HeptadRouter *
get_router (void)
{
  static HeptadRouter *router;

  if (router == NULL)
    {
      g_autoptr (HeptadValue) value = heptad_value_parse (document, -1, NULL);
      HeptadOperationSet *set = heptad_operation_set_parse ("fuzz", value, "fuzz", NULL);

      router = heptad_router_new ();
      g_assert_true (
          heptad_router_add (router, heptad_operation_set_get_operations (set)->pdata[0], NULL));
    }
  return router;
}

static void
read_request (const char *path, const char *query, char *header)
{
  g_auto (HeptadRouteMatch) match = { 0 };
  g_auto (HeptadViolations) violations = { 0 };
  g_autoptr (HeptadValue) input = NULL;
  g_autofree char *resource = NULL;

  if (!heptad_router_match (get_router (), "GET", path, &match))
    return;
  input = heptad_input_from_http (&match, query, find_header, header, &violations);
  g_assert_true ((input == NULL) == heptad_violations_any (&violations));
  if (input == NULL)
    return;
  g_assert_nonnull (heptad_value_get_member (input, "id"));
  heptad_input_validate (match.operation, input, &violations);
  resource = heptad_input_expand_resource (match.operation->resource, input);
  g_assert_true (resource == NULL || g_str_has_prefix (resource, "account/"));
}

/* Three lines: the path, the query, a header. What decodes is UTF-8 without NUL. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_autoptr (GString) decoded = g_string_new (NULL);
  g_autofree char *path = NULL;

  if (g_strv_length (lines) < 3)
    return 0;
  if (heptad_url_decode (lines[1], strlen (lines[1]), TRUE, decoded) == NULL)
    g_assert_true (g_utf8_validate (decoded->str, (gssize) decoded->len, NULL));
  path = g_strconcat ("/api/v1/fuzz", lines[0], NULL);
  read_request (path, lines[1], lines[2]);
  return 0;
}
