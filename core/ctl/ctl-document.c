/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-document.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/ctl/ctl-error.h"

/* The copy's first line is the entity tag, the rest the document. */
static char *
make_path (const char *server_name)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, server_name, -1);
  g_autofree char *name = g_strdup_printf ("openapi-%.16s", digest);

  return g_build_filename (g_get_user_cache_dir (), "heptad", name, NULL);
}

static HeptadValue *
read_copy (const char *server_name, char **etag)
{
  g_autofree char *path = make_path (server_name);
  g_autofree char *text = NULL;
  gsize length;
  char *line_end;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  line_end = memchr (text, '\n', length);
  if (line_end == NULL)
    return NULL;
  if (etag != NULL)
    *etag = g_strndup (text, (gsize) (line_end - text));
  return heptad_value_parse (line_end + 1, (gssize) (length - (gsize) (line_end + 1 - text)), NULL);
}

/* A copy that cannot be kept costs a little time and nothing else. */
static void
keep_copy (const char *server_name, const char *etag, const HeptadValue *document)
{
  g_autofree char *path = make_path (server_name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GString) text = g_string_new (etag);

  g_string_append_c (text, '\n');
  heptad_value_print_to (document, text);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT,
                              0600, NULL);
}

HeptadValue *
ctl_document_load_copy (const char *server_name)
{
  return read_copy (server_name, NULL);
}

static HeptadValue *
take_new (SoupMessage *message, GInputStream *body, const char *server_name, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (HeptadValue) document = ctl_server_read_json (body, &failure);
  const char *etag =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "ETag");

  if (heptad_value_get_member (document, "paths") == NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_UPSTREAM,
                   "%s answers, but not as a Heptad host does: its /openapi.json is no declaration",
                   server_name);
      return NULL;
    }
  if (etag != NULL && strchr (etag, '\n') == NULL)
    keep_copy (server_name, etag, document);
  return g_steal_pointer (&document);
}

HeptadValue *
ctl_document_load (CtlServer *server, const char *server_name, GError **error)
{
  g_autofree char *etag = NULL;
  g_autoptr (HeptadValue) copy = read_copy (server_name, &etag);
  g_autoptr (CtlRequest) request = ctl_request_new_get ("/openapi.json");
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) body = NULL;

  if (copy != NULL)
    {
      g_ptr_array_add (request->headers, g_strdup ("If-None-Match"));
      g_ptr_array_add (request->headers, g_strdup (etag));
    }
  body = ctl_server_open (server, request, &message, error);
  if (body == NULL)
    return NULL;
  if (soup_message_get_status (message) == 304 && copy != NULL)
    return g_steal_pointer (&copy);
  if (soup_message_get_status (message) == 200)
    return take_new (message, body, server_name, error);
  g_propagate_error (error, ctl_server_read_problem (message, body));
  return NULL;
}
