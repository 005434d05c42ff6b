/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-fixture.h"

#include <string.h>

#include "core/store/blob-folder.h"
#include "cost-bill.h"
#include "cost-ingest.h"
#include "sdk/backend/heptad-job-backend.h"
#include "sdk/backend/heptad-settings-backend.h"
#include "sdk/backend/heptad-tenant-backend.h"

static GObject *
get_service (gpointer data, const char *interface_id, guint revision, GError **error)
{
  IngestFixture *fixture = data;

  if (strcmp (interface_id, HEPTAD_BLOBS_INTERFACE) == 0)
    return G_OBJECT (fixture->blobs);
  if (strcmp (interface_id, "heptad.settings") == 0)
    return G_OBJECT (fixture->settings);
  return G_OBJECT (fixture->store);
}

static HeptadValue *
get_setting (gpointer data, const char *name)
{
  IngestFixture *fixture = data;

  g_assert_cmpstr (name, ==, "maxRejectedLines");
  return heptad_value_new_int64 (fixture->max_rejected_lines);
}

static void
finalize_nothing (gpointer data)
{
}

static void
check_progress (gpointer data, gint64 done, gint64 total, const char *message)
{
  g_assert_cmpint (done, <=, total);
  g_assert_nonnull (message);
}

static const HeptadTenantBackend tenant_backend = { .get_service = get_service,
                                                    .finalize = finalize_nothing };
static const HeptadSettingsBackend settings_backend = { .get_value = get_setting,
                                                        .finalize = finalize_nothing };
static const HeptadJobBackend job_backend = { .set_progress = check_progress };

IngestFixture *
ingest_fixture_new (void)
{
  g_autofree char *path = g_build_filename (HEPTAD_SOURCE_ROOT, "plugins", "cost", "migrations",
                                            "0001-bills.sql", NULL);
  g_autofree char *schema = NULL;
  g_autoptr (GError) error = NULL;
  IngestFixture *fixture = g_new0 (IngestFixture, 1);

  g_file_get_contents (path, &schema, NULL, &error);
  g_assert_no_error (error);
  fixture->stores = store_fixture_new (schema, NULL);
  fixture->store = fixture->stores->store;
  fixture->blobs = heptad_blob_folder_open (fixture->stores->data_dir, "acme", "cost", &error);
  g_assert_no_error (error);
  fixture->max_rejected_lines = 10000;
  fixture->settings = heptad_settings_new (&settings_backend, fixture);
  fixture->tenant = heptad_tenant_new (&tenant_backend, "acme", fixture);
  fixture->cancellable = g_cancellable_new ();
  return fixture;
}

void
ingest_fixture_free (IngestFixture *fixture)
{
  g_clear_object (&fixture->tenant);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->blobs);
  g_clear_object (&fixture->cancellable);
  store_fixture_free (fixture->stores);
  g_free (fixture);
}

char *
ingest_fixture_upload (IngestFixture *fixture,
                       GInputStream *stream,
                       const char *format,
                       gint64 *bill_id,
                       char **job_id,
                       char **digest)
{
  g_auto (CostBill) bill = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 size = 0;

  *digest = heptad_blobs_put (fixture->blobs, stream, &size, NULL, &error);
  g_assert_no_error (error);
  cost_bill_register (fixture->store, *digest, size, format, &bill, NULL, &error);
  g_assert_no_error (error);
  *bill_id = bill.id;
  *job_id = g_strdup (bill.job_id);
  return g_strdup (bill.state);
}

HeptadValue *
ingest_fixture_run_job (IngestFixture *fixture,
                        gint64 bill_id,
                        const char *job_id,
                        const char *digest,
                        const char *format,
                        GError **error)
{
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) input = NULL;
  g_autoptr (HeptadJob) job = NULL;

  heptad_builder_set_int64 (builder, "billId", bill_id);
  heptad_builder_set_string (builder, "digest", digest);
  heptad_builder_set_string (builder, "format", format);
  heptad_builder_set_int64 (builder, "size", G_MAXINT64);
  input = heptad_builder_end (builder);
  job = heptad_job_new (&(HeptadJobContext){ .backend = &job_backend,
                                             .data = fixture,
                                             .id = job_id,
                                             .kind = "ingest",
                                             .tenant = fixture->tenant,
                                             .store = fixture->store,
                                             .input = input,
                                             .attempt = 1,
                                             .cancellable = fixture->cancellable });
  return cost_run_ingest (job, NULL, error);
}

HeptadValue *
ingest_fixture_load (IngestFixture *fixture, const char *text, const char *format, GError **error)
{
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (text, (gssize) strlen (text), NULL);
  g_autofree char *job_id = NULL;
  g_autofree char *digest = NULL;
  gint64 bill_id = 0;
  g_autofree char *state =
      ingest_fixture_upload (fixture, stream, format, &bill_id, &job_id, &digest);

  return ingest_fixture_run_job (fixture, bill_id, job_id, digest, format, error);
}
