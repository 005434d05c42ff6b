/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation.h"
#include "sdk/backend/heptad-call-backend.h"

/**
 * heptad_answer_check:
 * @status: the status that is about to be sent
 * @answer: a successful answer
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT: what is not as openapi.yaml declares it
 *
 * Holds an answer against the declaration, for debug and test builds.
 */
gboolean heptad_answer_check (const HeptadOperation *operation,
                              guint status,
                              const HeptadCallAnswer *answer,
                              GError **error);
