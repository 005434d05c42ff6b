/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/json-schema-private.h"

G_BEGIN_DECLS

/* What the compiler of one schema object is doing. Its functions are called by the files that know
 * the keywords; each adds the checks for those that are there. */
typedef struct _HeptadSchemaCompiler HeptadSchemaCompiler;

typedef gboolean (*HeptadSchemaCompileFunc) (HeptadSchemaCompiler *compiler,
                                             HeptadSchemaNode *node,
                                             GError **error);

gboolean heptad_schema_compile_scalars (HeptadSchemaCompiler *compiler,
                                        HeptadSchemaNode *node,
                                        GError **error);
gboolean heptad_schema_compile_strings (HeptadSchemaCompiler *compiler,
                                        HeptadSchemaNode *node,
                                        GError **error);
gboolean heptad_schema_compile_logic (HeptadSchemaCompiler *compiler,
                                      HeptadSchemaNode *node,
                                      GError **error);
gboolean heptad_schema_compile_arrays (HeptadSchemaCompiler *compiler,
                                       HeptadSchemaNode *node,
                                       GError **error);
gboolean heptad_schema_compile_objects (HeptadSchemaCompiler *compiler,
                                        HeptadSchemaNode *node,
                                        GError **error);
/* To be called last: they ask what all others have looked at. */
gboolean heptad_schema_compile_unevaluated (HeptadSchemaCompiler *compiler,
                                            HeptadSchemaNode *node,
                                            GError **error);

/* json-schema-compile.c, for them. */
HeptadSchemaCheck *heptad_schema_add_check (HeptadSchemaNode *node,
                                            const char *keyword,
                                            HeptadSchemaCheckFunc function);
/* (transfer none): the schema of @value, made when it has not been met yet */
HeptadSchemaNode *heptad_schema_get_node (HeptadSchemaCompiler *compiler,
                                          const HeptadSchemaNode *parent,
                                          const HeptadValue *value,
                                          GError **error);
HeptadSchemaNode *heptad_schema_resolve (HeptadSchemaCompiler *compiler,
                                         const HeptadSchemaNode *node,
                                         const char *reference,
                                         GError **error);
/* The schema that is the member @keyword; NULL without error when it is absent. */
gboolean heptad_schema_get_subschema (HeptadSchemaCompiler *compiler,
                                      const HeptadSchemaNode *node,
                                      const char *keyword,
                                      HeptadSchemaNode **out,
                                      GError **error);
/* The schemas in the array or object @keyword, NULL-terminated; NULL without error when absent. */
gboolean heptad_schema_get_subschemas (HeptadSchemaCompiler *compiler,
                                       const HeptadSchemaNode *node,
                                       const char *keyword,
                                       HeptadValueType type,
                                       HeptadSchemaNode ***out,
                                       GError **error);
/* A count such as `minLength`; @out as it was when absent. */
gboolean heptad_schema_get_count (const HeptadSchemaNode *node,
                                  const char *keyword,
                                  guint64 *out,
                                  GError **error);
GRegex *
heptad_schema_get_pattern (HeptadSchemaCompiler *compiler, const char *pattern, GError **error);
gpointer heptad_schema_allocate (HeptadSchemaCompiler *compiler, gsize size);
gboolean heptad_schema_asserts_formats (const HeptadSchemaCompiler *compiler,
                                        const HeptadSchemaNode *node);
/* Says that @keyword of the schema is wrong. Returns FALSE. */
gboolean heptad_schema_set_wrong (const HeptadSchemaNode *node,
                                  const char *keyword,
                                  const char *expected,
                                  GError **error);

G_END_DECLS
