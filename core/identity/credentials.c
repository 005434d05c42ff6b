/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/credentials.h"

#define MAX_CACHED_PER_THREAD 4096
#define CACHE_LINE            64

struct _HeptadCredentials {
  GRWLock lock;
  GHashTable *principals; /* HeptadTokenDigest -> HeptadPrincipal */
  guint64 serial;         /* tells this object from an earlier one at the same address */

  /* Read by every thread at each look-up: a line that only a change writes. */
  gint generation __attribute__ ((aligned (CACHE_LINE)));
  char padding[CACHE_LINE - sizeof (gint)];
};

typedef struct {
  guint64 serial;
  gint generation;
  GHashTable *principals;
} ThreadCache;

static void
thread_cache_free (gpointer data)
{
  ThreadCache *cache = data;

  g_hash_table_unref (cache->principals);
  g_free (cache);
}

static GPrivate thread_cache = G_PRIVATE_INIT (thread_cache_free);

GHashTable *
heptad_credentials_new_table (void)
{
  return g_hash_table_new_full (heptad_token_digest_hash, heptad_token_digest_equal, g_free,
                                (GDestroyNotify) heptad_principal_unref);
}

HeptadCredentials *
heptad_credentials_new (void)
{
  static gsize next_serial = 1;
  HeptadCredentials *credentials = g_aligned_alloc0 (1, sizeof (HeptadCredentials), CACHE_LINE);

  g_rw_lock_init (&credentials->lock);
  credentials->principals = heptad_credentials_new_table ();
  credentials->serial = (guint64) g_atomic_pointer_add (&next_serial, 1);
  return credentials;
}

void
heptad_credentials_free (HeptadCredentials *credentials)
{
  g_rw_lock_clear (&credentials->lock);
  g_hash_table_unref (credentials->principals);
  g_aligned_free (credentials);
}

static ThreadCache *
get_thread_cache (HeptadCredentials *credentials)
{
  ThreadCache *cache = g_private_get (&thread_cache);
  gint generation = g_atomic_int_get (&credentials->generation);

  if (G_UNLIKELY (cache == NULL))
    {
      cache = g_new0 (ThreadCache, 1);
      cache->principals = heptad_credentials_new_table ();
      g_private_set (&thread_cache, cache);
    }

  if (G_UNLIKELY (cache->generation != generation || cache->serial != credentials->serial
                  || g_hash_table_size (cache->principals) >= MAX_CACHED_PER_THREAD))
    {
      g_hash_table_remove_all (cache->principals);
      cache->generation = generation;
      cache->serial = credentials->serial;
    }
  return cache;
}

static HeptadPrincipal *
look_up_shared (HeptadCredentials *credentials, const HeptadTokenDigest *digest)
{
  HeptadPrincipal *principal;
  HeptadPrincipal *handle = NULL;

  g_rw_lock_reader_lock (&credentials->lock);
  principal = g_hash_table_lookup (credentials->principals, digest);
  if (principal != NULL)
    handle = heptad_principal_dup_handle (principal);
  g_rw_lock_reader_unlock (&credentials->lock);
  return handle;
}

static gboolean
has_expired (const HeptadPrincipal *principal)
{
  gint64 expires_at_us = heptad_principal_get_expires_at_us (principal);

  return expires_at_us != 0 && g_get_real_time () >= expires_at_us;
}

HeptadPrincipal *
heptad_credentials_authenticate (HeptadCredentials *credentials, const char *token, gsize length)
{
  HeptadTokenDigest digest;
  HeptadPrincipal *principal;
  ThreadCache *cache;

  if (!heptad_token_digest (token, length, &digest))
    return NULL;

  /* The generation is read before the table, so that what a change leaves behind here is dropped.
   */
  cache = get_thread_cache (credentials);
  principal = g_hash_table_lookup (cache->principals, &digest);
  if (principal == NULL)
    {
      principal = look_up_shared (credentials, &digest);
      if (principal == NULL)
        return NULL;
      g_hash_table_insert (cache->principals, g_memdup2 (&digest, sizeof digest), principal);
    }
  return has_expired (principal) ? NULL : heptad_principal_ref (principal);
}

void
heptad_credentials_set (HeptadCredentials *credentials,
                        const HeptadTokenDigest *digest,
                        HeptadPrincipal *principal)
{
  g_rw_lock_writer_lock (&credentials->lock);
  g_hash_table_replace (credentials->principals, g_memdup2 (digest, sizeof *digest),
                        heptad_principal_ref (principal));
  g_atomic_int_inc (&credentials->generation);
  g_rw_lock_writer_unlock (&credentials->lock);
}

void
heptad_credentials_remove (HeptadCredentials *credentials, const HeptadTokenDigest *digest)
{
  g_rw_lock_writer_lock (&credentials->lock);
  g_hash_table_remove (credentials->principals, digest);
  g_atomic_int_inc (&credentials->generation);
  g_rw_lock_writer_unlock (&credentials->lock);
}

void
heptad_credentials_replace (HeptadCredentials *credentials, GHashTable *principals)
{
  g_autoptr (GHashTable) old = NULL;

  g_rw_lock_writer_lock (&credentials->lock);
  old = credentials->principals;
  credentials->principals = principals;
  g_atomic_int_inc (&credentials->generation);
  g_rw_lock_writer_unlock (&credentials->lock);
}

static gboolean
is_expired_entry (gpointer key, gpointer value, gpointer data)
{
  return has_expired (value);
}

void
heptad_credentials_purge (HeptadCredentials *credentials)
{
  g_rw_lock_writer_lock (&credentials->lock);
  if (g_hash_table_foreach_remove (credentials->principals, is_expired_entry, NULL) > 0)
    g_atomic_int_inc (&credentials->generation);
  g_rw_lock_writer_unlock (&credentials->lock);
}
