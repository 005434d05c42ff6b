/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/store-fixture.h"

enum {
  N_KILLS = 20,
  MAX_ROWS = 100000,
};

static const char schema[] = "CREATE TABLE item (id BIGINT PRIMARY KEY, twin BIGINT NOT NULL);";

static char *
get_file (StoreFixture *fixture)
{
  return g_build_filename (fixture->data_dir, "tenants", "acme", "cost.db", NULL);
}

static HeptadStore *
reopen (StoreFixture *fixture, GError **error)
{
  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  return heptad_store_hub_open (fixture->hub, "acme", "cost", fixture->migrations_dir, error);
}

static void
test_second_host (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autofree char *pid = g_strdup_printf ("process %d;", getpid ());
  g_autoptr (GError) error = NULL;

  g_assert_null (heptad_store_hub_new (fixture->data_dir, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, pid));
  g_assert_nonnull (strstr (error->message, fixture->data_dir));
}

static void
overwrite (const char *path, goffset from, const char *with, gsize length)
{
  int fd = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, with, length, from), ==, (gssize) length);
  close (fd);
}

static void
test_corrupt_file (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autofree char *path = get_file (fixture);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  overwrite (path, 0, "this is no database at all", 26);
  g_file_get_contents (path, &before, NULL, NULL);
  g_assert_null (reopen (fixture, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
  g_file_get_contents (path, &after, NULL, NULL);
  g_assert_cmpstr (before, ==, after);
}

static void
test_empty_file (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autofree char *path = get_file (fixture);
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  g_assert_cmpint (truncate (path, 0), ==, 0);
  g_assert_null (reopen (fixture, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_verify_finds_damage (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autofree char *path = get_file (fixture);
  g_autoptr (GError) error = NULL;
  char noise[512];

  store_fixture_run (
      fixture->store,
      "INSERT INTO item WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 5000) SELECT i, i FROM n",
      NULL);
  g_assert_true (heptad_store_hub_verify (fixture->hub, "acme", "cost", &error));
  g_assert_no_error (error);
  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  memset (noise, 0x5a, sizeof noise);
  GStatBuf info;
  g_stat (path, &info);
  for (goffset at = info.st_size - 4096; at > info.st_size - 10 * 4096; at -= 4096)
    overwrite (path, at, noise, sizeof noise);
  fixture->store = reopen (fixture, NULL);
  g_assert_nonnull (fixture->store);
  g_assert_false (heptad_store_hub_verify (fixture->hub, "acme", "cost", &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT);
}

static void
test_full_disk (void)
{
  HeptadStoreConfig config = { .max_pages = 80 };
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, &config);
  g_autoptr (GError) error = NULL;

  g_assert_false (heptad_store_execute (
      fixture->store,
      "INSERT INTO item WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
      " WHERE i < 100000) SELECT i, i FROM n",
      NULL, NULL, &error));
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_STORAGE_FULL);
  g_clear_error (&error);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "0");
  store_fixture_run (fixture->store, "INSERT INTO item VALUES (1, 1)", NULL);
}

static void
test_read_only_directory (void)
{
  g_autofree char *path = g_dir_make_tmp ("heptad-ro-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  /* Root may write everywhere but in /proc. */
  g_chmod (path, 0500);
  g_assert_null (heptad_store_hub_new (geteuid () == 0 ? "/proc/self/net" : path, NULL, &error));
  g_rmdir (path);
  g_assert_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "--data-dir"));
}

static void
test_backup (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autofree char *copy = g_build_filename (fixture->data_dir, "copy.db", NULL);
  g_autofree char *path = get_file (fixture);
  g_autoptr (GError) error = NULL;

  store_fixture_run (fixture->store, "INSERT INTO item VALUES (1, 1), (2, 2)", NULL);
  g_assert_true (heptad_store_hub_backup (fixture->hub, "acme", "cost", copy, &error));
  g_assert_no_error (error);
  store_fixture_run (fixture->store, "DELETE FROM item", NULL);
  g_clear_object (&fixture->store);
  heptad_store_hub_close (fixture->hub, "acme", "cost");
  g_assert_cmpint (g_rename (copy, path), ==, 0);
  fixture->store = reopen (fixture, &error);
  g_assert_no_error (error);
  store_assert_reads (fixture->store, "SELECT count(*) FROM item", NULL, "2");
}

typedef struct {
  HeptadStore *store;
  gint64 from;
  int fd;
} ChildWriter;

static gboolean
write_twins (HeptadTransaction *transaction, gpointer data, GError **error)
{
  gint64 id = *(gint64 *) data;

  return heptad_transaction_execute (transaction, "INSERT INTO item VALUES ($1, $2)",
                                     HEPTAD_SQL (heptad_sql_int64 (id), heptad_sql_int64 (-id)),
                                     NULL, error)
         && heptad_transaction_execute (transaction, "INSERT INTO item VALUES ($2, $1)",
                                        HEPTAD_SQL (heptad_sql_int64 (id), heptad_sql_int64 (-id)),
                                        NULL, error);
}

static gpointer
write_until_killed (gpointer data)
{
  ChildWriter *writer = data;

  for (gint64 id = writer->from; id < writer->from + MAX_ROWS; id++)
    {
      if (!heptad_store_write (writer->store, write_twins, &id, NULL, NULL))
        _exit (3);
      if (write (writer->fd, &id, sizeof id) != sizeof id)
        _exit (4);
    }
  return NULL;
}

/* In a process of its own: four threads write and tell what was acknowledged. */
static int
run_child (const char *data_dir, const char *migrations_dir, guint round, int fd)
{
  ChildWriter writers[4];
  HeptadStoreHub *hub = heptad_store_hub_new (data_dir, NULL, NULL);
  HeptadStore *store = heptad_store_hub_open (hub, "acme", "cost", migrations_dir, NULL);

  for (guint i = 0; i < 4; i++)
    {
      writers[i] = (ChildWriter){ store, 1 + (round * 4 + i) * (gint64) MAX_ROWS, fd };
      g_thread_new ("writer", write_until_killed, &writers[i]);
    }
  pause ();
  return 0;
}

static void
note_acknowledged (int fd, GArray *acknowledged)
{
  gint64 id = 0;

  while (read (fd, &id, sizeof id) == sizeof id)
    g_array_append_val (acknowledged, id);
  close (fd);
}

static void
kill_one_child (const char *self, StoreFixture *fixture, guint round, GArray *acknowledged)
{
  g_autofree char *number = g_strdup_printf ("%u", round);
  int pipe_fds[2];

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  g_autofree char *fd = g_strdup_printf ("%d", pipe_fds[1]);
  pid_t child = fork ();
  if (child == 0)
    {
      close (pipe_fds[0]);
      execl (self, self, "--write-until-killed", fixture->data_dir, fixture->migrations_dir, number,
             fd, NULL);
      _exit (5);
    }
  close (pipe_fds[1]);
  g_usleep ((gulong) g_test_rand_int_range (20, 120) * 1000);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  note_acknowledged (pipe_fds[0], acknowledged);
}

static const char *self_path;

static void
test_kill (void)
{
  g_autoptr (StoreFixture) fixture = store_fixture_new (schema, NULL);
  g_autoptr (GArray) acknowledged = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint round = 0; round < N_KILLS; round++)
    {
      g_clear_object (&fixture->store);
      g_clear_pointer (&fixture->hub, heptad_store_hub_free);
      kill_one_child (self_path, fixture, round, acknowledged);
      fixture->hub = heptad_store_hub_new (fixture->data_dir, NULL, NULL);
      fixture->store =
          heptad_store_hub_open (fixture->hub, "acme", "cost", fixture->migrations_dir, NULL);
      g_assert_nonnull (fixture->store);
    }
  for (guint i = 0; i < acknowledged->len; i++)
    {
      gint64 id = g_array_index (acknowledged, gint64, i);
      g_autofree char *found =
          store_fixture_read (fixture->store, "SELECT twin FROM item WHERE id = $1",
                              HEPTAD_SQL (heptad_sql_int64 (id)));
      g_assert_cmpint (g_ascii_strtoll (found, NULL, 10), ==, -id);
    }
  g_test_message ("%u writes were acknowledged over %d kills", acknowledged->len, N_KILLS);
  g_assert_cmpuint (acknowledged->len, >, 0);
  store_assert_reads (fixture->store, "SELECT sum(id), count(*) % 2 FROM item", NULL, "0|0");
  g_assert_true (heptad_store_hub_verify (fixture->hub, "acme", "cost", NULL));
}

int
main (int argc, char **argv)
{
  if (argc == 6 && strcmp (argv[1], "--write-until-killed") == 0)
    return run_child (argv[2], argv[3], (guint) atoi (argv[4]), atoi (argv[5]));
  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/faults/a-second-host-is-refused-by-its-process-id", test_second_host);
  g_test_add_func ("/store/faults/a-corrupt-file-is-named-and-left-alone", test_corrupt_file);
  g_test_add_func ("/store/faults/an-empty-file-is-not-a-new-store", test_empty_file);
  g_test_add_func ("/store/faults/verify-finds-damage", test_verify_finds_damage);
  g_test_add_func ("/store/faults/a-full-disk-fails-the-write-alone", test_full_disk);
  g_test_add_func ("/store/faults/a-read-only-directory-is-named", test_read_only_directory);
  g_test_add_func ("/store/faults/a-backup-of-a-store-in-use-restores", test_backup);
  g_test_add_func ("/store/faults/what-was-acknowledged-survives-kill-9", test_kill);
  return g_test_run ();
}
