/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/idempotency.h"

#include "sdk/heptad-log.h"

#include <string.h>

typedef struct {
  char *key;
  char *digest;
  guint status;
  HeptadValue *result;
} Entry;

static void
entry_clear (Entry *entry)
{
  g_free (entry->key);
  g_free (entry->digest);
  g_clear_pointer (&entry->result, heptad_value_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entry, entry_clear)

static gboolean
check_key (const char *key, GError **error)
{
  gsize length = strlen (key);

  for (const char *c = key; *c != '\0'; c++)
    {
      if (!g_ascii_isgraph (*c))
        length = 0;
    }
  if (length > 0 && length <= HEPTAD_IDEMPOTENCY_KEY_MAX)
    return TRUE;
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
               "Idempotency-Key must be 1 to %d visible ASCII characters, such as a UUID",
               HEPTAD_IDEMPOTENCY_KEY_MAX);
  return FALSE;
}

static HeptadStore *
find_store (HeptadRequest *request, GError **error)
{
  GObject *store = heptad_tenant_get_service (request->tenant, "heptad.store", 1, NULL);

  if (store == NULL)
    g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                 "'%s' cannot keep an Idempotency-Key; send the request without it",
                 request->operation->qualified);
  return HEPTAD_STORE (store);
}

static char *
make_key (const HeptadRequest *request)
{
  const char *principal =
      request->principal != NULL ? heptad_principal_get_id (request->principal) : "anonymous";

  return g_strdup_printf ("%s %s %s", principal, request->operation->qualified,
                          request->idempotency_key);
}

/* A streamed body is not part of it, since it is only read by the handler. */
static char *
make_digest (HeptadRequest *request)
{
  g_autoptr (GString) text = g_string_new (request->operation->qualified);
  const HeptadValue *input = heptad_call_get_input (request->call);

  if (input != NULL)
    heptad_value_print_to (input, text);
  if (request->body != NULL)
    heptad_value_print_to (request->body, text);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text->str, text->len);
}

static gboolean
write_claim (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Entry *entry = data;

  return heptad_ledger_claim_idempotency (transaction, entry->key, entry->digest, error);
}

static gboolean
judge_earlier (const HeptadIdempotentResult *found, const char *digest, GError **error)
{
  if (strcmp (found->digest, digest) != 0)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                         "This Idempotency-Key was used for another request; take a new one");
  else if (found->status == 0)
    g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_CONFLICT,
                         "The first request with this Idempotency-Key has not been answered; look "
                         "whether it took effect, or try again later");
  else
    return TRUE;
  return FALSE;
}

gboolean
heptad_idempotency_claim (HeptadRequest *request, HeptadIdempotentResult **earlier, GError **error)
{
  g_auto (Entry) entry = { .key = make_key (request), .digest = make_digest (request) };
  g_autoptr (HeptadIdempotentResult) found = NULL;
  HeptadStore *store;

  if (!check_key (request->idempotency_key, error) || (store = find_store (request, error)) == NULL
      || !heptad_ledger_get_idempotency (store, entry.key, NULL, &found, error))
    return FALSE;
  if (found == NULL)
    return heptad_store_write (store, write_claim, &entry, NULL, error);
  if (judge_earlier (found, entry.digest, error))
    *earlier = g_steal_pointer (&found);
  return FALSE;
}

static gboolean
write_result (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Entry *entry = data;

  return heptad_ledger_set_idempotency (transaction, entry->key, entry->digest, entry->status,
                                        entry->result, error);
}

gboolean
heptad_idempotency_keep (HeptadRequest *request, const HeptadReply *reply, GError **error)
{
  g_auto (Entry) entry = { .key = make_key (request), .digest = make_digest (request) };
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  HeptadStore *store = find_store (request, error);

  if (reply->value != NULL)
    heptad_builder_set_value (builder, "value", reply->value);
  if (reply->job_id != NULL)
    heptad_builder_set_string (builder, "jobId", reply->job_id);
  entry.status = reply->status;
  entry.result = heptad_builder_end (builder);
  return store != NULL && heptad_store_write (store, write_result, &entry, NULL, error);
}

static gboolean
write_drop (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Entry *entry = data;

  return heptad_ledger_drop_idempotency (transaction, entry->key, error);
}

void
heptad_idempotency_drop (HeptadRequest *request)
{
  g_auto (Entry) entry = { .key = make_key (request) };
  g_autoptr (GError) error = NULL;
  HeptadStore *store = find_store (request, &error);

  if (store != NULL)
    heptad_store_write (store, write_drop, &entry, NULL, &error);
  if (error != NULL)
    heptad_log_warning ("An idempotency key stays claimed: %s", error->message);
}
