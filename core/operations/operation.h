/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/json-schema.h"
#include "sdk/heptad-plugin.h"

/**
 * HeptadParameterPlace:
 *
 * Where a parameter stands in an HTTP request. Other doors give all inputs by name.
 */
typedef enum {
  HEPTAD_PARAMETER_PATH,
  HEPTAD_PARAMETER_QUERY,
  HEPTAD_PARAMETER_HEADER,
  HEPTAD_PARAMETER_COOKIE,
} HeptadParameterPlace;

/**
 * HeptadParameterForm:
 *
 * How a parameter's text becomes a JSON value.
 */
typedef enum {
  HEPTAD_PARAMETER_TEXT,
  HEPTAD_PARAMETER_INTEGER,
  HEPTAD_PARAMETER_NUMBER,
  HEPTAD_PARAMETER_BOOLEAN,
  HEPTAD_PARAMETER_LIST, /* comma-separated text, or the name repeated */
} HeptadParameterForm;

typedef struct {
  char *name;
  HeptadParameterPlace place;
  HeptadParameterForm form;
  gboolean required;
  guint capture; /* of a path parameter: which `{name}` of the path it is */
  HeptadSchema *schema;
  const HeptadValue *fallback; /* (nullable) the schema's default, borrowed from the document */
} HeptadParameter;

typedef struct {
  char *type;           /* a media type in lower case, or one that ends in slash-asterisk */
  HeptadSchema *schema; /* (nullable) */
  const HeptadValue *properties; /* (nullable) of an object's schema, borrowed from the document */
} HeptadMediaType;

typedef struct {
  guint status;
  GArray *media; /* HeptadMediaType */
} HeptadResponse;

typedef struct _HeptadOperationSet HeptadOperationSet;

/**
 * HeptadOperationSession:
 *
 * Whether an operation begins or ends a browser's session: the REST door then sets or clears the
 * cookie, from the member `token` of the answer.
 */
typedef enum {
  HEPTAD_SESSION_UNTOUCHED,
  HEPTAD_SESSION_BEGINS,
  HEPTAD_SESSION_ENDS,
} HeptadOperationSession;

/**
 * HeptadOperationSeries:
 *
 * The metric of one operation, plus one so that 0 is none yet; filled in by whoever counts. Atomic.
 */
typedef struct {
  guint duration;
  guint caller_errors;
  guint host_errors;
} HeptadOperationSeries;

/**
 * HeptadOperation:
 *
 * One operation as its plugin declared it in openapi.yaml, compiled. Immutable once its set is
 * installed; owned by the set, which every call in flight holds.
 */
typedef struct {
  HeptadOperationSet *set;
  char *id;        /* operationId */
  char *qualified; /* PLUGIN.operationId */
  char *method;    /* GET, POST … */
  char *path;      /* with the prefix: /api/v1/PLUGIN/… */
  char *summary;
  char *permission; /* (nullable) only when anonymous */
  char *resource;   /* (nullable) template: account/{accountId} */

  gboolean anonymous;
  gboolean is_inline;
  gboolean idempotent;
  gboolean stream_input;
  gboolean audit; /* every change; reads marked sensitive */
  gboolean deprecated;
  HeptadOperationSession session;
  gint64 deadline_us;
  gint64 max_body;

  GArray *parameters; /* HeptadParameter */
  GArray *body;       /* HeptadMediaType; empty when the operation takes none */
  gboolean body_required;
  GArray *responses; /* HeptadResponse, the successful ones, first declared first */

  HeptadOperationFunc handle;
  HeptadOperationSeries series;
} HeptadOperation;

/**
 * heptad_operation_is_safe:
 *
 * Whether the method promises to change nothing (RFC 9110, 9.2.1).
 */
gboolean heptad_operation_is_safe (const HeptadOperation *operation);

const HeptadResponse *heptad_operation_find_response (const HeptadOperation *operation,
                                                      guint status);

/**
 * heptad_media_types_find:
 * @media: of HeptadMediaType
 * @type: a media type in lower case, without parameters
 *
 * Returns: (nullable): the declared type that covers @type
 */
const HeptadMediaType *heptad_media_types_find (GArray *media, const char *type);
