/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <glib-object.h>

/**
 * HEPTAD_API:
 *
 * Marks a symbol that libheptad exports. Everything else in the library is hidden.
 */
#define HEPTAD_API __attribute__ ((visibility ("default"))) extern

#include "heptad-versions.h"

/**
 * HEPTAD_HAS_FIELD:
 * @pointer: a size-tagged struct whose first member is `gsize struct_size`
 * @field: a member of it
 *
 * True when the struct, as its owner compiled it, is large enough to hold @field.
 */
#define HEPTAD_HAS_FIELD(pointer, field)                                                           \
  ((pointer)->struct_size >= offsetof (__typeof__ (*(pointer)), field) + sizeof ((pointer)->field))
