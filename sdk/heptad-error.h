/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-macros.h"

G_BEGIN_DECLS

/**
 * HEPTAD_ERROR:
 *
 * The error domain of everything in Heptad. The list of codes is closed: each has one HTTP status,
 * one D-Bus name, one retry class and one source, which heptad_error_get_info() tells.
 */
#define HEPTAD_ERROR (heptad_error_quark ())

/**
 * HeptadError:
 * @HEPTAD_ERROR_MALFORMED: the text could not be parsed (400)
 * @HEPTAD_ERROR_UNAUTHENTICATED: no credential, or one that is not valid (401)
 * @HEPTAD_ERROR_DENIED: the caller lacks the permission (403)
 * @HEPTAD_ERROR_NOT_FOUND: no such thing (404)
 * @HEPTAD_ERROR_METHOD_NOT_ALLOWED: the path exists, not with this method (405)
 * @HEPTAD_ERROR_NOT_ACCEPTABLE: no representation that the caller accepts (406)
 * @HEPTAD_ERROR_CONFLICT: the thing is in a state, or exists already, that forbids this (409)
 * @HEPTAD_ERROR_EXPIRED: it was here and is gone: a cursor, a job's result, a key (410)
 * @HEPTAD_ERROR_PRECONDITION_FAILED: `If-Match` did not match (412)
 * @HEPTAD_ERROR_TOO_LARGE: more than a stated limit (413)
 * @HEPTAD_ERROR_UNSUPPORTED_TYPE: a content type the operation does not take (415)
 * @HEPTAD_ERROR_INVALID_INPUT: parsed, but not what the declaration asks for (422)
 * @HEPTAD_ERROR_RATE_LIMITED: over the caller's limit; wait as told (429)
 * @HEPTAD_ERROR_CANCELLED: the caller cancelled or went away (499)
 * @HEPTAD_ERROR_INTERNAL: a fault of the core (500)
 * @HEPTAD_ERROR_PLUGIN_FAULT: a fault of the plugin (500)
 * @HEPTAD_ERROR_CORRUPT: stored data that fails its check (500)
 * @HEPTAD_ERROR_UNSUPPORTED: not offered by this host (501)
 * @HEPTAD_ERROR_UPSTREAM: an outside service failed (502)
 * @HEPTAD_ERROR_UNAVAILABLE: not now: starting, stopping, or a plugin that failed (503)
 * @HEPTAD_ERROR_BUSY: a bounded queue is full; try again (503)
 * @HEPTAD_ERROR_DEADLINE: the deadline passed (504)
 * @HEPTAD_ERROR_STORAGE_FULL: the disk or a quota is full (507)
 *
 * What went wrong, in one word.
 *
 * Since: 1.0
 */
typedef enum {
  HEPTAD_ERROR_MALFORMED,
  HEPTAD_ERROR_UNAUTHENTICATED,
  HEPTAD_ERROR_DENIED,
  HEPTAD_ERROR_NOT_FOUND,
  HEPTAD_ERROR_METHOD_NOT_ALLOWED,
  HEPTAD_ERROR_NOT_ACCEPTABLE,
  HEPTAD_ERROR_CONFLICT,
  HEPTAD_ERROR_EXPIRED,
  HEPTAD_ERROR_PRECONDITION_FAILED,
  HEPTAD_ERROR_TOO_LARGE,
  HEPTAD_ERROR_UNSUPPORTED_TYPE,
  HEPTAD_ERROR_INVALID_INPUT,
  HEPTAD_ERROR_RATE_LIMITED,
  HEPTAD_ERROR_CANCELLED,
  HEPTAD_ERROR_INTERNAL,
  HEPTAD_ERROR_PLUGIN_FAULT,
  HEPTAD_ERROR_CORRUPT,
  HEPTAD_ERROR_UNSUPPORTED,
  HEPTAD_ERROR_UPSTREAM,
  HEPTAD_ERROR_UNAVAILABLE,
  HEPTAD_ERROR_BUSY,
  HEPTAD_ERROR_DEADLINE,
  HEPTAD_ERROR_STORAGE_FULL,
} HeptadError;

/**
 * HeptadErrorSource:
 * @HEPTAD_ERROR_SOURCE_CALLER: the request has to change
 * @HEPTAD_ERROR_SOURCE_PLUGIN: the plugin's author has to act
 * @HEPTAD_ERROR_SOURCE_CORE: the host's operator has to act
 * @HEPTAD_ERROR_SOURCE_UPSTREAM: somebody else's service has to act
 *
 * Whose fault an error is.
 *
 * Since: 1.0
 */
typedef enum {
  HEPTAD_ERROR_SOURCE_CALLER,
  HEPTAD_ERROR_SOURCE_PLUGIN,
  HEPTAD_ERROR_SOURCE_CORE,
  HEPTAD_ERROR_SOURCE_UPSTREAM,
} HeptadErrorSource;

/**
 * HeptadErrorRetry:
 * @HEPTAD_ERROR_RETRY_NEVER: the same call fails again
 * @HEPTAD_ERROR_RETRY_SAFE: nothing was done; repeat after a pause
 * @HEPTAD_ERROR_RETRY_IF_IDEMPOTENT: something may have been done
 *
 * Whether to try again.
 *
 * Since: 1.0
 */
typedef enum {
  HEPTAD_ERROR_RETRY_NEVER,
  HEPTAD_ERROR_RETRY_SAFE,
  HEPTAD_ERROR_RETRY_IF_IDEMPOTENT,
} HeptadErrorRetry;

/**
 * HeptadErrorInfo:
 * @code: the code
 * @name: its name in problems, GraphQL extensions and logs, such as `invalid-input`
 * @title: one short English sentence
 * @dbus_name: its D-Bus error name
 * @http_status: its HTTP status
 * @source: whose fault it is
 * @retry: whether to try again
 *
 * All that a code stands for.
 *
 * Since: 1.0
 */
typedef struct {
  HeptadError code;
  const char *name;
  const char *title;
  const char *dbus_name;
  guint http_status;
  HeptadErrorSource source;
  HeptadErrorRetry retry;
} HeptadErrorInfo;

HEPTAD_AVAILABLE_IN_1_0
GQuark heptad_error_quark (void);

/**
 * heptad_error_get_info:
 * @code: a code
 *
 * Looks @code up in the closed list. Any thread.
 *
 * Returns: (transfer none): its entry; that of %HEPTAD_ERROR_INTERNAL for a number outside the list
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadErrorInfo *heptad_error_get_info (HeptadError code);

/**
 * heptad_error_code_of:
 * @error: any error
 *
 * Maps an error of any domain to the closed list: GIO's errors by meaning (no space left becomes
 * %HEPTAD_ERROR_STORAGE_FULL), all others to %HEPTAD_ERROR_INTERNAL. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadError heptad_error_code_of (const GError *error);

G_END_DECLS
