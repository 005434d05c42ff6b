/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-error.h"
#include "heptad-tenant.h"
#include "heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadCall:
 *
 * One call of an operation, from whichever door it came. It has been authenticated, authorised,
 * limited and validated before the handler sees it. It is answered exactly once, by one of the
 * heptad_call_return…() functions, now or later, from any thread; the handler owns no reference and
 * takes one (g_object_ref()) to answer later. A call dropped unanswered is answered with
 * %HEPTAD_ERROR_PLUGIN_FAULT.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_CALL (heptad_call_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadCall, heptad_call, HEPTAD, CALL, GObject)

/* Input. Names are those of the declaration: its parameters and, when the body is a JSON object,
 * the members of the body. Defaults of the declaration are filled in. */

/**
 * heptad_call_get_string:
 *
 * Returns: (transfer none) (nullable): the input, %NULL when absent
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_call_get_string (HeptadCall *call, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_call_get_int64 (HeptadCall *call, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_call_get_boolean (HeptadCall *call, const char *name);
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_call_has (HeptadCall *call, const char *name);

/**
 * heptad_call_get_value:
 *
 * Returns: (transfer none) (nullable): the input as a value
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_call_get_value (HeptadCall *call, const char *name);

/**
 * heptad_call_get_input:
 *
 * Returns: (transfer none) (nullable): all parameters, as one object
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_call_get_input (HeptadCall *call);

/**
 * heptad_call_get_body:
 *
 * Returns: (transfer none) (nullable): the whole JSON body, %NULL when there is none
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const HeptadValue *heptad_call_get_body (HeptadCall *call);

/**
 * heptad_call_get_body_stream:
 *
 * For operations that declare `x-heptad: {input: stream}`. Reading blocks and holds the client
 * back, so that memory stays constant. Pool thread.
 *
 * Returns: (transfer none): the body's bytes
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GInputStream *heptad_call_get_body_stream (HeptadCall *call);

/**
 * heptad_call_get_content_type:
 *
 * Returns: (transfer none) (nullable): the body's media type, lower case, without parameters
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_call_get_content_type (HeptadCall *call);

/* Who, where, until when. */
HEPTAD_AVAILABLE_IN_1_0
HeptadTenant *heptad_call_get_tenant (HeptadCall *call);
HEPTAD_AVAILABLE_IN_1_0
HeptadStore *heptad_call_get_store (HeptadCall *call);

/**
 * heptad_call_get_principal:
 *
 * Returns: (transfer none): who calls, such as `user/ada` or `key/7f3c`
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
const char *heptad_call_get_principal (HeptadCall *call);

/**
 * heptad_call_is_allowed:
 * @permission: such as `cost:read`
 * @resource: (nullable): such as `account/123456789012`
 *
 * Whether the caller has a permission beyond the one that the operation declares; for answers that
 * show only what the caller may see.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gboolean heptad_call_is_allowed (HeptadCall *call, const char *permission, const char *resource);

/**
 * heptad_call_get_cancellable:
 *
 * Returns: (transfer none): cancelled when the deadline passes or the client goes away
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GCancellable *heptad_call_get_cancellable (HeptadCall *call);

/**
 * heptad_call_get_deadline_us:
 *
 * Returns: the deadline on the monotonic clock (g_get_monotonic_time()), in microseconds
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
gint64 heptad_call_get_deadline_us (HeptadCall *call);

/* The answer. */

/**
 * heptad_call_set_status:
 * @status: one of the success statuses that the operation declares
 *
 * Chooses among several declared success statuses. Without it the first one declared is sent.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_set_status (HeptadCall *call, guint status);

/**
 * heptad_call_set_etag:
 * @etag: an opaque version of the answer, without quotes
 *
 * Lets the core answer `If-None-Match`. Without it the core makes one from the answer itself.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_set_etag (HeptadCall *call, const char *etag);

/**
 * heptad_call_set_next_cursor:
 * @cursor: (nullable): where the next page begins; %NULL on the last page
 *
 * For operations with the `cursor` and `limit` parameters. The caller gives it back in
 * heptad_call_get_string (call, "cursor"), and may have changed it: treat it as any other input.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_set_next_cursor (HeptadCall *call, const char *cursor);

/**
 * heptad_call_return:
 * @result: (transfer full) (nullable): the answer; %NULL answers 204
 *
 * Answers. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_return (HeptadCall *call, HeptadValue *result);

/**
 * heptad_call_return_job:
 * @job_id: from heptad_transaction_enqueue()
 *
 * Answers `202 Accepted` with the job as a resource to follow. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_return_job (HeptadCall *call, const char *job_id);

/**
 * heptad_call_return_stream:
 * @content_type: one that the operation declares
 *
 * Answers with a body that is written as it is made. Writing blocks while the client is slow;
 * closing ends the answer; dropping it unclosed breaks the answer off, visibly to the client. Pool
 * or job thread.
 *
 * Returns: (transfer full): where to write
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GOutputStream *heptad_call_return_stream (HeptadCall *call, const char *content_type);

/**
 * heptad_call_return_error:
 * @code: what went wrong, in one word
 * @format: a sentence for the caller: what was wrong, where, what to do
 *
 * Answers with a problem. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_return_error (HeptadCall *call, HeptadError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * heptad_call_take_error:
 * @error: (transfer full): an error of any domain
 *
 * Answers with a problem made from @error. Any thread.
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
void heptad_call_take_error (HeptadCall *call, GError *error);

G_END_DECLS
