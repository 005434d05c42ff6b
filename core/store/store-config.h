/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "sdk/heptad-value.h"

/**
 * HeptadStoreConfig:
 * @max_connections: open database connections of the whole host
 * @max_readers_per_store: reads of one store at once
 * @max_queued_writes: writes of one store that may wait
 * @reader_wait_us: how long a read waits for its turn when its cancellable sets no earlier end
 * @max_pages: most pages of 4 KiB in one store; 0 for no bound
 *
 * Zero stands for the default everywhere.
 */
typedef struct {
  guint max_connections;
  guint max_readers_per_store;
  guint max_queued_writes;
  gint64 reader_wait_us;
  guint max_pages;
} HeptadStoreConfig;

/**
 * HeptadStoreEventHooks:
 * @check: whether the plugin may publish this; on the writing thread
 * @committed: the outbox of a store has new rows, or may have since the store was just opened; any
 * thread, must not block
 *
 * How events hear of what committed, without the store knowing them.
 */
typedef struct {
  gboolean (*check) (gpointer data,
                     const char *plugin_id,
                     const char *topic,
                     const HeptadValue *value,
                     GError **error);
  void (*committed) (gpointer data, const char *tenant_id, const char *plugin_id);
  gpointer data;
} HeptadStoreEventHooks;

/**
 * HeptadStoreJobHooks:
 * @committed: the job table of a store has new rows; any thread, must not block
 */
typedef struct {
  void (*committed) (gpointer data, const char *tenant_id, const char *plugin_id);
  gpointer data;
} HeptadStoreJobHooks;
