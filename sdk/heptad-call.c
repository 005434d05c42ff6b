/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-call-backend.h"

struct _HeptadCall {
  GObject parent;
  HeptadCallContext context;
  gint answered; /* atomic */
  guint status;
  char *etag;
  char *next_cursor;
};

G_DEFINE_FINAL_TYPE (HeptadCall, heptad_call, G_TYPE_OBJECT)

static gboolean
claim_answer (HeptadCall *self)
{
  if (g_atomic_int_compare_and_exchange (&self->answered, FALSE, TRUE))
    return TRUE;
  g_critical ("A call was answered twice; the second answer is dropped");
  return FALSE;
}

static void
answer_dropped_call (HeptadCall *self)
{
  g_autoptr (GError) error = g_error_new_literal (HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                                                  "The plugin dropped the call without an answer");
  HeptadCallAnswer answer = { .error = error };

  self->answered = TRUE;
  self->context.backend->answer (self, &answer);
}

static void
heptad_call_dispose (GObject *object)
{
  HeptadCall *self = HEPTAD_CALL (object);

  if (!self->answered)
    answer_dropped_call (self);
  self->context.backend->ending (self);
  G_OBJECT_CLASS (heptad_call_parent_class)->dispose (object);
}

static void
heptad_call_finalize (GObject *object)
{
  HeptadCall *self = HEPTAD_CALL (object);

  self->context.backend->finalize (self);
  g_clear_pointer (&self->context.input, heptad_value_unref);
  g_free (self->etag);
  g_free (self->next_cursor);
  G_OBJECT_CLASS (heptad_call_parent_class)->finalize (object);
}

static void
heptad_call_class_init (HeptadCallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = heptad_call_dispose;
  object_class->finalize = heptad_call_finalize;
}

static void
heptad_call_init (HeptadCall *self)
{
}

HeptadCall *
heptad_call_new (const HeptadCallContext *context)
{
  HeptadCall *self = g_object_new (HEPTAD_TYPE_CALL, NULL);

  self->context = *context;
  return self;
}

gpointer
heptad_call_get_backend_data (HeptadCall *self)
{
  return self->context.data;
}

gboolean
heptad_call_is_answered (HeptadCall *self)
{
  return g_atomic_int_get (&self->answered);
}

const HeptadValue *
heptad_call_get_value (HeptadCall *self, const char *name)
{
  const HeptadValue *value = heptad_value_get_member (self->context.input, name);

  if (value == NULL)
    value = heptad_value_get_member (self->context.body, name);
  return value;
}

const char *
heptad_call_get_string (HeptadCall *self, const char *name)
{
  return heptad_value_get_string (heptad_call_get_value (self, name));
}

gint64
heptad_call_get_int64 (HeptadCall *self, const char *name)
{
  return heptad_value_get_int64 (heptad_call_get_value (self, name));
}

gboolean
heptad_call_get_boolean (HeptadCall *self, const char *name)
{
  return heptad_value_get_boolean (heptad_call_get_value (self, name));
}

gboolean
heptad_call_has (HeptadCall *self, const char *name)
{
  return heptad_call_get_value (self, name) != NULL;
}

const HeptadValue *
heptad_call_get_input (HeptadCall *self)
{
  return self->context.input;
}

const HeptadValue *
heptad_call_get_body (HeptadCall *self)
{
  return self->context.body;
}

GInputStream *
heptad_call_get_body_stream (HeptadCall *self)
{
  return self->context.backend->get_body_stream (self);
}

const char *
heptad_call_get_content_type (HeptadCall *self)
{
  return self->context.content_type;
}

HeptadTenant *
heptad_call_get_tenant (HeptadCall *self)
{
  return self->context.tenant;
}

HeptadStore *
heptad_call_get_store (HeptadCall *self)
{
  return heptad_tenant_get_store (self->context.tenant);
}

const char *
heptad_call_get_principal (HeptadCall *self)
{
  return self->context.principal;
}

gboolean
heptad_call_is_allowed (HeptadCall *self, const char *permission, const char *resource)
{
  return self->context.backend->is_allowed (self, permission, resource);
}

GCancellable *
heptad_call_get_cancellable (HeptadCall *self)
{
  return self->context.backend->get_cancellable (self);
}

gint64
heptad_call_get_deadline_us (HeptadCall *self)
{
  return self->context.deadline_us;
}

void
heptad_call_set_status (HeptadCall *self, guint status)
{
  self->status = status;
}

void
heptad_call_set_etag (HeptadCall *self, const char *etag)
{
  g_free (self->etag);
  self->etag = g_strdup (etag);
}

void
heptad_call_set_next_cursor (HeptadCall *self, const char *cursor)
{
  g_free (self->next_cursor);
  self->next_cursor = g_strdup (cursor);
}

void
heptad_call_return (HeptadCall *self, HeptadValue *result)
{
  g_autoptr (HeptadValue) value = result;
  HeptadCallAnswer answer = {
    .status = self->status, .value = value, .etag = self->etag, .next_cursor = self->next_cursor
  };

  if (claim_answer (self))
    self->context.backend->answer (self, &answer);
}

void
heptad_call_return_job (HeptadCall *self, const char *job_id)
{
  HeptadCallAnswer answer = { .status = self->status, .job_id = job_id };

  if (claim_answer (self))
    self->context.backend->answer (self, &answer);
}

GOutputStream *
heptad_call_return_stream (HeptadCall *self, const char *content_type)
{
  if (!claim_answer (self))
    return NULL;
  return self->context.backend->answer_stream (self, self->status, content_type);
}

void
heptad_call_take_error (HeptadCall *self, GError *error)
{
  g_autoptr (GError) owned = error;
  HeptadCallAnswer answer = { .error = owned };

  if (claim_answer (self))
    self->context.backend->answer (self, &answer);
}

void
heptad_call_return_error (HeptadCall *self, HeptadError code, const char *format, ...)
{
  GError *error;
  va_list arguments;

  va_start (arguments, format);
  error = g_error_new_valist (HEPTAD_ERROR, code, format, arguments);
  va_end (arguments);
  heptad_call_take_error (self, error);
}
