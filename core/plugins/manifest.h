/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/heptad-value.h"

G_BEGIN_DECLS

/**
 * HeptadPlacement:
 *
 * Where a plugin can run.
 */
typedef enum {
  HEPTAD_PLACEMENT_ANY,
  HEPTAD_PLACEMENT_HOST,
  HEPTAD_PLACEMENT_WORKER,
} HeptadPlacement;

typedef struct {
  const char *id;
  const char *title;
} HeptadManifestPermission;

typedef struct {
  const char *id;
  const char *version_range; /* (nullable) */
  gboolean required;         /* else it is wanted */
} HeptadManifestDependency;

typedef struct {
  const char *topic;
  const char *title;
  HeptadValue *schema;
} HeptadManifestEvent;

typedef struct {
  const char *id;
  const char *cron;
  const char *timezone;
  const char *job;
  const HeptadValue *input; /* (nullable) */
} HeptadManifestSchedule;

/**
 * HeptadManifest:
 *
 * A plugin.yaml that has been checked, against data/plugin-manifest.schema.json and beyond.
 * Immutable; any thread. Strings are owned by it.
 */
typedef struct {
  gatomicrefcount references;
  HeptadValue *document;
  char *file_name; /* for messages */
  const char *id;
  const char *name;
  const char *version;
  const char *summary;
  const char *sdk;
  const char *module; /* (nullable): as the manifest says */
  char **asks;
  GArray *permissions;  /* HeptadManifestPermission */
  GArray *dependencies; /* HeptadManifestDependency */
  GArray *events;       /* HeptadManifestEvent */
  char **subscribes;
  GArray *schedules;           /* HeptadManifestSchedule */
  const HeptadValue *settings; /* (nullable) a JSON Schema */
  const HeptadValue *console;  /* (nullable) */
  gboolean serial;
  HeptadPlacement placement;
} HeptadManifest;

/**
 * heptad_manifest_parse:
 * @text: YAML; hostile
 * @file_name: for messages
 * @bundle_dir: where files that the manifest names are looked for
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT or %HEPTAD_ERROR_MALFORMED: file, line, what was expected and
 * what to do
 *
 * Returns: (transfer full): the manifest
 */
HeptadManifest *heptad_manifest_parse (
    const char *text, gsize length, const char *file_name, const char *bundle_dir, GError **error);

/* Reads and parses plugin.yaml of a bundle. */
HeptadManifest *heptad_manifest_load (const char *bundle_dir, GError **error);
HeptadManifest *heptad_manifest_ref (HeptadManifest *manifest);
void heptad_manifest_unref (HeptadManifest *manifest);

/**
 * heptad_manifest_asks:
 * @what: such as `store`
 */
gboolean heptad_manifest_asks (const HeptadManifest *manifest, const char *what);
gboolean heptad_manifest_defines_permission (const HeptadManifest *manifest,
                                             const char *permission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadManifest, heptad_manifest_unref)

G_END_DECLS
