/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadElfImage:
 * @imports: (array zero-terminated=1): names of the symbols that the module takes from elsewhere
 *
 * What a shared object says of itself without being loaded.
 */
typedef struct {
  char **imports;
} HeptadElfImage;

/**
 * heptad_elf_image_read:
 * @bytes: the whole file; hostile
 * @error: %HEPTAD_ERROR_MALFORMED: no shared object at all;
 *   %HEPTAD_ERROR_UNSUPPORTED: one for another processor than this host's
 *
 * The dynamic loader skips a file for another processor in silence and then reports "no such file";
 * this says what it is. Any thread.
 *
 * Returns: (transfer full): the image
 */
HeptadElfImage *heptad_elf_image_read (GBytes *bytes, GError **error);
void heptad_elf_image_free (HeptadElfImage *image);

/**
 * heptad_elf_image_find_import:
 * @prefixes: (array zero-terminated=1): beginnings of names
 *
 * Returns: (transfer none) (nullable): the first import that begins with one of @prefixes
 */
const char *heptad_elf_image_find_import (const HeptadElfImage *image, const char *const *prefixes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadElfImage, heptad_elf_image_free)

G_END_DECLS
