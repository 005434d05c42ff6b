/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/http/http-server.h"
#include "core/identity/credentials.h"
#include "core/operations/dispatcher.h"
#include "core/operations/operation-registry.h"

#define HEPTAD_SESSION_COOKIE "heptad_session"

/**
 * HeptadRestDoor:
 *
 * The REST door; see the README of this folder.
 */
typedef struct _HeptadRestDoor HeptadRestDoor;

/**
 * HeptadRestPage:
 * @path: from the first slash
 * @permission: (nullable): what a reader needs
 * @serve: answers the exchange; on the connection's thread, must not block
 *
 * Something served that is no operation.
 */
typedef struct {
  const char *path;
  const char *permission;
  void (*serve) (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data);
} HeptadRestPage;

/**
 * HeptadRestConfig:
 * @registry: the operations
 * @dispatcher: calls them
 * @credentials: knows the callers
 * @allowed_origins: (nullable) (array zero-terminated=1): origins that may read answers in a
 * browser
 * @pages: (array zero-terminated=1): ended by a %NULL path
 * @pages_data: handed to each page
 */
typedef struct {
  HeptadOperationRegistry *registry;
  HeptadDispatcher *dispatcher;
  HeptadCredentials *credentials;
  const char *const *allowed_origins;
  const HeptadRestPage *pages;
  gpointer pages_data;
} HeptadRestConfig;

HeptadRestDoor *heptad_rest_door_new (const HeptadRestConfig *config);
void heptad_rest_door_free (HeptadRestDoor *door);

/**
 * heptad_rest_door_get_handler:
 *
 * Returns: (transfer none): what the HTTP server hands requests to, with the door as its data
 */
const HeptadHttpHandler *heptad_rest_door_get_handler (void);

/**
 * heptad_rest_door_authenticate:
 * @error: %HEPTAD_ERROR_UNAUTHENTICATED for a credential that is not valid; unset when there is
 * none
 *
 * Finds who sent a request: `Authorization: Bearer`, or the session cookie. Any thread; does not
 * block.
 *
 * Returns: (transfer full) (nullable): the caller
 */
HeptadPrincipal *
heptad_rest_door_authenticate (HeptadRestDoor *door, HeptadHttpExchange *exchange, GError **error);
const HeptadRestConfig *heptad_rest_door_get_config (HeptadRestDoor *door);
