/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/password.h"

#include <argon2.h>
#include <string.h>

#include "core/identity/token.h"
#include "sdk/heptad-error.h"

#define HASH_BYTES  32
#define SALT_BYTES  16
#define MAX_ENCODED 256

struct _HeptadPasswords {
  HeptadPasswordCost cost;
  guint max_queued;
  GThreadPool *pool;
  char *decoy; /* the hash of a random password */
};

/* One piece of work; lives on the stack of the thread that waits for it. */
typedef struct {
  const char *password;
  const char *encoded; /* to verify against; NULL to hash */
  char result[MAX_ENCODED];
  int status;
  gboolean done;
  GMutex mutex;
  GCond cond;
} Work;

static int
hash_password (const HeptadPasswordCost *cost, const char *password, char *result)
{
  guint8 salt[SALT_BYTES];

  heptad_random_bytes (salt, sizeof salt);
  return argon2id_hash_encoded (cost->passes, cost->memory_kib, cost->lanes, password,
                                strlen (password), salt, sizeof salt, HASH_BYTES, result,
                                MAX_ENCODED);
}

static void
do_work (gpointer data, gpointer user_data)
{
  HeptadPasswords *passwords = user_data;
  Work *work = data;
  int status;

  if (work->encoded != NULL)
    status = argon2id_verify (work->encoded, work->password, strlen (work->password));
  else
    status = hash_password (&passwords->cost, work->password, work->result);

  g_mutex_lock (&work->mutex);
  work->status = status;
  work->done = TRUE;
  g_cond_signal (&work->cond);
  g_mutex_unlock (&work->mutex);
}

static gboolean
wait_for_work (HeptadPasswords *passwords, Work *work, GError **error)
{
  if (g_thread_pool_unprocessed (passwords->pool) >= passwords->max_queued)
    {
      g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY,
                           "Too many people are signing in; try again in a few seconds");
      return FALSE;
    }

  g_mutex_init (&work->mutex);
  g_cond_init (&work->cond);
  g_thread_pool_push (passwords->pool, work, NULL);
  g_mutex_lock (&work->mutex);
  while (!work->done)
    g_cond_wait (&work->cond, &work->mutex);
  g_mutex_unlock (&work->mutex);
  g_cond_clear (&work->cond);
  g_mutex_clear (&work->mutex);
  return TRUE;
}

HeptadPasswords *
heptad_passwords_new (const HeptadPasswordCost *cost, guint n_threads, guint max_queued)
{
  HeptadPasswords *passwords = g_new0 (HeptadPasswords, 1);

  passwords->cost = *cost;
  passwords->max_queued = max_queued;
  passwords->pool = g_thread_pool_new (do_work, passwords, (int) n_threads, FALSE, NULL);
  return passwords;
}

void
heptad_passwords_free (HeptadPasswords *passwords)
{
  g_thread_pool_free (passwords->pool, FALSE, TRUE);
  g_free (passwords->decoy);
  g_free (passwords);
}

static gboolean
check_length (const char *password, GError **error)
{
  gsize length = strlen (password);

  if (length >= HEPTAD_PASSWORD_MIN_LENGTH && length <= HEPTAD_PASSWORD_MAX_LENGTH)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "A password has %d to %d bytes, this one %zu; choose a longer phrase",
               HEPTAD_PASSWORD_MIN_LENGTH, HEPTAD_PASSWORD_MAX_LENGTH, length);
  return FALSE;
}

char *
heptad_passwords_hash (HeptadPasswords *passwords, const char *password, GError **error)
{
  Work work = { .password = password };

  if (!check_length (password, error) || !wait_for_work (passwords, &work, error))
    return NULL;
  if (work.status == ARGON2_OK)
    return g_strdup (work.result);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INTERNAL, "The password cannot be hashed: %s",
               argon2_error_message (work.status));
  return NULL;
}

/* Made at the first need and kept: whoever races makes another one, and one of them stays. */
static const char *
get_decoy (HeptadPasswords *passwords)
{
  if (g_atomic_pointer_get (&passwords->decoy) == NULL)
    {
      g_autofree char *password = heptad_password_generate ();
      char *hash = heptad_passwords_hash (passwords, password, NULL);

      if (!g_atomic_pointer_compare_and_exchange (&passwords->decoy, NULL, hash))
        g_free (hash);
    }
  return g_atomic_pointer_get (&passwords->decoy);
}

gboolean
heptad_passwords_verify (HeptadPasswords *passwords,
                         const char *encoded,
                         const char *password,
                         GError **error)
{
  Work work = { .password = password, .encoded = encoded };
  gboolean fits;

  if (encoded == NULL)
    work.encoded = get_decoy (passwords);
  if (strlen (password) > HEPTAD_PASSWORD_MAX_LENGTH)
    work.password = "";
  if (work.encoded == NULL || !wait_for_work (passwords, &work, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_BUSY, "Try again in a few seconds");
      return FALSE;
    }

  fits = encoded != NULL && work.status == ARGON2_OK;
  if (!fits)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAUTHENTICATED,
                         "The name or the password is wrong");
  return fits;
}

char *
heptad_password_generate (void)
{
  /* 32 characters that are not mistaken for each other, 5 bits each. */
  static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz023456789";
  GString *password = g_string_new (NULL);
  guint8 bytes[20];

  heptad_random_bytes (bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    {
      if (i > 0 && i % 5 == 0)
        g_string_append_c (password, '-');
      g_string_append_c (password, alphabet[bytes[i] % 32]);
    }
  return g_string_free (password, FALSE);
}
