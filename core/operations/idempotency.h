/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/dispatcher.h"
#include "core/store/ledger.h"

/* What `Idempotency-Key` promises (draft-ietf-httpapi-idempotency-key-header): a request that is
 * sent again with its key takes effect once. The key is claimed on disk before the handler runs and
 * its answer is kept before it is sent. When the host dies in between, nobody can know whether the
 * effect took place: the key then answers 409 until it expires, and the effect is never doubled.
 * Pool thread; all block. */

#define HEPTAD_IDEMPOTENCY_KEY_MAX 128

/**
 * heptad_idempotency_claim:
 * @request: with its input and tenant
 * @earlier: (out) (transfer full): the answer that the same request had before
 * @error: %HEPTAD_ERROR_CONFLICT when the key was used for another request or its first one still
 * runs; %HEPTAD_ERROR_INVALID_INPUT when the key is not usable, or the plugin keeps nothing in a
 * store
 *
 * Returns: %TRUE when the key is this request's; else one of @earlier and @error is set
 */
gboolean
heptad_idempotency_claim (HeptadRequest *request, HeptadIdempotentResult **earlier, GError **error);

/**
 * heptad_idempotency_keep:
 *
 * Keeps a successful answer under the claimed key.
 */
gboolean heptad_idempotency_keep (HeptadRequest *request, const HeptadReply *reply, GError **error);

/* Gives the key up after a failure, so that the request may be tried again. */
void heptad_idempotency_drop (HeptadRequest *request);
