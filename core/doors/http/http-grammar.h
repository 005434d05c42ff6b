/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-framing.h"

G_BEGIN_DECLS

/* What one line of a head, and a whole head, may look like (RFC 9110 and 9112). Each function
 * returns NULL, or why the request is refused. Pure; any thread. */

/**
 * heptad_http_grammar_request_line:
 * @start: where the line begins in @head's text
 * @length: of the line, without CR LF
 * @target_limit: the most bytes of a target
 *
 * Parses `METHOD SP target SP HTTP/1.x` into @head.
 */
const HeptadHttpRefusal *heptad_http_grammar_request_line (HeptadHttpHead *head,
                                                           gsize start,
                                                           gsize length,
                                                           gsize target_limit);

/**
 * heptad_http_grammar_header:
 *
 * Parses `name: value` into @head. The byte after the line must be writable.
 */
const HeptadHttpRefusal *
heptad_http_grammar_header (HeptadHttpHead *head, gsize start, gsize length);

/**
 * heptad_http_grammar_framing:
 *
 * Judges a complete head as a whole: Host, body length, connection options, expectation.
 */
const HeptadHttpRefusal *heptad_http_grammar_framing (HeptadHttpHead *head);

/**
 * heptad_http_grammar_is_token:
 *
 * Returns: whether @text is a non-empty RFC 9110 token
 */
gboolean heptad_http_grammar_is_token (const char *text, gsize length);

/**
 * heptad_http_grammar_is_token_byte:
 *
 * Returns: whether @byte may stand in a token
 */
gboolean heptad_http_grammar_is_token_byte (guint8 byte);

/**
 * heptad_http_grammar_is_header_value:
 *
 * Returns: whether @text may be sent as a header's value: no control bytes but tab
 */
gboolean heptad_http_grammar_is_header_value (const char *text);

G_END_DECLS
