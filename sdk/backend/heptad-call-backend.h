/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../heptad-call.h"

G_BEGIN_DECLS

/* Between libheptad and the host, not installed: what stands behind a HeptadCall. In the host
 * process it is the dispatcher; in a worker it is the socket to the host. */

typedef struct _HeptadCallBackend HeptadCallBackend;

/**
 * HeptadCallAnswer:
 *
 * What a handler answered; given once to #HeptadCallBackend.answer, which takes nothing it does not
 * copy.
 */
typedef struct {
  guint status;             /* 0: the first success status that the operation declares */
  const HeptadValue *value; /* (nullable) */
  const char *job_id;       /* (nullable) */
  const char *etag;         /* (nullable) */
  const char *next_cursor;  /* (nullable) */
  const GError *error;      /* (nullable) */
} HeptadCallAnswer;

struct _HeptadCallBackend {
  void (*answer) (HeptadCall *call, const HeptadCallAnswer *answer);
  GOutputStream *(*answer_stream) (HeptadCall *call, guint status, const char *content_type);
  GInputStream *(*get_body_stream) (HeptadCall *call);
  GCancellable *(*get_cancellable) (HeptadCall *call);
  gboolean (*is_allowed) (HeptadCall *call, const char *permission, const char *resource);
  void (*ending) (HeptadCall *call);   /* the last reference goes; may be called again */
  void (*finalize) (HeptadCall *call); /* frees @data */
};

/**
 * HeptadCallContext:
 *
 * What the host knows of a call before the handler runs. All borrowed for the life of the call,
 * that is until #HeptadCallBackend.finalize, but @input, which is taken.
 */
typedef struct {
  const HeptadCallBackend *backend;
  gpointer data;
  HeptadValue *input;      /* (transfer full) (nullable) parameters by name, defaults filled in */
  const HeptadValue *body; /* (nullable) a JSON body */
  const char *content_type;
  HeptadTenant *tenant;
  const char *principal;
  gint64 deadline_us;
} HeptadCallContext;

HEPTAD_API
HeptadCall *heptad_call_new (const HeptadCallContext *context);

/* (transfer none): the data given in the context */
HEPTAD_API
gpointer heptad_call_get_backend_data (HeptadCall *call);
HEPTAD_API
gboolean heptad_call_is_answered (HeptadCall *call);

G_END_DECLS
