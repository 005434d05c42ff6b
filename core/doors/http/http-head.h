/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A request head as the framing guard understood it: one growing text whose parts are
 * NUL-terminated in place, so that looking a header up allocates nothing. Used by one thread at a
 * time while it is written; read-only, and so free for any thread, once the head is complete. */

typedef struct {
  guint32 name;
  guint32 value;
} HeptadHttpHeader;

typedef struct {
  char *text;
  gsize length;
  gsize allocated;
  HeptadHttpHeader *headers;
  guint n_headers;
  guint32 method;
  guint32 path;
  guint32 query; /* 0: the target has none */
  guint32 host;  /* 0: no Host header */
  guint minor_version;
  gint64 content_length; /* -1: not stated */
  gboolean chunked;
  gboolean keep_alive;
  gboolean expects_continue;
  gboolean upgrades_to_websocket;
} HeptadHttpHead;

HeptadHttpHead *heptad_http_head_new (void);
void heptad_http_head_free (HeptadHttpHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadHttpHead, heptad_http_head_free)

/**
 * heptad_http_head_append:
 * @limit: the most bytes the whole head may have
 *
 * Adds received bytes to the text.
 *
 * Returns: %FALSE, with nothing added, when the head would pass @limit
 */
gboolean
heptad_http_head_append (HeptadHttpHead *head, const guint8 *data, gsize length, gsize limit);

/**
 * heptad_http_head_add_header:
 *
 * Notes a header whose name and value stand, NUL-terminated, at these offsets of the text.
 */
void heptad_http_head_add_header (HeptadHttpHead *head, gsize name, gsize value);

/**
 * heptad_http_head_get:
 * @name: a header's name, in any case
 *
 * Returns: (nullable): the value of the first header of that name, without surrounding space
 */
const char *heptad_http_head_get (const HeptadHttpHead *head, const char *name);

/**
 * heptad_http_head_has_token:
 * @name: a list-valued header's name
 * @token: what to look for, in any case
 *
 * Returns: whether one of the headers of that name lists @token
 */
gboolean
heptad_http_head_has_token (const HeptadHttpHead *head, const char *name, const char *token);

/**
 * heptad_http_head_string:
 *
 * Returns: the text at an offset
 */
static inline const char *
heptad_http_head_string (const HeptadHttpHead *head, guint32 offset)
{
  return head->text + offset;
}

G_END_DECLS
