/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/input.h"

#include "core/operations/url-decode.h"

#include <string.h>

#define MAX_QUERY_FIELDS 64

typedef struct {
  const HeptadParameter *parameter;
  const char *text; /* inside the scratch buffer; set when all is decoded, since the buffer moves */
  gsize offset;
} Field;

typedef struct {
  GString *scratch;
  guint n_fields;
  Field fields[MAX_QUERY_FIELDS];
} Query;

static const char *
name_of_place (HeptadParameterPlace place)
{
  static const char *const names[] = { "path", "query", "header", "cookie" };

  return names[place];
}

static const HeptadParameter *
find_parameter (const HeptadOperation *operation, HeptadParameterPlace place, const char *name)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);

      if (parameter->place == place && strcmp (parameter->name, name) == 0)
        return parameter;
    }
  return NULL;
}

static char *
describe_unknown (const HeptadOperation *operation, HeptadParameterPlace place)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);

      if (parameter->place == place)
        g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", parameter->name);
    }
  if (known->len == 0)
    return g_strdup ("is not known; this operation takes no such parameter");
  return g_strdup_printf ("is not known; this operation takes %s", known->str);
}

/* One `name=value`; FALSE with a violation when it cannot be read. */
static gboolean
read_field (const HeptadOperation *operation,
            const char *text,
            gsize length,
            Query *query,
            HeptadViolations *violations)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - text) : length;
  g_autoptr (GString) name = g_string_sized_new (32);
  Field *field = &query->fields[query->n_fields];
  const char *wrong = heptad_url_decode (text, name_length, TRUE, name);

  if (wrong == NULL)
    {
      field->parameter = find_parameter (operation, HEPTAD_PARAMETER_QUERY, name->str);
      if (field->parameter == NULL)
        {
          heptad_violations_add (violations, "query", name->str, "",
                                 describe_unknown (operation, HEPTAD_PARAMETER_QUERY));
          return FALSE;
        }
      field->offset = query->scratch->len;
      if (equals != NULL)
        wrong = heptad_url_decode (equals + 1, length - name_length - 1, TRUE, query->scratch);
      g_string_append_c (query->scratch, '\0');
    }
  if (wrong != NULL)
    {
      heptad_violations_add (violations, "query", NULL, "", g_strdup (wrong));
      return FALSE;
    }
  query->n_fields++;
  return TRUE;
}

static gboolean
read_query (const HeptadOperation *operation,
            const char *text,
            Query *query,
            HeptadViolations *violations)
{
  while (text != NULL && *text != '\0')
    {
      gsize length = strcspn (text, "&");

      if (query->n_fields == MAX_QUERY_FIELDS)
        {
          heptad_violations_add (violations, "query", NULL, "",
                                 g_strdup_printf ("more than %d fields", MAX_QUERY_FIELDS));
          return FALSE;
        }
      if (length > 0 && !read_field (operation, text, length, query, violations))
        return FALSE;
      text += length + (text[length] == '&');
    }
  for (guint i = 0; i < query->n_fields; i++)
    query->fields[i].text = query->scratch->str + query->fields[i].offset;
  return TRUE;
}

static gboolean
is_json_number (const char *text)
{
  g_autoptr (HeptadValue) value = NULL;

  if (*text != '-' && !g_ascii_isdigit (*text))
    return FALSE;
  value = heptad_value_parse (text, -1, NULL);
  return value != NULL && heptad_value_get_value_type (value) == HEPTAD_VALUE_NUMBER
         && !g_ascii_isspace (text[strlen (text) - 1]);
}

static void
set_typed (HeptadBuilder *builder, const HeptadParameter *parameter, const char *text)
{
  switch (parameter->form)
    {
    case HEPTAD_PARAMETER_INTEGER:
    case HEPTAD_PARAMETER_NUMBER:
      if (is_json_number (text))
        {
          heptad_builder_set_number (builder, parameter->name, text);
          return;
        }
      break;
    case HEPTAD_PARAMETER_BOOLEAN:
      if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
        {
          heptad_builder_set_boolean (builder, parameter->name, *text == 't');
          return;
        }
      break;
    case HEPTAD_PARAMETER_TEXT:
    case HEPTAD_PARAMETER_LIST:
      break;
    }
  heptad_builder_set_string (builder, parameter->name, text);
}

static void
add_list_items (HeptadBuilder *builder, const char *text)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (guint i = 0; items[i] != NULL; i++)
    heptad_builder_add_string (builder, items[i]);
}

/* FALSE when a parameter that takes one value came twice. */
static gboolean
set_from_query (HeptadBuilder *builder,
                const HeptadParameter *parameter,
                const Query *query,
                gboolean *found)
{
  *found = FALSE;
  for (guint i = 0; i < query->n_fields; i++)
    {
      if (query->fields[i].parameter != parameter)
        continue;
      if (*found && parameter->form != HEPTAD_PARAMETER_LIST)
        return FALSE;
      if (parameter->form == HEPTAD_PARAMETER_LIST)
        {
          if (!*found)
            heptad_builder_set_array (builder, parameter->name);
          add_list_items (builder, query->fields[i].text);
        }
      else
        {
          set_typed (builder, parameter, query->fields[i].text);
        }
      *found = TRUE;
    }
  if (*found && parameter->form == HEPTAD_PARAMETER_LIST)
    heptad_builder_close (builder);
  return TRUE;
}

static const char *
set_from_path (HeptadBuilder *builder,
               const HeptadParameter *parameter,
               const HeptadRouteMatch *match)
{
  const HeptadCapture *capture = &match->captures[parameter->capture];
  g_autoptr (GString) text = g_string_sized_new (capture->length + 1);
  const char *wrong = heptad_url_decode (capture->text, capture->length, FALSE, text);

  if (wrong == NULL)
    set_typed (builder, parameter, text->str);
  return wrong;
}

static const char *
set_from_header (HeptadBuilder *builder, const HeptadParameter *parameter, const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return "this is not UTF-8";
  set_typed (builder, parameter, text);
  return NULL;
}

HeptadValue *
heptad_input_from_http (const HeptadRouteMatch *match,
                        const char *query_text,
                        HeptadFieldLookup lookup,
                        gpointer request,
                        HeptadViolations *violations)
{
  const HeptadOperation *operation = match->operation;
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (GString) scratch = g_string_sized_new (128);
  Query query = { .scratch = scratch };

  if (!read_query (operation, query_text, &query, violations))
    return NULL;

  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);
      const char *wrong = NULL, *header = NULL;
      gboolean found = TRUE;

      if (parameter->place == HEPTAD_PARAMETER_PATH)
        wrong = set_from_path (builder, parameter, match);
      else if (parameter->place == HEPTAD_PARAMETER_QUERY)
        wrong =
            set_from_query (builder, parameter, &query, &found) ? NULL : "this may stand only once";
      else if ((header = lookup (request, parameter->place, parameter->name)) != NULL)
        wrong = set_from_header (builder, parameter, header);
      else
        found = FALSE;

      if (wrong != NULL)
        heptad_violations_add (violations, name_of_place (parameter->place), parameter->name, "",
                               g_strdup (wrong));
      else if (!found && parameter->fallback != NULL)
        heptad_builder_set_value (builder, parameter->name, parameter->fallback);
    }
  return heptad_violations_any (violations) ? NULL : heptad_builder_end (builder);
}

static gboolean
is_parameter (const HeptadOperation *operation, const char *name)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      if (strcmp (g_array_index (operation->parameters, HeptadParameter, i).name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static HeptadValue *
collect_body (const HeptadOperation *operation,
              const HeptadValue *arguments,
              HeptadViolations *violations)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  const HeptadValue *whole = heptad_value_get_member (arguments, "body");
  gboolean any = FALSE;

  if (whole != NULL && !is_parameter (operation, "body") && operation->body->len > 0)
    return heptad_value_ref (whole);
  for (guint i = 0; i < heptad_value_get_size (arguments); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (arguments, i, &name);

      if (is_parameter (operation, name))
        continue;
      if (operation->body->len == 0)
        heptad_violations_add (violations, "arguments", name, "",
                               g_strdup ("is not known to this operation"));
      any = TRUE;
      heptad_builder_set_value (builder, name, value);
    }
  return any ? heptad_builder_end (builder) : NULL;
}

HeptadValue *
heptad_input_from_arguments (const HeptadOperation *operation,
                             const HeptadValue *arguments,
                             HeptadValue **body,
                             HeptadViolations *violations)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();

  *body = NULL;
  if (arguments != NULL && heptad_value_get_value_type (arguments) != HEPTAD_VALUE_OBJECT)
    {
      heptad_violations_add (violations, "arguments", NULL, "", g_strdup ("expected an object"));
      return NULL;
    }
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);
      const HeptadValue *value = heptad_value_get_member (arguments, parameter->name);

      if (value == NULL)
        value = parameter->fallback;
      if (value != NULL)
        heptad_builder_set_value (builder, parameter->name, value);
    }
  *body = collect_body (operation, arguments, violations);
  if (!heptad_violations_any (violations))
    return heptad_builder_end (builder);
  g_clear_pointer (body, heptad_value_unref);
  return NULL;
}

static void
validate_value (HeptadSchema *schema,
                const HeptadValue *value,
                const char *in,
                const char *name,
                HeptadViolations *violations)
{
  HeptadSchemaReport report = { 0 };

  if (schema == NULL || heptad_schema_validate (schema, value, &report))
    return;
  for (guint i = 0; i < report.n_failures; i++)
    heptad_violations_add (violations, in, name, report.failures[i].pointer,
                           g_strdup (report.failures[i].detail));
  heptad_schema_report_clear (&report);
}

void
heptad_input_validate (const HeptadOperation *operation,
                       const HeptadValue *input,
                       HeptadViolations *violations)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const HeptadParameter *parameter = &g_array_index (operation->parameters, HeptadParameter, i);
      const HeptadValue *value = heptad_value_get_member (input, parameter->name);
      const char *in = name_of_place (parameter->place);

      if (value != NULL)
        validate_value (parameter->schema, value, in, parameter->name, violations);
      else if (parameter->required)
        heptad_violations_add (violations, in, parameter->name, "", g_strdup ("is required"));
    }
}

void
heptad_input_validate_body (const HeptadOperation *operation,
                            const HeptadValue *body,
                            const char *content_type,
                            HeptadViolations *violations)
{
  const HeptadMediaType *media;

  if (body == NULL)
    {
      if (operation->body_required && !operation->stream_input)
        heptad_violations_add (violations, "body", NULL, "", g_strdup ("a body is required"));
      return;
    }
  media = heptad_media_types_find (operation->body,
                                   content_type != NULL ? content_type : "application/json");
  if (media != NULL)
    validate_value (media->schema, body, "body", NULL, violations);
}

static gboolean
lacks_default (const HeptadValue *body, const HeptadValue *properties, guint index)
{
  const char *name = NULL;
  const HeptadValue *property = heptad_value_get_member_at (properties, index, &name);

  return heptad_value_get_member (property, "default") != NULL
         && heptad_value_get_member (body, name) == NULL;
}

static HeptadValue *
add_defaults (const HeptadValue *body, const HeptadValue *properties)
{
  g_autoptr (HeptadBuilder) filled = heptad_builder_new_object ();
  const char *name = NULL;

  for (guint i = 0; i < heptad_value_get_size (body); i++)
    {
      const HeptadValue *member = heptad_value_get_member_at (body, i, &name);

      heptad_builder_set_value (filled, name, member);
    }
  for (guint i = 0; i < heptad_value_get_size (properties); i++)
    {
      const HeptadValue *property = heptad_value_get_member_at (properties, i, &name);

      if (lacks_default (body, properties, i))
        heptad_builder_set_value (filled, name, heptad_value_get_member (property, "default"));
    }
  return heptad_builder_end (filled);
}

HeptadValue *
heptad_input_fill_body (const HeptadOperation *operation,
                        HeptadValue *body,
                        const char *content_type)
{
  g_autoptr (HeptadValue) owned = body;
  const HeptadMediaType *media = heptad_media_types_find (
      operation->body, content_type != NULL ? content_type : "application/json");
  const HeptadValue *properties = media != NULL ? media->properties : NULL;

  if (heptad_value_get_value_type (body) != HEPTAD_VALUE_OBJECT)
    return g_steal_pointer (&owned);
  for (guint i = 0; i < heptad_value_get_size (properties); i++)
    {
      if (lacks_default (body, properties, i))
        return add_defaults (body, properties);
    }
  return g_steal_pointer (&owned);
}

char *
heptad_input_expand_resource (const char *template, const HeptadValue *input)
{
  g_autoptr (GString) resource = g_string_new (NULL);

  while (*template != '\0')
    {
      gsize literal = strcspn (template, "{");
      gsize length = strcspn (template + literal, "}");
      g_autofree char *name = NULL;
      const char *text;
      gsize text_length = 0;

      g_string_append_len (resource, template, (gssize) literal);
      if (template[literal] == '\0')
        break;
      name = g_strndup (template + literal + 1, length - 1);
      text = heptad_value_get_text (heptad_value_get_member (input, name), &text_length);
      if (text == NULL || text_length == 0)
        return NULL;
      g_string_append_len (resource, text, (gssize) text_length);
      template += literal + length + 1;
    }
  return g_string_free (g_steal_pointer (&resource), FALSE);
}
