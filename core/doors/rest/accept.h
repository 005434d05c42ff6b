/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * heptad_accept_allows:
 * @accept: (nullable): an Accept header; %NULL accepts all
 * @type: a media type in lower case
 *
 * Returns: whether the client takes @type (RFC 9110, 12.5.1): the most specific range decides
 */
gboolean heptad_accept_allows (const char *accept, const char *type);

/**
 * heptad_media_type_of:
 * @content_type: (nullable): a Content-Type header
 *
 * Returns: (transfer full) (nullable): the type in lower case, without parameters
 */
char *heptad_media_type_of (const char *content_type);
