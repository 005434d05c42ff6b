/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-job.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: what stands behind a HeptadJob. */

typedef struct {
  void (*set_progress) (gpointer data, gint64 done, gint64 total, const char *message);
  gboolean (*set_checkpoint) (gpointer data,
                              HeptadTransaction *transaction,
                              const HeptadValue *checkpoint,
                              GError **error);
} HeptadJobBackend;

/**
 * HeptadJobContext:
 *
 * What the host knows of a run; the job takes references and copies.
 */
typedef struct {
  const HeptadJobBackend *backend;
  gpointer data; /* outlives the job */
  const char *id;
  const char *kind;
  HeptadTenant *tenant; /* (nullable) */
  HeptadStore *store;
  const HeptadValue *input;      /* (nullable) */
  const HeptadValue *checkpoint; /* (nullable) */
  guint attempt;
  GCancellable *cancellable;
} HeptadJobContext;

/* (transfer full) */
HEPTAD_API
HeptadJob *heptad_job_new (const HeptadJobContext *context);

G_END_DECLS
