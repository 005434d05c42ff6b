/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-head.h"

#include <string.h>

#define FIRST_ALLOCATION 512
#define HEADERS_STEP     16

HeptadHttpHead *
heptad_http_head_new (void)
{
  HeptadHttpHead *head = g_new0 (HeptadHttpHead, 1);

  head->content_length = -1;
  return head;
}

void
heptad_http_head_free (HeptadHttpHead *head)
{
  g_free (head->text);
  g_free (head->headers);
  g_free (head);
}

gboolean
heptad_http_head_append (HeptadHttpHead *head, const guint8 *data, gsize length, gsize limit)
{
  if (length > limit || head->length > limit - length)
    return FALSE;

  if (head->length + length > head->allocated)
    {
      head->allocated = MAX (FIRST_ALLOCATION, (head->length + length) * 2);
      head->text = g_realloc (head->text, head->allocated);
    }
  memcpy (head->text + head->length, data, length);
  head->length += length;
  return TRUE;
}

void
heptad_http_head_add_header (HeptadHttpHead *head, gsize name, gsize value)
{
  if (head->n_headers % HEADERS_STEP == 0)
    head->headers = g_renew (HeptadHttpHeader, head->headers, head->n_headers + HEADERS_STEP);
  head->headers[head->n_headers].name = (guint32) name;
  head->headers[head->n_headers].value = (guint32) value;
  head->n_headers++;
}

static gboolean
has_name (const HeptadHttpHead *head, guint index, const char *name)
{
  const char *own = head->text + head->headers[index].name;

  return g_ascii_tolower (*own) == g_ascii_tolower (*name) && g_ascii_strcasecmp (own, name) == 0;
}

const char *
heptad_http_head_get (const HeptadHttpHead *head, const char *name)
{
  for (guint i = 0; i < head->n_headers; i++)
    if (has_name (head, i, name))
      return head->text + head->headers[i].value;
  return NULL;
}

static gboolean
lists_token (const char *list, const char *token)
{
  gsize token_length = strlen (token);

  while (*list != '\0')
    {
      gsize length;

      list += strspn (list, " \t,");
      length = strcspn (list, " \t,");
      if (length == token_length && g_ascii_strncasecmp (list, token, length) == 0)
        return TRUE;
      list += length;
    }
  return FALSE;
}

gboolean
heptad_http_head_has_token (const HeptadHttpHead *head, const char *name, const char *token)
{
  for (guint i = 0; i < head->n_headers; i++)
    if (has_name (head, i, name) && lists_token (head->text + head->headers[i].value, token))
      return TRUE;
  return FALSE;
}
