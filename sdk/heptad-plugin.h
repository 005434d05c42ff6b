/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "heptad-call.h"
#include "heptad-job.h"

G_BEGIN_DECLS

/* The contract between the host and a plugin: one exported function returns one constant
 * descriptor. A plugin embeds no struct of the host and registers no GTypes. */

#define HEPTAD_ABI_MAJOR 1
#define HEPTAD_ABI_MINOR 0

/**
 * HeptadHost:
 *
 * The host as one plugin sees it. Any thread.
 *
 * Since: 1.0
 */
#define HEPTAD_TYPE_HOST (heptad_host_get_type ())
HEPTAD_API
G_DECLARE_FINAL_TYPE (HeptadHost, heptad_host, HEPTAD, HOST, GObject)

HEPTAD_AVAILABLE_IN_1_0
const char *heptad_host_get_version (HeptadHost *host);

/**
 * heptad_host_get_tenant:
 *
 * Returns: (transfer full) (nullable): the tenant, if this plugin is enabled for it
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
HeptadTenant *heptad_host_get_tenant (HeptadHost *host, const char *tenant_id);

/**
 * heptad_host_get_service:
 *
 * As heptad_tenant_get_service(), for services that belong to no tenant.
 *
 * Returns: (transfer none): the service
 *
 * Since: 1.0
 */
HEPTAD_AVAILABLE_IN_1_0
GObject *heptad_host_get_service (HeptadHost *host,
                                  const char *interface_id,
                                  guint revision,
                                  GError **error);

/**
 * HeptadOperationFunc:
 * @call: the call to answer
 * @plugin: what #HeptadPluginDescriptor.start returned
 *
 * Handles one operation. Runs on a pool thread, where it may block; or, when the declaration says
 * `inline`, on a connection thread, where it must not. Unless plugin.yaml says `serial: false`, one
 * thread at a time enters per tenant.
 *
 * Since: 1.0
 */
typedef void (*HeptadOperationFunc) (HeptadCall *call, gpointer plugin);

/**
 * HeptadJobFunc:
 * @job: the run
 * @error: why it failed; codes that may be retried are, with backoff
 *
 * Does a job's work on a job thread; may block.
 *
 * Returns: (transfer full) (nullable): the job's result; on failure %NULL with @error set
 *
 * Since: 1.0
 */
typedef HeptadValue *(*HeptadJobFunc) (HeptadJob *job, gpointer plugin, GError **error);

/**
 * HeptadEventFunc:
 * @event: the event
 * @tenant: whose
 * @transaction: the write that also acknowledges the event
 *
 * Handles one event durably: what it writes and the acknowledgement commit together, so each event
 * takes effect once. It is a #HeptadWriteFunc in all else: re-runnable, nothing slow inside;
 * enqueue a job for that. An event that keeps failing goes to the dead-letter list.
 *
 * Since: 1.0
 */
typedef gboolean (*HeptadEventFunc) (HeptadEvent *event,
                                     HeptadTenant *tenant,
                                     HeptadTransaction *transaction,
                                     gpointer plugin,
                                     GError **error);

typedef struct {
  const char *operation_id;
  HeptadOperationFunc handle;
} HeptadOperationEntry;

typedef struct {
  const char *kind;
  HeptadJobFunc run;
} HeptadJobEntry;

typedef struct {
  const char *topic;
  HeptadEventFunc handle;
} HeptadEventEntry;

/* Entries of the tables; each lets the last argument be the plugin's own type. */
#define HEPTAD_OPERATION(id, function)                                                             \
  {                                                                                                \
    id, (HeptadOperationFunc) (void (*) (void)) (function)                                         \
  }
#define HEPTAD_JOB_KIND(kind, function)                                                            \
  {                                                                                                \
    kind, (HeptadJobFunc) (void (*) (void)) (function)                                             \
  }
#define HEPTAD_EVENT_HANDLER(topic, function)                                                      \
  {                                                                                                \
    topic, (HeptadEventFunc) (void (*) (void)) (function)                                          \
  }

/**
 * HeptadPluginDescriptor:
 * @struct_size: bytes of the struct as the plugin was compiled
 * @abi_major: %HEPTAD_ABI_MAJOR
 * @abi_minor: %HEPTAD_ABI_MINOR
 * @id: as in plugin.yaml
 * @version: as in plugin.yaml
 * @operations: ends with a %NULL id; one entry for each operation of openapi.yaml
 * @jobs: (nullable): ends with a %NULL kind
 * @events: (nullable): ends with a %NULL topic; the durable handlers
 * @start: (nullable): makes the plugin's own state; on failure returns %NULL with the error set.
 * Main thread of the plugin's own start, with a deadline; may block within it
 * @stop: (nullable): frees it; no handler is running any more
 * @tenant_added: (nullable): the plugin was enabled for a tenant (also for each at start)
 * @tenant_removed: (nullable): it no longer is
 *
 * What a plugin is. New members are added at the end; the host reads only what fits @struct_size.
 *
 * Since: 1.0
 */
typedef struct {
  gsize struct_size;
  guint16 abi_major;
  guint16 abi_minor;
  const char *id;
  const char *version;
  const HeptadOperationEntry *operations;
  const HeptadJobEntry *jobs;
  const HeptadEventEntry *events;
  gpointer (*start) (HeptadHost *host, GError **error);
  void (*stop) (gpointer plugin);
  gboolean (*tenant_added) (gpointer plugin, HeptadTenant *tenant, GError **error);
  void (*tenant_removed) (gpointer plugin, HeptadTenant *tenant);
} HeptadPluginDescriptor;

typedef const HeptadPluginDescriptor *(*HeptadPluginQueryFunc) (void);

/**
 * HEPTAD_DEFINE_PLUGIN:
 *
 * Defines and exports the plugin's descriptor:
 *
 * |[<!-- language="C" -->
 * HEPTAD_DEFINE_PLUGIN (.id = "hello", .version = "1.0.0", .operations = operations)
 * ]|
 *
 * Since: 1.0
 */
#define HEPTAD_DEFINE_PLUGIN(...)                                                                  \
  __attribute__ ((visibility ("default"))) const HeptadPluginDescriptor *heptad_plugin_query (     \
      void);                                                                                       \
  const HeptadPluginDescriptor *heptad_plugin_query (void)                                         \
  {                                                                                                \
    static const HeptadPluginDescriptor descriptor = {                                             \
      .struct_size = sizeof (HeptadPluginDescriptor),                                              \
      .abi_major = HEPTAD_ABI_MAJOR,                                                               \
      .abi_minor = HEPTAD_ABI_MINOR,                                                               \
      __VA_ARGS__,                                                                                 \
    };                                                                                             \
    return &descriptor;                                                                            \
  }

G_END_DECLS
