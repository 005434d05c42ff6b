/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-error.h"

#include "core/ctl/ctl-text.h"

G_DEFINE_QUARK (ctl - usage - error - quark, ctl_usage_error)

void
ctl_set_usage_error (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (CTL_USAGE_ERROR, 0, format, arguments));
  va_end (arguments);
}

static CtlExit
exit_of_code (HeptadError code)
{
  switch (code)
    {
    case HEPTAD_ERROR_MALFORMED:
    case HEPTAD_ERROR_INVALID_INPUT:
    case HEPTAD_ERROR_TOO_LARGE:
    case HEPTAD_ERROR_UNSUPPORTED_TYPE:
      return CTL_EXIT_USAGE;
    case HEPTAD_ERROR_NOT_FOUND:
    case HEPTAD_ERROR_EXPIRED:
      return CTL_EXIT_NOT_FOUND;
    case HEPTAD_ERROR_UNAUTHENTICATED:
    case HEPTAD_ERROR_DENIED:
      return CTL_EXIT_DENIED;
    case HEPTAD_ERROR_RATE_LIMITED:
    case HEPTAD_ERROR_UPSTREAM:
    case HEPTAD_ERROR_UNAVAILABLE:
    case HEPTAD_ERROR_BUSY:
    case HEPTAD_ERROR_DEADLINE:
      return CTL_EXIT_UNAVAILABLE;
    case HEPTAD_ERROR_CONFLICT:
    case HEPTAD_ERROR_PRECONDITION_FAILED:
      return CTL_EXIT_CONFLICT;
    default:
      return CTL_EXIT_FAILED;
    }
}

CtlExit
ctl_exit_of_error (const GError *error)
{
  if (error == NULL)
    return CTL_EXIT_OK;
  if (error->domain == CTL_USAGE_ERROR)
    return CTL_EXIT_USAGE;
  return error->domain == HEPTAD_ERROR ? exit_of_code ((HeptadError) error->code) : CTL_EXIT_FAILED;
}

const char *
ctl_exit_get_help (void)
{
  return "Exit codes:\n"
         "  0  done\n"
         "  1  failed; so did the job that was followed\n"
         "  2  the command line is wrong, or the server refused the input\n"
         "  3  there is no such thing\n"
         "  4  no valid key, or the permission is missing\n"
         "  5  the server is not there, too busy or too slow; try again\n"
         "  6  the thing's state forbids it: a conflict\n";
}

/* The closed list of codes by name; by status where the answer is no problem of this server. */
static HeptadError
find_code (guint status, const char *name)
{
  HeptadError by_status = status < 500 ? HEPTAD_ERROR_MALFORMED : HEPTAD_ERROR_INTERNAL;

  for (int code = HEPTAD_ERROR_STORAGE_FULL; code >= 0; code--)
    {
      const HeptadErrorInfo *info = heptad_error_get_info ((HeptadError) code);

      if (g_strcmp0 (info->name, name) == 0)
        return (HeptadError) code;
      if (info->http_status == status)
        by_status = (HeptadError) code;
    }
  return by_status;
}

static const char *
find_remedy (HeptadError code)
{
  switch (code)
    {
    case HEPTAD_ERROR_UNAUTHENTICATED:
      return "Put an API key in HEPTAD_API_KEY, or its file in HEPTAD_API_KEY_FILE or --key-file.";
    case HEPTAD_ERROR_DENIED:
      return "Ask an administrator for the permission, or use another key.";
    case HEPTAD_ERROR_INVALID_INPUT:
      return "Add --help to the command to see what it takes.";
    case HEPTAD_ERROR_BUSY:
    case HEPTAD_ERROR_UNAVAILABLE:
    case HEPTAD_ERROR_RATE_LIMITED:
      return "Nothing was done; try again in a moment.";
    case HEPTAD_ERROR_DEADLINE:
    case HEPTAD_ERROR_UPSTREAM:
      return "Something may have been done; look before you try again.";
    case HEPTAD_ERROR_PLUGIN_FAULT:
      return "This is a fault of the plugin; give its author the request id.";
    case HEPTAD_ERROR_INTERNAL:
    case HEPTAD_ERROR_CORRUPT:
      return "This is a fault of the host; its log has more under the request id.";
    default:
      return NULL;
    }
}

static void
append_clean (GString *into, const char *text)
{
  g_autofree char *clean = ctl_text_clean (text);

  g_string_append (into, clean);
}

static void
append_violation (GString *into, const HeptadValue *violation)
{
  const char *parts[] = { heptad_value_get_member_string (violation, "in"),
                          heptad_value_get_member_string (violation, "name"),
                          heptad_value_get_member_string (violation, "pointer") };
  gboolean first = TRUE;

  g_string_append (into, "\n  ");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i] == NULL || *parts[i] == '\0')
        continue;
      g_string_append (into, first ? "" : " ");
      append_clean (into, parts[i]);
      first = FALSE;
    }
  g_string_append (into, first ? "" : ": ");
  append_clean (into, heptad_value_get_member_string (violation, "detail"));
}

GError *
ctl_problem_to_error (guint status, const HeptadValue *body)
{
  HeptadError code = find_code (status, heptad_value_get_member_string (body, "code"));
  const HeptadValue *violations = heptad_value_get_member (body, "errors");
  const char *detail = heptad_value_get_member_string (body, "detail");
  const char *request_id = heptad_value_get_member_string (body, "requestId");
  const char *remedy = find_remedy (code);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Where there is a list, the detail is its first line. */
  if (detail == NULL || heptad_value_get_size (violations) > 0)
    detail = heptad_error_get_info (code)->title;
  append_clean (text, detail);
  if (heptad_value_get_size (violations) > 0)
    g_string_append_c (text, ':');
  for (guint i = 0; i < heptad_value_get_size (violations); i++)
    append_violation (text, heptad_value_get_item (violations, i));
  if (remedy != NULL)
    g_string_append_printf (text, "\n%s", remedy);
  if (request_id != NULL && heptad_error_get_info (code)->source != HEPTAD_ERROR_SOURCE_CALLER)
    {
      g_string_append (text, "\nRequest id: ");
      append_clean (text, request_id);
    }
  return g_error_new_literal (HEPTAD_ERROR, code, text->str);
}
