/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/blob-folder.h"

#include "core/store/store-fixture.h"

static void
test_round_trip (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (NULL, NULL);
  g_autoptr (HeptadBlobs) blobs = heptad_blob_folder_open (fixture->data_dir, "acme", "cost", NULL);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr (GInputStream) again = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr (GError) error = NULL;
  char buffer[16] = "";
  gint64 size = 0;

  g_autofree char *digest = heptad_blobs_put (blobs, source, &size, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (digest, ==, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  g_assert_cmpint (size, ==, 5);
  g_autofree char *second = heptad_blobs_put (blobs, again, NULL, NULL, &error);
  g_assert_cmpstr (digest, ==, second);
  g_autoptr (GInputStream) stream = heptad_blobs_open (blobs, digest, &error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), ==, 5);
  g_assert_cmpstr (buffer, ==, "hello");
  g_assert_true (heptad_blobs_remove (blobs, digest, &error));
  g_assert_null (heptad_blobs_open (blobs, digest, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
}

static void
test_paths_are_no_digests (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (NULL, NULL);
  g_autoptr (HeptadBlobs) blobs = heptad_blob_folder_open (fixture->data_dir, "acme", "cost", NULL);
  static const char *const names[] = { "../../cost.db", "", "2CF24DBA", "/etc/passwd" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (heptad_blobs_open (blobs, names[i], &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
      g_clear_error (&error);
      g_assert_false (heptad_blobs_remove (blobs, names[i], &error));
      g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND);
    }
}

static void
test_nothing_is_kept_of_a_failure (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (NULL, NULL);
  g_autoptr (HeptadBlobs) blobs = heptad_blob_folder_open (fixture->data_dir, "acme", "cost", NULL);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_data ("hello", 5, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *unfinished =
      g_build_filename (fixture->data_dir, "tenants", "acme", "cost.blobs", "unfinished", NULL);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (heptad_blobs_put (blobs, source, NULL, cancellable, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CANCELLED);
  g_autoptr (GDir) dir = g_dir_open (unfinished, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blobs/the-same-bytes-are-known-again", test_round_trip);
  g_test_add_func ("/blobs/a-path-is-no-digest", test_paths_are_no_digests);
  g_test_add_func ("/blobs/nothing-is-kept-of-a-failure", test_nothing_is_kept_of_a_failure);
  return g_test_run ();
}
