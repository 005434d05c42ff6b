/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/operation.h"
#include "core/operations/router.h"
#include "core/operations/violation.h"

/**
 * HeptadFieldLookup:
 * @place: a header or a cookie
 *
 * Returns: (transfer none) (nullable): its value in a request
 */
typedef const char *(*HeptadFieldLookup) (gpointer request,
                                          HeptadParameterPlace place,
                                          const char *name);

/**
 * heptad_input_from_http:
 * @match: the matched route
 * @query: (nullable): the query, percent-encoded, without the question mark
 * @lookup: finds a header or cookie
 * @request: handed to @lookup
 * @violations: filled with what cannot be read: bad percent-encoding, an unknown or repeated name
 *
 * Makes the input object from the texts of a request, each by the form that its parameter declares;
 * a text of another form stays a string, which validation then names. Absent ones get their
 * default.
 *
 * Returns: (transfer full): the object; %NULL with violations
 */
HeptadValue *heptad_input_from_http (const HeptadRouteMatch *match,
                                     const char *query,
                                     HeptadFieldLookup lookup,
                                     gpointer request,
                                     HeptadViolations *violations);

/**
 * heptad_input_from_arguments:
 * @arguments: (nullable): an object of inputs by name
 * @body: (out) (transfer full) (nullable): the JSON body, for operations that take one: the member
 * `body`, or else the members that are no parameters
 *
 * Makes the input object for doors that give all inputs by name.
 *
 * Returns: (transfer full): the object; %NULL with violations
 */
HeptadValue *heptad_input_from_arguments (const HeptadOperation *operation,
                                          const HeptadValue *arguments,
                                          HeptadValue **body,
                                          HeptadViolations *violations);

/**
 * heptad_input_validate:
 *
 * Holds each parameter against its schema.
 */
void heptad_input_validate (const HeptadOperation *operation,
                            const HeptadValue *input,
                            HeptadViolations *violations);

/**
 * heptad_input_validate_body:
 * @content_type: (nullable): which of the declared types the body is; %NULL for JSON
 */
void heptad_input_validate_body (const HeptadOperation *operation,
                                 const HeptadValue *body,
                                 const char *content_type,
                                 HeptadViolations *violations);

/**
 * heptad_input_fill_body:
 * @body: (transfer full): a valid body
 *
 * Fills in the defaults that the body's schema declares for members which are absent.
 *
 * Returns: (transfer full): the body
 */
HeptadValue *heptad_input_fill_body (const HeptadOperation *operation,
                                     HeptadValue *body,
                                     const char *content_type);

/**
 * heptad_input_expand_resource:
 * @template: `account/{accountId}`
 *
 * Returns: (transfer full) (nullable): the resource that the input names; %NULL when an input that
 * it needs is absent
 */
char *heptad_input_expand_resource (const char *template, const HeptadValue *input);
