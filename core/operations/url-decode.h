/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * heptad_url_decode:
 * @text: percent-encoded
 * @length: bytes in @text
 * @plus_is_space: whether `+` stands for a space, as in a query
 * @into: (out): appended to
 *
 * Undoes percent-encoding (RFC 3986).
 *
 * Returns: (nullable): %NULL, or a constant sentence saying what is wrong: an incomplete or bad
 * escape, a NUL byte, or bytes that are not UTF-8
 */
const char *
heptad_url_decode (const char *text, gsize length, gboolean plus_is_space, GString *into);
