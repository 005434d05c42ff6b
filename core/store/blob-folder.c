/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/store/blob-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/store/file-sync.h"
#include "sdk/backend/heptad-blobs-backend.h"
#include "sdk/backend/heptad-deadline.h"

enum {
  BUFFER_SIZE = 256 * 1024,
  DIGEST_LENGTH = 64,
};

typedef struct {
  char *path;
  char *unfinished; /* where blobs are written before they have a name */
} BlobFolder;

static gboolean
is_digest (const char *digest)
{
  return strspn (digest, "0123456789abcdef") == DIGEST_LENGTH && digest[DIGEST_LENGTH] == '\0';
}

static char *
get_path (const BlobFolder *folder, const char *digest)
{
  char prefix[3] = { digest[0], digest[1], '\0' };
  return g_build_filename (folder->path, prefix, digest, NULL);
}

static gboolean
check_digest (const char *digest, GError **error)
{
  if (is_digest (digest))
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_NOT_FOUND,
               "'%.70s' names no blob: its name is 64 hexadecimal digits in lower case", digest);
  return FALSE;
}

static gboolean
write_all (int fd, const char *path, const char *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        {
          file_sync_set_error (error, path, written == 0 ? ENOSPC : errno);
          return FALSE;
        }
      bytes += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* (transfer full): the digest of what was copied */
static char *
copy (GInputStream *source,
      int fd,
      const char *path,
      gint64 *size,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *buffer = g_malloc (BUFFER_SIZE);
  gint64 total = 0;

  while (TRUE)
    {
      if (heptad_cancellable_is_over (cancellable))
        {
          heptad_cancellable_set_error (cancellable, "Storing the blob", error);
          return NULL;
        }
      gssize length = g_input_stream_read (source, buffer, BUFFER_SIZE, cancellable, error);
      if (length == 0)
        break;
      if (length < 0 || !write_all (fd, path, buffer, (gsize) length, error))
        return NULL;
      g_checksum_update (checksum, (const guchar *) buffer, length);
      total += length;
    }
  if (size != NULL)
    *size = total;
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
give_name (const BlobFolder *folder, const char *unfinished, const char *digest, GError **error)
{
  g_autofree char *path = get_path (folder, digest);
  g_autofree char *directory = g_path_get_dirname (path);

  /* The same bytes were stored before: nothing to do but to forget the copy. */
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_unlink (unfinished) == 0;
  return file_sync_make_directory (directory, error) && file_sync_rename (unfinished, path, error);
}

static char *
blob_put (
    gpointer data, GInputStream *source, gint64 *size, GCancellable *cancellable, GError **error)
{
  const BlobFolder *folder = data;
  g_autofree char *unfinished = g_build_filename (folder->unfinished, "XXXXXX", NULL);
  int fd = g_mkstemp_full (unfinished, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      file_sync_set_error (error, unfinished, errno);
      return NULL;
    }
  g_autofree char *digest = copy (source, fd, unfinished, size, cancellable, error);
  close (fd);
  if (digest != NULL && give_name (folder, unfinished, digest, error))
    return g_steal_pointer (&digest);
  g_unlink (unfinished);
  return NULL;
}

static GInputStream *
blob_open (gpointer data, const char *digest, GError **error)
{
  if (!check_digest (digest, error))
    return NULL;

  g_autofree char *path = get_path (data, digest);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) failure = NULL;
  GFileInputStream *stream = g_file_read (file, NULL, &failure);
  if (stream != NULL)
    return G_INPUT_STREAM (stream);
  g_set_error (error, HEPTAD_ERROR, heptad_error_code_of (failure), "There is no blob %s: %s",
               digest, failure->message);
  return NULL;
}

static gboolean
blob_remove (gpointer data, const char *digest, GError **error)
{
  if (!check_digest (digest, error))
    return FALSE;

  g_autofree char *path = get_path (data, digest);
  if (g_unlink (path) == 0)
    return TRUE;
  file_sync_set_error (error, path, errno);
  return FALSE;
}

static void
folder_free (gpointer data)
{
  BlobFolder *folder = data;

  g_free (folder->path);
  g_free (folder->unfinished);
  g_free (folder);
}

static const HeptadBlobsBackend backend = {
  .put = blob_put,
  .open = blob_open,
  .remove = blob_remove,
  .free = folder_free,
};

static void
remove_unfinished (const BlobFolder *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder->unfinished, 0, NULL);
  const char *file = NULL;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder->unfinished, file, NULL);
      g_unlink (path);
    }
}

HeptadBlobs *
heptad_blob_folder_open (const char *data_dir,
                         const char *tenant_id,
                         const char *plugin_id,
                         GError **error)
{
  g_autofree char *name = g_strconcat (plugin_id, ".blobs", NULL);
  BlobFolder *folder = g_new0 (BlobFolder, 1);

  folder->path = g_build_filename (data_dir, "tenants", tenant_id, name, NULL);
  folder->unfinished = g_build_filename (folder->path, "unfinished", NULL);
  if (!file_sync_make_directory (folder->unfinished, error))
    {
      folder_free (folder);
      return NULL;
    }
  remove_unfinished (folder);
  return heptad_blobs_new (&backend, folder);
}
