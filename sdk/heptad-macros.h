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

#define HEPTAD_VERSION_1_0 (G_ENCODE_VERSION (1, 0))

/**
 * HEPTAD_VERSION_MAX_ALLOWED:
 *
 * Define to the newest SDK a plugin may use; a newer symbol then warns when it is compiled.
 */
#ifndef HEPTAD_VERSION_MAX_ALLOWED
#define HEPTAD_VERSION_MAX_ALLOWED HEPTAD_VERSION_1_0
#endif

#define HEPTAD_AVAILABLE_IN_1_0 HEPTAD_API

/**
 * HEPTAD_HAS_FIELD:
 * @pointer: a size-tagged struct whose first member is `gsize struct_size`
 * @field: a member of it
 *
 * True when the struct, as its owner compiled it, is large enough to hold @field.
 */
#define HEPTAD_HAS_FIELD(pointer, field)                                                           \
  ((pointer)->struct_size >= offsetof (__typeof__ (*(pointer)), field) + sizeof ((pointer)->field))
