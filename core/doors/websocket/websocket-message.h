/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/problem.h"

G_BEGIN_DECLS

/* The messages of docs/api/websocket.md, as the host writes them. Any thread. */

/* (transfer full): a message begun; @id (nullable) */
HeptadBuilder *websocket_message_begin (const char *type, const HeptadValue *id);

/* (transfer full): its text; frees the builder */
GBytes *websocket_message_end (HeptadBuilder *builder);

/* (transfer full): a message of its type and id alone */
GBytes *websocket_message_new (const char *type, const HeptadValue *id);

/* (transfer full): `error`; the problem's status is that of its code unless it has one */
GBytes *websocket_message_new_problem (const HeptadValue *id, const HeptadProblem *problem);
GBytes *websocket_message_new_error (const HeptadValue *id, const GError *error);

/* Whether a value can be the id of a message: a string of 1 to 64 bytes, or a whole number. */
gboolean websocket_message_is_id (const HeptadValue *id);

G_END_DECLS
