/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadSchema:
 *
 * A JSON Schema (2020-12), compiled once. Immutable: validated against from any thread at once.
 */
typedef struct _HeptadSchema HeptadSchema;

#define HEPTAD_SCHEMA_MAX_FAILURES 20

/**
 * HeptadSchemaFailure:
 * @pointer: where in the instance, as a JSON Pointer; empty for the whole
 * @keyword: the keyword of the schema that was not met
 * @detail: what was expected and what was found, as a sentence without its subject
 */
typedef struct {
  char *pointer;
  const char *keyword;
  char *detail;
} HeptadSchemaFailure;

/**
 * HeptadSchemaReport:
 *
 * What an instance fails, the first twenty. Begins as `{ 0 }`.
 */
typedef struct {
  guint n_failures;
  HeptadSchemaFailure failures[HEPTAD_SCHEMA_MAX_FAILURES];
} HeptadSchemaReport;

void heptad_schema_report_clear (HeptadSchemaReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeptadSchemaReport, heptad_schema_report_clear)

/**
 * HeptadSchemaFlags:
 * @HEPTAD_SCHEMA_ASSERT_FORMATS: `format` is a condition and not only a note
 * @HEPTAD_SCHEMA_REFUSE_NUL: no string or name of an instance may hold a NUL byte, which PostgreSQL
 *   cannot store
 */
typedef enum {
  HEPTAD_SCHEMA_NONE = 0,
  HEPTAD_SCHEMA_ASSERT_FORMATS = 1 << 0,
  HEPTAD_SCHEMA_REFUSE_NUL = 1 << 1,
} HeptadSchemaFlags;

/**
 * HeptadSchemaResolver:
 * @uri: an absolute URI without fragment
 *
 * Returns: (transfer full) (nullable): the document of that name
 */
typedef HeptadValue *(*HeptadSchemaResolver) (const char *uri, gpointer data);

/**
 * heptad_schema_compile:
 * @schema: a schema
 * @base_uri: (nullable): what its references are relative to
 * @resolver: (nullable) (scope call): finds documents that are referred to; the meta-schemas of
 *   2020-12 are known without it
 * @error: %HEPTAD_ERROR_INVALID_INPUT, naming the place in the schema
 *
 * Any thread.
 *
 * Returns: (transfer full): the compiled schema
 */
HeptadSchema *heptad_schema_compile (const HeptadValue *schema,
                                     const char *base_uri,
                                     HeptadSchemaFlags flags,
                                     HeptadSchemaResolver resolver,
                                     gpointer data,
                                     GError **error);

/**
 * heptad_schema_compile_at:
 * @document: a document that holds schemas, such as an OpenAPI description
 * @pointer: a JSON Pointer to one of them
 *
 * Compiles a schema that refers to others in its document (`#/components/schemas/Account`). Formats
 * are conditions, and NUL bytes are refused. Any thread.
 *
 * Returns: (transfer full): the compiled schema
 */
HeptadSchema *
heptad_schema_compile_at (const HeptadValue *document, const char *pointer, GError **error);

HeptadSchema *heptad_schema_ref (HeptadSchema *schema);
void heptad_schema_unref (HeptadSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadSchema, heptad_schema_unref)

/**
 * heptad_schema_get_default:
 *
 * Returns: (transfer none) (nullable): what the schema's `default` says
 */
const HeptadValue *heptad_schema_get_default (HeptadSchema *schema);

/**
 * heptad_schema_validate:
 * @report: (nullable): an empty report; to be cleared when the instance is not valid
 *
 * Holds @instance against the schema. Bounded in depth and work, whatever the two are: beyond the
 * bound the instance is not valid. Allocates nothing when a valid instance meets no `pattern`. Any
 * thread.
 */
gboolean heptad_schema_validate (HeptadSchema *schema,
                                 const HeptadValue *instance,
                                 HeptadSchemaReport *report);

G_END_DECLS
