/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/openapi-parser.h"

#include "core/operations/openapi-extension.h"
#include "core/operations/router.h"

#include <string.h>

/* Where the parser is: values come with the JSON Pointer that leads to them, since schemas are
 * compiled from their place in the document. */
typedef struct {
  HeptadOperationSet *set;
  const char *plugin_id;
  const HeptadValue *document;
  GPtrArray *operations;
} Parser;

typedef struct {
  const HeptadValue *value;
  char *pointer;
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->pointer, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static const char *const methods[] = { "get", "put", "post", "delete", "patch", NULL };

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, const char *where, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "%s: %s", where, message);
  return FALSE;
}

static char *
append_token (const char *pointer, const char *token)
{
  GString *longer = g_string_new (pointer);

  g_string_append_c (longer, '/');
  for (const char *c = token; *c != '\0'; c++)
    {
      if (*c == '~')
        g_string_append (longer, "~0");
      else if (*c == '/')
        g_string_append (longer, "~1");
      else
        g_string_append_c (longer, *c);
    }
  return g_string_free (longer, FALSE);
}

/* Whether there is an object, or nothing, which is for the caller to judge. */
static gboolean
check_object (const Place *place, GError **error)
{
  if (place->value == NULL || heptad_value_get_value_type (place->value) == HEPTAD_VALUE_OBJECT)
    return TRUE;
  return fail (error, place->pointer, "expected an object");
}

/* The name of a member by its number; NULL with an error when C cannot hold it. */
static const char *
get_name_at (const Place *owner, guint i, GError **error)
{
  gsize length = 0;
  const char *name = heptad_value_get_text (heptad_value_get_name_at (owner->value, i), &length);

  if (strlen (name) == length)
    return name;
  fail (error, owner->pointer, "a name in it holds a NUL character; remove it");
  return NULL;
}

/* Steps to a member and through a local $ref, if it is one. */
static gboolean
step (Parser *parser, const Place *from, const char *token, Place *to, GError **error)
{
  const HeptadValue *value = heptad_value_get_member (from->value, token);
  const char *reference = heptad_value_get_member_string (value, "$ref");

  if (reference == NULL)
    {
      to->value = value;
      to->pointer = append_token (from->pointer, token);
      return check_object (to, error);
    }
  to->value =
      reference[0] == '#' ? heptad_value_lookup_pointer (parser->document, reference + 1) : NULL;
  if (to->value == NULL || heptad_value_get_member (to->value, "$ref") != NULL)
    return fail (error, from->pointer, "'%s' is not the place of a definition in this file",
                 reference);
  to->pointer = g_strdup (reference + 1);
  return check_object (to, error);
}

static gboolean
compile_schema (Parser *parser, const Place *owner, HeptadSchema **schema, GError **error)
{
  g_autofree char *pointer = append_token (owner->pointer, "schema");

  if (heptad_value_get_member (owner->value, "schema") == NULL)
    return TRUE;
  *schema = heptad_schema_compile_at (parser->document, pointer, error);
  return *schema != NULL;
}

static const HeptadValue *
resolve_schema (Parser *parser, const HeptadValue *schema)
{
  for (guint hops = 0; hops < 16; hops++)
    {
      const char *reference = heptad_value_get_member_string (schema, "$ref");

      if (reference == NULL || reference[0] != '#')
        break;
      schema = heptad_value_lookup_pointer (parser->document, reference + 1);
    }
  return schema;
}

static HeptadParameterForm
form_of_schema (const HeptadValue *schema)
{
  const char *type = heptad_value_get_member_string (schema, "type");

  if (g_strcmp0 (type, "integer") == 0)
    return HEPTAD_PARAMETER_INTEGER;
  if (g_strcmp0 (type, "number") == 0)
    return HEPTAD_PARAMETER_NUMBER;
  if (g_strcmp0 (type, "boolean") == 0)
    return HEPTAD_PARAMETER_BOOLEAN;
  if (g_strcmp0 (type, "array") == 0)
    return HEPTAD_PARAMETER_LIST;
  return HEPTAD_PARAMETER_TEXT;
}

static gboolean
parse_parameter_place (const Place *place, HeptadParameter *parameter, GError **error)
{
  const char *in = heptad_value_get_member_string (place->value, "in");

  if (g_strcmp0 (in, "path") == 0)
    parameter->place = HEPTAD_PARAMETER_PATH;
  else if (g_strcmp0 (in, "query") == 0)
    parameter->place = HEPTAD_PARAMETER_QUERY;
  else if (g_strcmp0 (in, "header") == 0)
    parameter->place = HEPTAD_PARAMETER_HEADER;
  else if (g_strcmp0 (in, "cookie") == 0)
    parameter->place = HEPTAD_PARAMETER_COOKIE;
  else
    return fail (error, place->pointer, "'in' must be path, query, header or cookie");
  return TRUE;
}

static void
add_parameter (HeptadOperation *operation, HeptadParameter *parameter)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      HeptadParameter *known = &g_array_index (operation->parameters, HeptadParameter, i);

      /* The operation's own parameter overrides that of its path. */
      if (known->place == parameter->place && strcmp (known->name, parameter->name) == 0)
        {
          g_array_remove_index (operation->parameters, i);
          break;
        }
    }
  g_array_append_val (operation->parameters, *parameter);
}

static gboolean
parse_parameter (Parser *parser, HeptadOperation *operation, const Place *place, GError **error)
{
  HeptadParameter parameter = { 0 };
  const char *name = heptad_value_get_member_string (place->value, "name");
  const HeptadValue *schema =
      resolve_schema (parser, heptad_value_get_member (place->value, "schema"));

  if (name == NULL || *name == '\0')
    return fail (error, place->pointer, "a parameter needs a 'name'");
  if (!parse_parameter_place (place, &parameter, error))
    return FALSE;
  if (schema == NULL)
    return fail (error, place->pointer, "parameter '%s' needs a 'schema'", name);
  if (!compile_schema (parser, place, &parameter.schema, error))
    return FALSE;

  parameter.name = g_strdup (name);
  parameter.form = form_of_schema (schema);
  parameter.required = heptad_value_get_member_boolean (place->value, "required");
  parameter.fallback = heptad_value_get_member (schema, "default");
  add_parameter (operation, &parameter);
  return TRUE;
}

static gboolean
parse_parameters (Parser *parser, HeptadOperation *operation, const Place *owner, GError **error)
{
  g_autofree char *pointer = append_token (owner->pointer, "parameters");
  const HeptadValue *list = heptad_value_get_member (owner->value, "parameters");

  if (list != NULL && heptad_value_get_value_type (list) != HEPTAD_VALUE_ARRAY)
    return fail (error, pointer, "expected a list");
  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      const HeptadValue *item = heptad_value_get_item (list, i);
      const char *reference = heptad_value_get_member_string (item, "$ref");
      g_auto (Place) place = { item, NULL };

      place.pointer = reference != NULL ? g_strdup (reference + (*reference == '#'))
                                        : g_strdup_printf ("%s/%u", pointer, i);
      if (reference != NULL)
        place.value = heptad_value_lookup_pointer (parser->document, place.pointer);
      if (place.value == NULL)
        return fail (error, pointer, "'%s' is not the place of a definition in this file",
                     reference);
      if (!parse_parameter (parser, operation, &place, error))
        return FALSE;
    }
  return TRUE;
}

static HeptadParameter *
find_path_parameter (HeptadOperation *operation, const char *name, gsize length)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);

      if (parameter->place == HEPTAD_PARAMETER_PATH && strlen (parameter->name) == length
          && strncmp (parameter->name, name, length) == 0)
        return parameter;
    }
  return NULL;
}

static gboolean
bind_captures (HeptadOperation *operation, const char *where, GError **error)
{
  guint n_captures = 0, n_declared = 0;

  for (const char *c = strchr (operation->path, '{'); c != NULL; c = strchr (c + 1, '{'))
    {
      gsize length = strcspn (c + 1, "}/");
      HeptadParameter *parameter = find_path_parameter (operation, c + 1, length);

      if (c[-1] != '/' || c[length + 1] != '}' || (c[length + 2] != '/' && c[length + 2] != '\0'))
        return fail (error, where, "a parameter of the path fills a whole segment, as /{name}/");
      if (parameter == NULL)
        return fail (error, where, "'{%.*s}' of the path is not among the parameters", (int) length,
                     c + 1);
      if (n_captures == HEPTAD_ROUTE_MAX_CAPTURES)
        return fail (error, where, "a path has at most %d parameters", HEPTAD_ROUTE_MAX_CAPTURES);
      parameter->capture = n_captures++;
      parameter->required = TRUE;
    }
  for (guint i = 0; i < operation->parameters->len; i++)
    n_declared +=
        g_array_index (operation->parameters, HeptadParameter, i).place == HEPTAD_PARAMETER_PATH;
  if (n_declared != n_captures)
    return fail (error, where, "a path parameter does not stand in the path '%s'", operation->path);
  return TRUE;
}

/* All doors but HTTP give inputs by name alone. */
static gboolean
check_names_differ (HeptadOperation *operation, const char *where, GError **error)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    for (guint k = 0; k < i; k++)
      {
        const char *name = g_array_index (operation->parameters, HeptadParameter, i).name;

        if (strcmp (name, g_array_index (operation->parameters, HeptadParameter, k).name) == 0)
          return fail (error, where, "two parameters are called '%s'; rename one of them", name);
      }
  return TRUE;
}

static gboolean
parse_content (Parser *parser, const Place *owner, GArray *media, GError **error)
{
  g_auto (Place) content = { heptad_value_get_member (owner->value, "content"),
                             append_token (owner->pointer, "content") };

  if (!check_object (&content, error))
    return FALSE;
  for (guint i = 0; i < heptad_value_get_size (content.value); i++)
    {
      HeptadMediaType type = { 0 };
      const char *name = get_name_at (&content, i, error);
      g_auto (Place) place = { 0 };

      if (name == NULL)
        return FALSE;
      place.value = heptad_value_get_member (content.value, name);
      place.pointer = append_token (content.pointer, name);
      if (!check_object (&place, error) || !compile_schema (parser, &place, &type.schema, error))
        return FALSE;
      type.type = g_ascii_strdown (name, -1);
      type.properties = heptad_value_get_member (
          resolve_schema (parser, heptad_value_get_member (place.value, "schema")), "properties");
      g_array_append_val (media, type);
    }
  return TRUE;
}

static gboolean
parse_body (Parser *parser, HeptadOperation *operation, const Place *place, GError **error)
{
  g_auto (Place) body = { 0 };

  if (heptad_value_get_member (place->value, "requestBody") == NULL)
    return TRUE;
  if (!step (parser, place, "requestBody", &body, error))
    return FALSE;
  operation->body_required = heptad_value_get_member_boolean (body.value, "required");
  if (!parse_content (parser, &body, operation->body, error))
    return FALSE;
  if (operation->body->len == 0)
    return fail (error, body.pointer, "a requestBody needs at least one type under 'content'");
  return TRUE;
}

static gboolean
parse_responses (Parser *parser, HeptadOperation *operation, const Place *place, GError **error)
{
  g_auto (Place) responses = { 0 };

  if (!step (parser, place, "responses", &responses, error))
    return FALSE;
  for (guint i = 0; i < heptad_value_get_size (responses.value); i++)
    {
      HeptadResponse response = { 0 };
      const char *status = get_name_at (&responses, i, error);
      g_auto (Place) one = { 0 };

      if (status == NULL)
        return FALSE;
      if (status[0] != '2')
        continue;
      if (!g_regex_match_simple ("^2[0-9][0-9]$", status, 0, 0))
        return fail (error, responses.pointer, "'%s' is no status; name each one, such as 200",
                     status);
      if (!step (parser, &responses, status, &one, error))
        return FALSE;
      response.status = (guint) g_ascii_strtoull (status, NULL, 10);
      response.media = heptad_media_types_new ();
      g_array_append_val (operation->responses, response);
      if (!parse_content (parser, &one, response.media, error))
        return FALSE;
    }
  if (operation->responses->len == 0)
    return fail (error, place->pointer, "an operation needs a 2xx response");
  return TRUE;
}

static gboolean
check_id (Parser *parser, const char *id, const char *where, GError **error)
{
  if (id == NULL || !g_regex_match_simple ("^[a-z][A-Za-z0-9]{0,63}$", id, 0, 0))
    return fail (error, where,
                 "an operation needs an 'operationId' in camelCase, such as getCosts");
  for (guint i = 0; i < parser->operations->len; i++)
    {
      HeptadOperation *other = parser->operations->pdata[i];

      if (strcmp (other->id, id) == 0)
        return fail (error, where, "operationId '%s' is used twice", id);
    }
  return TRUE;
}

static gboolean
parse_operation (
    Parser *parser, const char *path, const char *method, const Place *item, GError **error)
{
  g_autoptr (HeptadOperation) operation = heptad_operation_new (parser->set);
  g_auto (Place) place = { heptad_value_get_member (item->value, method),
                           append_token (item->pointer, method) };
  const char *id = heptad_value_get_member_string (place.value, "operationId");

  if (!check_object (&place, error) || !check_id (parser, id, place.pointer, error))
    return FALSE;
  operation->id = g_strdup (id);
  operation->qualified = g_strdup_printf ("%s.%s", parser->plugin_id, id);
  operation->method = g_ascii_strup (method, -1);
  operation->path = g_strdup_printf ("/api/v1/%s%s", parser->plugin_id, path);
  operation->summary = g_strdup (heptad_value_get_member_string (place.value, "summary"));
  operation->deprecated = heptad_value_get_member_boolean (place.value, "deprecated");

  if (!parse_parameters (parser, operation, item, error)
      || !parse_parameters (parser, operation, &place, error)
      || !bind_captures (operation, place.pointer, error)
      || !check_names_differ (operation, place.pointer, error)
      || !parse_body (parser, operation, &place, error)
      || !parse_responses (parser, operation, &place, error)
      || !heptad_openapi_parse_extension (operation, parser->plugin_id,
                                          heptad_value_get_member (place.value, "x-heptad"),
                                          place.pointer, error))
    return FALSE;
  g_ptr_array_add (parser->operations, g_steal_pointer (&operation));
  return TRUE;
}

static gboolean
parse_path (Parser *parser, const char *path, const Place *paths, GError **error)
{
  g_auto (Place)
      item = { heptad_value_get_member (paths->value, path), append_token (paths->pointer, path) };

  if (!check_object (&item, error))
    return FALSE;
  if (path[0] != '/' || strstr (path, "//") != NULL
      || (path[1] != '\0' && g_str_has_suffix (path, "/")))
    return fail (error, item.pointer, "a path begins with one slash and does not end with one");
  for (guint i = 0; methods[i] != NULL; i++)
    {
      if (heptad_value_get_member (item.value, methods[i]) != NULL
          && !parse_operation (parser, path, methods[i], &item, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
heptad_openapi_parse (HeptadOperationSet *set,
                      const char *plugin_id,
                      const HeptadValue *document,
                      GPtrArray *operations,
                      GError **error)
{
  Parser parser = { set, plugin_id, document, operations };
  const char *version = heptad_value_get_member_string (document, "openapi");
  g_auto (Place) paths = { heptad_value_get_member (document, "paths"), g_strdup ("/paths") };

  if (version == NULL || !g_str_has_prefix (version, "3.1."))
    return fail (error, "/openapi", "this must be an OpenAPI 3.1 document (openapi: 3.1.0)");
  if (!check_object (&paths, error))
    return FALSE;
  for (guint i = 0; i < heptad_value_get_size (paths.value); i++)
    {
      const char *path = get_name_at (&paths, i, error);

      if (path == NULL || !parse_path (&parser, path, &paths, error))
        return FALSE;
    }
  return TRUE;
}
