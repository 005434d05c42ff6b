/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streamed responses. libsoup 3.2 ends a chunked body from another thread, so these are written
 * here: head and chunks go straight out while libsoup's message is paused, and at the end libsoup
 * writes a response that nobody hears. */
#include "core/doors/http/http-connection.h"

#include <string.h>

static gboolean
has_body (HeptadHttpExchange *exchange)
{
  return exchange->status != 204 && exchange->status != 304
         && strcmp (heptad_http_exchange_get_method (exchange), "HEAD") != 0;
}

static gboolean
is_chunked (HeptadHttpExchange *exchange)
{
  return exchange->head->minor_version == 1 && exchange->status != 204 && exchange->status != 304;
}

static void
append_headers (GString *text, HeptadHttpExchange *exchange)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  g_string_append_printf (text, "Date: %s\r\n", date);
  for (guint i = 0; exchange->headers != NULL && i < exchange->headers->len; i++)
    {
      HeptadHttpResponseHeader *header =
          &g_array_index (exchange->headers, HeptadHttpResponseHeader, i);

      g_string_append_printf (text, "%s: %s\r\n", header->name, header->value);
    }
  if (exchange->content_type != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\n", exchange->content_type);
}

void
heptad_http_stream_engine_begin (HeptadHttpConnection *connection)
{
  HeptadHttpExchange *exchange = connection->exchange;
  g_autoptr (GString) text = g_string_new (NULL);

  connection->closes |= exchange->head->minor_version == 0 && exchange->streamed;
  g_string_append_printf (text, "HTTP/1.%u %u %s\r\n", exchange->head->minor_version,
                          exchange->status, soup_status_get_phrase (exchange->status));
  append_headers (text, exchange);
  if (is_chunked (exchange))
    g_string_append (text, "Transfer-Encoding: chunked\r\n");
  if (connection->closes)
    g_string_append (text, "Connection: close\r\n");
  g_string_append (text, "\r\n");
  heptad_http_connection_queue (connection, text->str, text->len);
  if (!exchange->streamed)
    heptad_http_stream_engine_end (connection);
}

void
heptad_http_stream_engine_send (HeptadHttpConnection *connection, GBytes *bytes)
{
  HeptadHttpExchange *exchange = connection->exchange;
  gboolean chunked = is_chunked (exchange);
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  char size[24];

  if (connection->cut || connection->muted || !has_body (exchange))
    {
      heptad_http_exchange_note_sent (exchange, length);
      return;
    }
  if (chunked)
    heptad_http_connection_queue (connection, size,
                                  (gsize) g_snprintf (size, sizeof size, "%zx\r\n", length));
  heptad_http_connection_queue (connection, data, length);
  connection->stream_unsent += length;
  if (chunked)
    heptad_http_connection_queue (connection, "\r\n", 2);
}

void
heptad_http_stream_engine_end (HeptadHttpConnection *connection)
{
  static const char last_chunk[] = "0\r\n\r\n";
  HeptadHttpExchange *exchange = connection->exchange;

  if (connection->cut || connection->muted)
    return;
  if (is_chunked (exchange) && has_body (exchange))
    heptad_http_connection_queue (connection, last_chunk, sizeof last_chunk - 1);
  connection->muted = TRUE;
  heptad_http_soup_engine_let_finish (connection);
}
