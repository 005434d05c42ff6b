/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/openapi-extension.h"

#include <string.h>

#define DEFAULT_DEADLINE_S 30
#define MAX_DEADLINE_S     3600
#define DEFAULT_MAX_BODY   (1024 * 1024)
#define DEFAULT_MAX_STREAM (G_GINT64_CONSTANT (4) * 1024 * 1024 * 1024)

static const char *const known[] = { "permission", "resource",   "anonymous", "inline",
                                     "input",      "idempotent", "audit",     "deadline",
                                     "maxBody",    "command",    "session",   NULL };

static const char *const switches[] = { "anonymous", "inline", "idempotent", "audit", NULL };

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, const char *where, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "%s/x-heptad: %s", where, message);
  return FALSE;
}

static gboolean
check_members (const HeptadValue *extension, const char *where, GError **error)
{
  if (extension != NULL && heptad_value_get_value_type (extension) != HEPTAD_VALUE_OBJECT)
    return fail (error, where, "expected an object");
  for (guint i = 0; i < heptad_value_get_size (extension); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (extension, i, &name);

      if (name == NULL || !g_strv_contains (known, name))
        {
          g_autofree char *list = g_strjoinv (", ", (char **) known);

          return fail (error, where, "'%s' is not known; there are %s", name != NULL ? name : "",
                       list);
        }
      if (g_strv_contains (switches, name)
          && heptad_value_get_value_type (value) != HEPTAD_VALUE_BOOLEAN)
        return fail (error, where, "'%s' is true or false", name);
    }
  return TRUE;
}

static gboolean
is_parameter (HeptadOperation *operation, const char *name, gsize length)
{
  for (guint i = 0; i < operation->parameters->len; i++)
    {
      const char *known_name = g_array_index (operation->parameters, HeptadParameter, i).name;

      if (strlen (known_name) == length && memcmp (known_name, name, length) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The names in the template of a resource are filled from the input, so each must be there. */
static gboolean
check_resource (HeptadOperation *operation, const char *where, GError **error)
{
  for (const char *c = operation->resource; c != NULL && *(c = strchrnul (c, '{')) != '\0'; c++)
    {
      gsize length = strcspn (c + 1, "}");

      if (c[length + 1] != '}' || !is_parameter (operation, c + 1, length))
        return fail (error, where,
                     "'resource' names '{%.*s}', which is no parameter of this operation",
                     (int) length, c + 1);
    }
  return TRUE;
}

static gboolean
parse_access (HeptadOperation *operation,
              const char *plugin_id,
              const HeptadValue *extension,
              const char *where,
              GError **error)
{
  const char *permission = heptad_value_get_member_string (extension, "permission");
  g_autofree char *prefix = g_strconcat (plugin_id, ":", NULL);

  operation->anonymous = heptad_value_get_member_boolean (extension, "anonymous");
  operation->resource = g_strdup (heptad_value_get_member_string (extension, "resource"));
  if (!check_resource (operation, where, error))
    return FALSE;
  if (operation->anonymous)
    return permission == NULL
           || fail (error, where, "an anonymous operation has no permission; drop one of the two");
  if (permission == NULL)
    return fail (error, where, "every operation names its permission, such as '%s:read'",
                 plugin_id);
  if (!g_str_has_prefix (permission, prefix))
    return fail (error, where, "permission '%s' belongs to another plugin; begin it with '%s'",
                 permission, prefix);
  operation->permission = g_strdup (permission);
  return TRUE;
}

static gboolean
parse_number (const HeptadValue *extension,
              const char *name,
              gint64 fallback,
              gint64 limit,
              gint64 *out,
              const char *where,
              GError **error)
{
  const HeptadValue *value = heptad_value_get_member (extension, name);

  *out = fallback;
  if (value == NULL)
    return TRUE;
  if (!heptad_value_try_int64 (value, out) || *out < 1 || *out > limit)
    return fail (error, where, "'%s' must be a whole number from 1 to %" G_GINT64_FORMAT, name,
                 limit);
  return TRUE;
}

static gboolean
parse_input (HeptadOperation *operation,
             const HeptadValue *extension,
             const char *where,
             GError **error)
{
  const char *input = heptad_value_get_member_string (extension, "input");

  if (input != NULL && strcmp (input, "stream") != 0 && strcmp (input, "buffered") != 0)
    return fail (error, where, "'input' is 'stream' or 'buffered', not '%s'", input);
  operation->stream_input = g_strcmp0 (input, "stream") == 0;
  if (operation->stream_input && operation->is_inline)
    return fail (error, where, "a streamed input blocks, so the operation cannot be inline");
  if (operation->stream_input && operation->body->len == 0)
    return fail (error, where, "'input: stream' needs a requestBody");
  return TRUE;
}

static gboolean
parse_session (HeptadOperation *operation,
               const HeptadValue *extension,
               const char *where,
               GError **error)
{
  const char *session = heptad_value_get_member_string (extension, "session");

  if (g_strcmp0 (session, "begin") == 0)
    operation->session = HEPTAD_SESSION_BEGINS;
  else if (g_strcmp0 (session, "end") == 0)
    operation->session = HEPTAD_SESSION_ENDS;
  else if (session != NULL)
    return fail (error, where, "'session' is 'begin' or 'end', not '%s'", session);
  return TRUE;
}

gboolean
heptad_openapi_parse_extension (HeptadOperation *operation,
                                const char *plugin_id,
                                const HeptadValue *extension,
                                const char *where,
                                GError **error)
{
  gint64 deadline_s;

  if (!check_members (extension, where, error)
      || !parse_access (operation, plugin_id, extension, where, error))
    return FALSE;

  operation->is_inline = heptad_value_get_member_boolean (extension, "inline");
  operation->idempotent = heptad_operation_is_safe (operation)
                          || strcmp (operation->method, "PUT") == 0
                          || strcmp (operation->method, "DELETE") == 0
                          || heptad_value_get_member_boolean (extension, "idempotent");
  operation->audit =
      !heptad_operation_is_safe (operation) || heptad_value_get_member_boolean (extension, "audit");
  if (!parse_session (operation, extension, where, error)
      || !parse_input (operation, extension, where, error)
      || !parse_number (extension, "deadline", DEFAULT_DEADLINE_S, MAX_DEADLINE_S, &deadline_s,
                        where, error)
      || !parse_number (extension, "maxBody",
                        operation->stream_input ? DEFAULT_MAX_STREAM : DEFAULT_MAX_BODY, G_MAXINT64,
                        &operation->max_body, where, error))
    return FALSE;
  operation->deadline_us = deadline_s * G_USEC_PER_SEC;
  return TRUE;
}
