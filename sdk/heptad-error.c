/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heptad-error.h"

G_DEFINE_QUARK (heptad - error - quark, heptad_error)

#define ENTRY(CODE, name, dbus, status, source, retry, title)                                      \
  [HEPTAD_ERROR_##CODE] = { HEPTAD_ERROR_##CODE,       name,   title,                              \
                            "org.heptad.Error." dbus,  status, HEPTAD_ERROR_SOURCE_##source,       \
                            HEPTAD_ERROR_RETRY_##retry }

static const HeptadErrorInfo table[] = {
  ENTRY (
      MALFORMED, "malformed", "Malformed", 400, CALLER, NEVER, "The request could not be parsed"),
  ENTRY (UNAUTHENTICATED,
         "unauthenticated",
         "Unauthenticated",
         401,
         CALLER,
         NEVER,
         "A valid credential is needed"),
  ENTRY (DENIED, "denied", "Denied", 403, CALLER, NEVER, "The permission is missing"),
  ENTRY (NOT_FOUND, "not-found", "NotFound", 404, CALLER, NEVER, "There is no such thing"),
  ENTRY (METHOD_NOT_ALLOWED,
         "method-not-allowed",
         "MethodNotAllowed",
         405,
         CALLER,
         NEVER,
         "This path does not take that method"),
  ENTRY (NOT_ACCEPTABLE,
         "not-acceptable",
         "NotAcceptable",
         406,
         CALLER,
         NEVER,
         "None of the accepted types can be produced"),
  ENTRY (CONFLICT,
         "conflict",
         "Conflict",
         409,
         CALLER,
         NEVER,
         "The state of the resource forbids this"),
  ENTRY (EXPIRED, "expired", "Expired", 410, CALLER, NEVER, "It is no longer kept"),
  ENTRY (PRECONDITION_FAILED,
         "precondition-failed",
         "PreconditionFailed",
         412,
         CALLER,
         NEVER,
         "The resource has changed since"),
  ENTRY (TOO_LARGE, "too-large", "TooLarge", 413, CALLER, NEVER, "A limit of size is exceeded"),
  ENTRY (UNSUPPORTED_TYPE,
         "unsupported-type",
         "UnsupportedType",
         415,
         CALLER,
         NEVER,
         "The content type is not one this operation takes"),
  ENTRY (INVALID_INPUT,
         "invalid-input",
         "InvalidInput",
         422,
         CALLER,
         NEVER,
         "The input is not what the operation declares"),
  ENTRY (RATE_LIMITED, "rate-limited", "RateLimited", 429, CALLER, SAFE, "Too many requests"),
  ENTRY (CANCELLED,
         "cancelled",
         "Cancelled",
         499,
         CALLER,
         IF_IDEMPOTENT,
         "The caller cancelled the call"),
  ENTRY (INTERNAL, "internal", "Internal", 500, CORE, IF_IDEMPOTENT, "The host has failed"),
  ENTRY (PLUGIN_FAULT,
         "plugin-fault",
         "PluginFault",
         500,
         PLUGIN,
         IF_IDEMPOTENT,
         "The plugin has failed"),
  ENTRY (CORRUPT, "corrupt", "Corrupt", 500, CORE, NEVER, "Stored data is damaged"),
  ENTRY (
      UNSUPPORTED, "unsupported", "Unsupported", 501, CORE, NEVER, "This host does not offer it"),
  ENTRY (UPSTREAM,
         "upstream",
         "Upstream",
         502,
         UPSTREAM,
         IF_IDEMPOTENT,
         "An outside service has failed"),
  ENTRY (UNAVAILABLE, "unavailable", "Unavailable", 503, CORE, SAFE, "Not available now"),
  ENTRY (BUSY, "busy", "Busy", 503, CORE, SAFE, "The host is at its limit"),
  ENTRY (DEADLINE, "deadline", "Deadline", 504, CORE, IF_IDEMPOTENT, "The deadline has passed"),
  ENTRY (STORAGE_FULL, "storage-full", "StorageFull", 507, CORE, SAFE, "Storage is full"),
};

const HeptadErrorInfo *
heptad_error_get_info (HeptadError code)
{
  if ((guint) code >= G_N_ELEMENTS (table))
    code = HEPTAD_ERROR_INTERNAL;
  return &table[code];
}

static HeptadError
code_of_gio_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CANCELLED:
      return HEPTAD_ERROR_CANCELLED;
    case G_IO_ERROR_TIMED_OUT:
      return HEPTAD_ERROR_DEADLINE;
    case G_IO_ERROR_NO_SPACE:
      return HEPTAD_ERROR_STORAGE_FULL;
    case G_IO_ERROR_NOT_FOUND:
      return HEPTAD_ERROR_NOT_FOUND;
    case G_IO_ERROR_BUSY:
      return HEPTAD_ERROR_BUSY;
    default:
      return HEPTAD_ERROR_INTERNAL;
    }
}

HeptadError
heptad_error_code_of (const GError *error)
{
  g_return_val_if_fail (error != NULL, HEPTAD_ERROR_INTERNAL);

  if (error->domain == HEPTAD_ERROR)
    return heptad_error_get_info ((HeptadError) error->code)->code;
  if (error->domain == G_IO_ERROR)
    return code_of_gio_error (error->code);
  return HEPTAD_ERROR_INTERNAL;
}
