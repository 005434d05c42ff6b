/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/listening-fixture.h"

#include "core/identity/token.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char topic[] = "cost.item.added";

static void
serve_websocket (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  heptad_websocket_door_serve (exchange, principal, ((ListeningFixture *) data)->websocket);
}

static void
serve_stream (HeptadHttpExchange *exchange, HeptadPrincipal *principal, gpointer data)
{
  heptad_events_stream_door_serve (exchange, principal, ((ListeningFixture *) data)->stream);
}

static const HeptadRestPage pages[] = {
  { "/ws", "cost:read", serve_websocket },
  { "/events", "cost:read", serve_stream },
  { NULL },
};

static void
open_doors (ListeningFixture *fixture, const HeptadAudienceLimits *limits)
{
  static const HeptadRateLimit no_limit = { 0 };
  HeptadWebsocketConfig websocket;
  HeptadEventsStreamConfig stream;

  fixture->rest = heptad_rest_fixture_new_with_pages (1, &no_limit, pages, fixture);
  heptad_websocket_config_init (&websocket);
  heptad_events_stream_config_init (&stream);
  websocket.rest = stream.rest = fixture->rest->door;
  websocket.events = stream.events = fixture->hub;
  stream.heartbeat_ms = 500;
  if (limits != NULL)
    websocket.audience = stream.audience = *limits;
  fixture->websocket = heptad_websocket_door_new (&websocket);
  fixture->stream = heptad_events_stream_door_new (&stream);
  fixture->port = (guint16) atoi (strrchr (fixture->rest->address, ':') + 1);
}

ListeningFixture *
listening_fixture_new (const HeptadAudienceLimits *limits)
{
  ListeningFixture *fixture = g_new0 (ListeningFixture, 1);
  g_autoptr (GError) error = NULL;

  fixture->stores = store_fixture_new ("CREATE TABLE item (id BIGINT PRIMARY KEY);", NULL);
  fixture->hub = heptad_event_hub_new (fixture->stores->hub);
  heptad_event_hub_declare_topic (fixture->hub, "cost", topic, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->store = heptad_store_hub_open (fixture->stores->hub, "default", "cost",
                                          fixture->stores->migrations_dir, &error);
  g_assert_no_error (error);
  open_doors (fixture, limits);
  return fixture;
}

void
listening_fixture_free (ListeningFixture *fixture)
{
  g_clear_pointer (&fixture->rest->server, heptad_http_server_free);
  heptad_websocket_door_free (fixture->websocket);
  heptad_events_stream_door_free (fixture->stream);
  heptad_rest_fixture_free (fixture->rest);
  heptad_event_hub_free (fixture->hub);
  g_object_unref (fixture->store);
  store_fixture_free (fixture->stores);
  g_free (fixture);
}

typedef struct {
  guint number;
  gsize padding;
} Item;

static gboolean
write_item (HeptadTransaction *transaction, gpointer data, GError **error)
{
  const Item *item = data;
  g_autofree char *padding = g_strnfill (item->padding, 'x');
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autoptr (HeptadValue) value = NULL;

  heptad_builder_set_int64 (builder, "n", item->number);
  heptad_builder_set_string (builder, "padding", padding);
  value = heptad_builder_end (builder);
  return heptad_transaction_publish (transaction, topic, "key", value, error);
}

void
listening_fixture_publish (ListeningFixture *fixture, guint from, guint to, gsize padding)
{
  for (guint number = from; number <= to; number++)
    {
      Item item = { number, padding };
      g_autoptr (GError) error = NULL;

      heptad_store_write (fixture->store, write_item, &item, NULL, &error);
      g_assert_no_error (error);
    }
}

void
listening_fixture_revoke (ListeningFixture *fixture, const char *key)
{
  HeptadTokenDigest digest;

  g_assert_true (heptad_token_digest (key, strlen (key), &digest));
  heptad_credentials_remove (fixture->rest->credentials, &digest);
}

int
listening_fixture_dial (ListeningFixture *fixture, int receive_buffer)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (fixture->port) };
  struct timeval timeout = { .tv_sec = 10 };

  g_assert_cmpint (fd, >=, 0);
  if (receive_buffer > 0)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
send_all (int fd, const void *data, gsize length)
{
  for (gsize sent = 0; sent < length;)
    {
      gssize n = send (fd, (const char *) data + sent, length - sent, MSG_NOSIGNAL);

      g_assert_cmpint (n, >, 0);
      sent += (gsize) n;
    }
}

void
listening_send_get (int fd, const char *target, const char *key, const char *headers)
{
  g_autofree char *bearer =
      key != NULL ? g_strdup_printf ("Authorization: Bearer %s\r\n", key) : g_strdup ("");
  g_autofree char *text =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: a\r\n%s%s\r\n", target, bearer, headers);

  send_all (fd, text, strlen (text));
}

char *
listening_read_until (int fd, const char *end)
{
  GString *text = g_string_new (NULL);

  while (!g_str_has_suffix (text->str, end))
    {
      char byte;
      gssize n = recv (fd, &byte, 1, 0);

      g_assert_cmpint (n, >=, 0);
      if (n == 0)
        break;
      g_string_append_c (text, byte);
    }
  return g_string_free (text, FALSE);
}

int
listening_fixture_open_websocket (ListeningFixture *fixture, const char *key, int buffer)
{
  int fd = listening_fixture_dial (fixture, buffer);
  g_autofree char *answer = NULL;

  listening_send_get (fd, "/ws", key,
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  answer = listening_read_until (fd, "\r\n\r\n");
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 101 "));
  return fd;
}

/* The mask is all zero bytes, which a client may choose as well as any. */
void
listening_send_frame (int fd, guint8 opcode, const void *data, gsize length)
{
  guint8 head[14] = { (guint8) (0x80 | opcode) };
  gsize head_length = 2;

  if (length < 126)
    head[1] = (guint8) (0x80 | length);
  else if (length < 65536)
    {
      guint16 medium = htobe16 ((guint16) length);

      head[1] = 0x80 | 126;
      memcpy (head + 2, &medium, sizeof medium);
      head_length = 4;
    }
  else
    {
      guint64 big = htobe64 (length);

      head[1] = 0x80 | 127;
      memcpy (head + 2, &big, sizeof big);
      head_length = 10;
    }
  send_all (fd, head, head_length + 4);
  send_all (fd, data, length);
}

void
listening_send_text (int fd, const char *text)
{
  listening_send_frame (fd, 1, text, strlen (text));
}

static gboolean
receive_all (int fd, void *data, gsize length)
{
  for (gsize got = 0; got < length;)
    {
      gssize n = recv (fd, (char *) data + got, length - got, 0);

      if (n <= 0)
        return FALSE;
      got += (gsize) n;
    }
  return TRUE;
}

static gboolean
receive_frame (int fd, guint8 *opcode, GByteArray *payload)
{
  guint8 head[2];
  guint8 extended[8] = { 0 };
  guint64 length;

  if (!receive_all (fd, head, 2))
    return FALSE;
  *opcode = head[0] & 15;
  length = head[1];
  if (length >= 126)
    {
      gsize n = length == 126 ? 2 : 8;

      g_assert_true (receive_all (fd, extended + 8 - n, n));
      memcpy (&length, extended, 8);
      length = be64toh (length);
    }
  g_byte_array_set_size (payload, (guint) length);
  return receive_all (fd, payload->data, length);
}

HeptadValue *
listening_receive (int fd, guint *close_code)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  guint8 opcode = 0;

  while (receive_frame (fd, &opcode, payload))
    {
      if (opcode == 8)
        {
          *close_code = payload->len >= 2 ? payload->data[0] * 256u + payload->data[1] : 1005;
          listening_send_frame (fd, 8, payload->data, MIN (payload->len, 2));
          return NULL;
        }
      if (opcode == 1)
        {
          g_autoptr (GError) error = NULL;
          HeptadValue *value =
              heptad_value_parse ((const char *) payload->data, payload->len, &error);

          g_assert_no_error (error);
          return value;
        }
    }
  *close_code = 1006;
  return NULL;
}

HeptadValue *
listening_expect (int fd, const char *type)
{
  guint close_code = 0;
  HeptadValue *message = listening_receive (fd, &close_code);

  g_assert_cmpuint (close_code, ==, 0);
  if (g_strcmp0 (heptad_value_get_member_string (message, "type"), type) != 0)
    g_error ("Expected '%s', got %s", type, heptad_value_print (message));
  return message;
}

void
listening_expect_close (int fd, guint code)
{
  guint close_code = 0;
  HeptadValue *message;

  while ((message = listening_receive (fd, &close_code)) != NULL)
    heptad_value_unref (message);
  g_assert_cmpuint (close_code, ==, code);
  close (fd);
}

gint64
listening_get_number (const HeptadValue *message)
{
  return heptad_value_get_int64 (heptad_value_lookup_pointer (message, "/event/data/n"));
}
