/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HeptadPasswordCost:
 * @memory_kib: memory of one hash
 * @passes: passes over it
 * @lanes: threads of one hash
 *
 * How dear one guess is (RFC 9106, Argon2id).
 */
typedef struct {
  guint memory_kib;
  guint passes;
  guint lanes;
} HeptadPasswordCost;

/* The OWASP minimum with less memory: 19 MiB, two passes; a sign-in takes some 30 ms of one core.
 */
#define HEPTAD_PASSWORD_COST_DEFAULT ((HeptadPasswordCost){ 19 * 1024, 2, 1 })
#define HEPTAD_PASSWORD_MIN_LENGTH   12
#define HEPTAD_PASSWORD_MAX_LENGTH   1024

/**
 * HeptadPasswords:
 *
 * Hashes and checks passwords on threads of its own, a bounded number at once with a bounded queue:
 * a hash is slow and takes memory on purpose, which a client must not be able to multiply.
 */
typedef struct _HeptadPasswords HeptadPasswords;

HeptadPasswords *
heptad_passwords_new (const HeptadPasswordCost *cost, guint n_threads, guint max_queued);
void heptad_passwords_free (HeptadPasswords *passwords);

/**
 * heptad_passwords_hash:
 * @error: %HEPTAD_ERROR_INVALID_INPUT for one that is too short or long; %HEPTAD_ERROR_BUSY
 *
 * Pool thread; waits.
 *
 * Returns: (transfer full): the encoded hash, `$argon2id$…`
 */
char *heptad_passwords_hash (HeptadPasswords *passwords, const char *password, GError **error);

/**
 * heptad_passwords_verify:
 * @encoded: (nullable): the stored hash; %NULL when there is no such user, which takes as long as a
 * wrong password, so that the time does not tell who exists
 * @error: %HEPTAD_ERROR_UNAUTHENTICATED when it does not fit; %HEPTAD_ERROR_BUSY
 *
 * Pool thread; waits.
 *
 * Returns: whether @password is the one
 */
gboolean heptad_passwords_verify (HeptadPasswords *passwords,
                                  const char *encoded,
                                  const char *password,
                                  GError **error);

/* Returns: (transfer full): a random password of some 100 bits that a person can type */
char *heptad_password_generate (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadPasswords, heptad_passwords_free)

G_END_DECLS
