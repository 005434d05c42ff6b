/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * heptad_version_compare:
 * @a: a semantic version, of which minor and patch may be left out
 *
 * Orders versions as Semantic Versioning 2.0 does, section 11, without its rules for build
 * metadata.
 *
 * Returns: less than, equal to or greater than 0
 */
int heptad_version_compare (const char *a, const char *b);

/**
 * heptad_version_range_check:
 * @range: conditions with spaces between, each one of `>=` `>` `<=` `<` `=` and a version, such as
 *   `>=1.2 <2`
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT when @range is none
 */
gboolean heptad_version_range_check (const char *range, GError **error);

/* Whether @version fulfils every condition of a @range that has been checked. */
gboolean heptad_version_range_contains (const char *range, const char *version);

G_END_DECLS
