/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/bootstrap.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/identity/identity-private.h"
#include "sdk/heptad-error.h"

#define KEY_ID "bootstrap"

typedef struct {
  const char *tenant_id;
  char *hash;
  gboolean has_key;
  HeptadTokenDigest digest;
} FirstUser;

static gboolean
set_file_error (GError **error, const char *path, int failure)
{
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
               "The bootstrap key cannot be written to %s: %s; choose another --bootstrap-key-file",
               path, g_strerror (failure));
  return FALSE;
}

/* A key of an earlier start, or a file that was made to be filled, may be replaced; no other file.
 */
static gboolean
may_replace (const char *path)
{
  struct stat status;
  g_autofree char *content = NULL;

  if (lstat (path, &status) != 0)
    return errno == ENOENT;
  if (!S_ISREG (status.st_mode) || status.st_uid != geteuid ())
    return FALSE;
  if (status.st_size == 0)
    return TRUE;
  return status.st_size <= HEPTAD_TOKEN_LENGTH + 1
         && g_file_get_contents (path, &content, NULL, NULL)
         && g_str_has_prefix (content, HEPTAD_TOKEN_KEY_PREFIX);
}

static gboolean
write_and_sync (int fd, const char *token)
{
  g_autofree char *line = g_strconcat (token, "\n", NULL);
  gsize length = strlen (line);

  return write (fd, line, length) == (gssize) length && fsync (fd) == 0;
}

/* A new file beside the target, made by nobody else, then put in its place: a link that somebody
 * has laid there is replaced and not followed. */
static gboolean
write_key_file (const char *path, const char *token, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.%08x", path, g_random_int ());
  gboolean written;
  int failure;
  int fd;

  if (!may_replace (path))
    return set_file_error (error, path, EEXIST);
  fd = open (temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return set_file_error (error, path, errno);

  written = write_and_sync (fd, token);
  failure = errno;
  close (fd);
  if (written && g_rename (temporary, path) == 0)
    return TRUE;
  if (written)
    failure = errno;
  g_unlink (temporary);
  return set_file_error (error, path, failure);
}

static gboolean
write_first_user (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const FirstUser *first = data;
  const HeptadSqlParameter now = heptad_sql_time (g_get_real_time ());
  const HeptadSqlParameter name = heptad_sql_text (HEPTAD_BOOTSTRAP_USER);

  if (!heptad_transaction_execute (
          transaction,
          "INSERT INTO account (name, tenant_id, display_name, password_hash, must_change, "
          "disabled,"
          " created_at) VALUES ($1, $2, 'Administrator', $3, TRUE, FALSE, $4)",
          HEPTAD_SQL (name, heptad_sql_text (first->tenant_id), heptad_sql_text (first->hash), now),
          NULL, error)
      || !heptad_transaction_execute (
          transaction, "INSERT INTO account_role (account, role) VALUES ($1, $2)",
          HEPTAD_SQL (name, heptad_sql_text (HEPTAD_ROLE_ADMIN)), NULL, error))
    return FALSE;
  if (!first->has_key)
    return TRUE;
  return heptad_transaction_execute (
      transaction,
      "INSERT INTO api_key (id, account, title, digest, scope, created_at, expires_at)"
      " VALUES ($1, $2, 'Made by the first start', $3, NULL, $4, NULL)",
      HEPTAD_SQL (heptad_sql_text (KEY_ID), name,
                  heptad_sql_bytes (first->digest.bytes, sizeof first->digest.bytes), now),
      NULL, error);
}

static void
note_found (HeptadRows *rows, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static gboolean
make_first_user (HeptadIdentity *self,
                 FirstUser *first,
                 const char *key_file,
                 const char *password,
                 GError **error)
{
  g_autofree char *hash = heptad_passwords_hash (self->passwords, password, error);
  g_autofree char *token = NULL;

  if (hash == NULL)
    return FALSE;
  first->hash = hash;
  if (key_file != NULL)
    {
      token = heptad_token_generate (HEPTAD_TOKEN_KEY_PREFIX);
      first->has_key = heptad_token_digest (token, strlen (token), &first->digest);
      if (!write_key_file (key_file, token, error))
        return FALSE;
    }
  return heptad_store_write (self->store, write_first_user, first, NULL, error)
         && heptad_identity_reload (self, error);
}

gboolean
heptad_identity_bootstrap (HeptadIdentity *identity,
                           const char *tenant_id,
                           const char *key_file,
                           char **password,
                           GError **error)
{
  FirstUser first = { .tenant_id = tenant_id };
  g_autofree char *one_time = NULL;
  gboolean any = FALSE;

  if (!heptad_identity_read (identity, "SELECT 1 FROM account LIMIT 1", NULL, note_found, &any,
                             error))
    return FALSE;
  if (!any)
    {
      one_time = heptad_password_generate ();
      if (!make_first_user (identity, &first, key_file, one_time, error))
        return FALSE;
    }
  *password = g_steal_pointer (&one_time);
  return TRUE;
}
