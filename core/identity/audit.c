/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/identity/audit.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "core/identity/identity-schema.h"
#include "sdk/heptad-error.h"
#include "sdk/heptad-log.h"

#define MAX_WAITING 65536
#define MAX_BATCH   512
#define HASH_BYTES  32
#define RETRY_US    (500 * 1000)

typedef struct {
  gint64 at_us;
  char *tenant_id;
  char *actor;
  char *action;
  char *resource;
  char *outcome;
  char *detail;
} Entry;

struct _HeptadAudit {
  HeptadStore *store;
  GThread *thread;
  GMutex mutex;
  GCond changed;
  GQueue waiting;   /* Entry */
  guint n_writing;  /* taken from the queue and not yet on disk */
  guint64 n_lost;   /* since start */
  guint64 n_untold; /* of those, not yet recorded */
  gboolean closing;
};

/* The end of the chain: where the next record goes. */
typedef struct {
  gint64 sequence;
  guint8 hash[HASH_BYTES];
} Tail;

static void
entry_free (Entry *entry)
{
  g_free (entry->tenant_id);
  g_free (entry->actor);
  g_free (entry->action);
  g_free (entry->resource);
  g_free (entry->outcome);
  g_free (entry->detail);
  g_free (entry);
}

static char *
copy_text (const char *text)
{
  return text != NULL ? g_utf8_make_valid (text, -1) : g_strdup ("");
}

static Entry *
entry_new (const HeptadAuditRecord *record)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->at_us = g_get_real_time ();
  entry->tenant_id = copy_text (record->tenant_id);
  entry->actor = copy_text (record->actor);
  entry->action = copy_text (record->action);
  entry->resource = copy_text (record->resource);
  entry->outcome = copy_text (record->outcome);
  entry->detail = copy_text (record->detail);
  return entry;
}

/* The hash of a record: over the one before and a JSON array of its fields, which is unambiguous.
 */
static void
hash_entry (const Entry *entry, gint64 sequence, const guint8 *previous, guint8 *hash)
{
  g_autoptr (HeptadBuilder) fields = heptad_builder_new_array ();
  g_autoptr (HeptadValue) value = NULL;
  g_autoptr (GString) text = g_string_new_len ((const char *) previous, HASH_BYTES);

  heptad_builder_add_int64 (fields, sequence);
  heptad_builder_add_int64 (fields, entry->at_us);
  heptad_builder_add_string (fields, entry->tenant_id);
  heptad_builder_add_string (fields, entry->actor);
  heptad_builder_add_string (fields, entry->action);
  heptad_builder_add_string (fields, entry->resource);
  heptad_builder_add_string (fields, entry->outcome);
  heptad_builder_add_string (fields, entry->detail);
  value = heptad_builder_end (fields);
  heptad_value_print_to (value, text);
  gnutls_hash_fast (GNUTLS_DIG_SHA256, text->str, text->len, hash);
}

static gboolean
read_tail (HeptadTransaction *transaction, Tail *tail, GError **error)
{
  g_autoptr (HeptadRows) rows = heptad_transaction_query (
      transaction, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", NULL, error);
  g_autoptr (GError) failure = NULL;
  gsize length = 0;
  const void *hash;

  if (rows == NULL)
    return FALSE;
  memset (tail, 0, sizeof *tail);
  if (heptad_rows_next (rows, &failure))
    {
      tail->sequence = heptad_rows_get_int64 (rows, 0);
      hash = heptad_rows_get_bytes (rows, 1, &length);
      if (hash != NULL && length == HASH_BYTES)
        memcpy (tail->hash, hash, HASH_BYTES);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
append (HeptadTransaction *transaction, const Entry *entry, Tail *tail, GError **error)
{
  guint8 hash[HASH_BYTES];

  tail->sequence++;
  hash_entry (entry, tail->sequence, tail->hash, hash);
  if (!heptad_transaction_execute (
          transaction,
          "INSERT INTO audit (sequence, at, tenant_id, actor, action, resource, outcome, detail,"
          " previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
          HEPTAD_SQL (heptad_sql_int64 (tail->sequence), heptad_sql_time (entry->at_us),
                      heptad_sql_text (entry->tenant_id), heptad_sql_text (entry->actor),
                      heptad_sql_text (entry->action), heptad_sql_text (entry->resource),
                      heptad_sql_text (entry->outcome), heptad_sql_text (entry->detail),
                      heptad_sql_bytes (tail->hash, HASH_BYTES),
                      heptad_sql_bytes (hash, HASH_BYTES)),
          NULL, error))
    return FALSE;
  memcpy (tail->hash, hash, HASH_BYTES);
  return TRUE;
}

static gboolean
write_batch (HeptadTransaction *transaction, gpointer data, GError **error)
{
  GPtrArray *batch = data;
  Tail tail;

  if (!read_tail (transaction, &tail, error))
    return FALSE;
  for (guint i = 0; i < batch->len; i++)
    if (!append (transaction, g_ptr_array_index (batch, i), &tail, error))
      return FALSE;
  return TRUE;
}

static void
tell_lost (HeptadAudit *self, GPtrArray *batch)
{
  g_autofree char *detail = NULL;
  HeptadAuditRecord record = {
    .tenant_id = HEPTAD_CORE_TENANT,
    .actor = "host",
    .action = "audit.lost",
    .outcome = "failed",
  };

  if (self->n_untold == 0)
    return;
  detail = g_strdup_printf ("%" G_GUINT64_FORMAT " records could not be kept", self->n_untold);
  record.detail = detail;
  g_ptr_array_add (batch, entry_new (&record));
  self->n_untold = 0;
}

/* Waits for records and takes them; empty when the log is closing and all are written. */
static GPtrArray *
take_batch (HeptadAudit *self)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);

  g_mutex_lock (&self->mutex);
  while (g_queue_is_empty (&self->waiting) && !self->closing)
    g_cond_wait (&self->changed, &self->mutex);
  tell_lost (self, batch);
  while (!g_queue_is_empty (&self->waiting) && batch->len < MAX_BATCH)
    g_ptr_array_add (batch, g_queue_pop_head (&self->waiting));
  self->n_writing = batch->len;
  g_mutex_unlock (&self->mutex);
  return batch;
}

/* Tries until it succeeds; when the host stops, once more and no longer. */
static void
keep_batch (HeptadAudit *self, GPtrArray *batch)
{
  gboolean warned = FALSE;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gboolean closing;

      if (heptad_store_write (self->store, write_batch, batch, NULL, &error))
        return;
      if (!warned)
        heptad_log_warning ("The audit log cannot be written and is tried again: %s",
                            error->message);
      warned = TRUE;
      g_mutex_lock (&self->mutex);
      closing = self->closing;
      g_mutex_unlock (&self->mutex);
      if (closing)
        {
          heptad_log_warning ("%u audit records are lost, since the host stops.", batch->len);
          return;
        }
      g_usleep (RETRY_US);
    }
}

static gpointer
run (gpointer data)
{
  HeptadAudit *self = data;

  for (;;)
    {
      g_autoptr (GPtrArray) batch = take_batch (self);

      if (batch->len == 0)
        return NULL;
      keep_batch (self, batch);
      g_mutex_lock (&self->mutex);
      self->n_writing = 0;
      g_cond_broadcast (&self->changed);
      g_mutex_unlock (&self->mutex);
    }
}

HeptadAudit *
heptad_audit_new (HeptadStore *store)
{
  HeptadAudit *self = g_new0 (HeptadAudit, 1);

  self->store = g_object_ref (store);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiting);
  self->thread = g_thread_new ("audit", run, self);
  return self;
}

void
heptad_audit_free (HeptadAudit *audit)
{
  g_mutex_lock (&audit->mutex);
  audit->closing = TRUE;
  g_cond_broadcast (&audit->changed);
  g_mutex_unlock (&audit->mutex);
  g_thread_join (audit->thread);
  g_queue_clear_full (&audit->waiting, (GDestroyNotify) entry_free);
  g_mutex_clear (&audit->mutex);
  g_cond_clear (&audit->changed);
  g_object_unref (audit->store);
  g_free (audit);
}

void
heptad_audit_record (HeptadAudit *audit, const HeptadAuditRecord *record)
{
  Entry *entry = entry_new (record);

  g_mutex_lock (&audit->mutex);
  if (g_queue_get_length (&audit->waiting) < MAX_WAITING)
    g_queue_push_tail (&audit->waiting, g_steal_pointer (&entry));
  else
    {
      audit->n_lost++;
      audit->n_untold++;
    }
  g_cond_broadcast (&audit->changed);
  g_mutex_unlock (&audit->mutex);
  g_clear_pointer (&entry, entry_free);
}

gboolean
heptad_audit_flush (HeptadAudit *audit, guint timeout_ms)
{
  gint64 until_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audit->mutex);

  while (!g_queue_is_empty (&audit->waiting) || audit->n_writing > 0)
    if (!g_cond_wait_until (&audit->changed, &audit->mutex, until_us))
      return FALSE;
  return TRUE;
}

void
heptad_audit_get_backlog (HeptadAudit *audit, guint *n_waiting, guint64 *n_lost)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&audit->mutex);

  *n_waiting = g_queue_get_length (&audit->waiting);
  *n_lost = audit->n_lost;
}

static gboolean
check_row (HeptadRows *rows, Tail *tail)
{
  Entry entry = {
    .at_us = heptad_rows_get_time (rows, 1),
    .tenant_id = (char *) heptad_rows_get_text (rows, 2),
    .actor = (char *) heptad_rows_get_text (rows, 3),
    .action = (char *) heptad_rows_get_text (rows, 4),
    .resource = (char *) heptad_rows_get_text (rows, 5),
    .outcome = (char *) heptad_rows_get_text (rows, 6),
    .detail = (char *) heptad_rows_get_text (rows, 7),
  };
  gint64 sequence = heptad_rows_get_int64 (rows, 0);
  gsize length = 0;
  guint8 hash[HASH_BYTES];
  const void *stored;

  hash_entry (&entry, sequence, tail->hash, hash);
  stored = heptad_rows_get_bytes (rows, 8, &length);
  if (sequence != tail->sequence + 1 || length != HASH_BYTES
      || memcmp (stored, hash, HASH_BYTES) != 0)
    return FALSE;
  tail->sequence = sequence;
  memcpy (tail->hash, hash, HASH_BYTES);
  return TRUE;
}

gboolean
heptad_audit_verify (HeptadAudit *audit, gint64 *n_records, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Tail tail = { 0 };
  g_autoptr (HeptadRows) rows = heptad_store_query (
      audit->store,
      "SELECT sequence, at, tenant_id, actor, action, resource, outcome, detail, hash"
      " FROM audit ORDER BY sequence",
      NULL, NULL, error);

  if (rows == NULL)
    return FALSE;
  while (heptad_rows_next (rows, &failure))
    if (!check_row (rows, &tail))
      {
        g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_CORRUPT,
                     "The audit log was changed at or before record %" G_GINT64_FORMAT
                     ": it does not follow from the one before; compare with a backup",
                     tail.sequence + 1);
        return FALSE;
      }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (n_records != NULL)
    *n_records = tail.sequence;
  return TRUE;
}
