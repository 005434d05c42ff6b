/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/store/store-fixture.h"
#include "sdk/draft/heptad-blobs.h"
#include "sdk/heptad-job.h"

/**
 * IngestFixture:
 *
 * The cost plugin's ingest job over a real store and real blobs, without the rest of the host.
 */
typedef struct {
  StoreFixture *stores;
  HeptadStore *store;
  HeptadBlobs *blobs;
  HeptadSettings *settings;
  HeptadTenant *tenant;
  /* what the settings say */
  gint64 max_rejected_lines;
  GCancellable *cancellable;
} IngestFixture;

IngestFixture *ingest_fixture_new (void);
void ingest_fixture_free (IngestFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IngestFixture, ingest_fixture_free)

/* Uploads a bill and registers it. (out) @job_id may be %NULL. Returns the bill's state before it
 * is loaded. */
char *ingest_fixture_upload (IngestFixture *fixture,
                             GInputStream *bill,
                             const char *format,
                             gint64 *bill_id,
                             char **job_id,
                             char **digest);

/* Runs the job that loads a bill, as the queue would. */
HeptadValue *ingest_fixture_run_job (IngestFixture *fixture,
                                     gint64 bill_id,
                                     const char *job_id,
                                     const char *digest,
                                     const char *format,
                                     GError **error);

/* Both, for text. Returns (transfer full) (nullable) the job's result. */
HeptadValue *
ingest_fixture_load (IngestFixture *fixture, const char *text, const char *format, GError **error);
