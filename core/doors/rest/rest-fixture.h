/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/doors/rest/rest-door.h"

#include <libsoup/soup.h>

/**
 * HeptadRestFixture:
 *
 * A REST door on a real socket with one plugin of test operations behind it, for tests and
 * benchmarks.
 */
typedef struct {
  HeptadHttpServer *server;
  HeptadRestDoor *door;
  HeptadOperationRegistry *registry;
  HeptadDispatcher *dispatcher;
  HeptadCredentials *credentials;
  HeptadTenant *tenant;
  char *address;     /* http://127.0.0.1:PORT */
  char *key;         /* may do everything */
  char *limited_key; /* may call test:read on account/1 */
} HeptadRestFixture;

HeptadRestFixture *heptad_rest_fixture_new (guint n_threads, const HeptadRateLimit *limit);
HeptadRestFixture *heptad_rest_fixture_new_with_pages (guint n_threads,
                                                       const HeptadRateLimit *limit,
                                                       const HeptadRestPage *pages,
                                                       gpointer pages_data);

/* Returns: (transfer full): a key that may do one thing, on one resource or (NULL) everywhere */
char *heptad_rest_fixture_add_key (HeptadRestFixture *fixture,
                                   const char *id,
                                   const char *permission,
                                   const char *resource);
void heptad_rest_fixture_free (HeptadRestFixture *fixture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadRestFixture, heptad_rest_fixture_free)
