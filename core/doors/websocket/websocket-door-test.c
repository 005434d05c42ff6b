/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/listening-fixture.h"

#include <string.h>
#include <unistd.h>

#define SUBSCRIBE "{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"cost.*\"]}"

static const char *
get_problem_code (const HeptadValue *message)
{
  return heptad_value_get_string (heptad_value_lookup_pointer (message, "/problem/code"));
}

static char *
expect_events (int fd, gint64 from, gint64 to)
{
  char *cursor = NULL;

  for (gint64 number = from; number <= to; number++)
    {
      g_autoptr (HeptadValue) message = listening_expect (fd, "event");

      g_assert_cmpint (listening_get_number (message), ==, number);
      g_free (cursor);
      cursor = g_strdup (heptad_value_get_member_string (message, "cursor"));
    }
  return cursor;
}

static void
expect_subscribed (int fd)
{
  g_autoptr (HeptadValue) message = listening_expect (fd, "subscribed");

  g_assert_nonnull (heptad_value_get_member_string (message, "cursor"));
}

static void
resubscribe (int fd, const char *cursor)
{
  g_autofree char *text = g_strdup_printf (
      "{\"type\":\"subscribe\",\"id\":7,\"topics\":[\"cost.item.added\"],\"cursor\":\"%s\"}",
      cursor);

  listening_send_text (fd, text);
  expect_subscribed (fd);
}

static void
test_resume (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  g_autofree char *cursor = NULL;
  g_autofree char *last = NULL;
  g_autoptr (HeptadValue) event = NULL;

  listening_send_text (fd, SUBSCRIBE);
  expect_subscribed (fd);
  listening_fixture_publish (fixture, 1, 20, 10);
  cursor = expect_events (fd, 1, 13);
  close (fd);

  listening_fixture_publish (fixture, 21, 30, 10);
  fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  resubscribe (fd, cursor);
  listening_fixture_publish (fixture, 31, 200, 10);
  last = expect_events (fd, 14, 199);
  event = listening_expect (fd, "event");
  g_assert_cmpint (heptad_value_get_member_int64 (event, "id"), ==, 7);
  g_assert_cmpstr (
      heptad_value_get_string (heptad_value_lookup_pointer (event, "/event/specversion")), ==,
      "1.0");
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (event, "/event/type")), ==,
                   "cost.item.added");
  g_assert_cmpstr (heptad_value_get_string (heptad_value_lookup_pointer (event, "/event/source")),
                   ==, "/tenants/default/plugins/cost");
  close (fd);
}

static void
test_unsubscribe (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  g_autoptr (HeptadValue) ack = NULL;
  g_autoptr (HeptadValue) pong = NULL;
  g_autoptr (HeptadValue) error = NULL;

  listening_send_text (fd, SUBSCRIBE);
  expect_subscribed (fd);
  listening_send_text (fd, "{\"type\":\"unsubscribe\",\"id\":\"s\"}");
  ack = listening_expect (fd, "ack");
  listening_fixture_publish (fixture, 1, 5, 10);
  listening_send_text (fd, "{\"type\":\"ping\",\"id\":\"p\"}");
  pong = listening_expect (fd, "pong");
  g_assert_cmpstr (heptad_value_get_member_string (pong, "id"), ==, "p");
  listening_send_text (fd, "{\"type\":\"unsubscribe\",\"id\":\"s\"}");
  error = listening_expect (fd, "error");
  g_assert_cmpstr (get_problem_code (error), ==, "not-found");
  close (fd);
}

static void
test_calls (void)
{
  static const struct {
    const char *call;
    const char *type;
    const char *pointer;
    const char *expected;
  } cases[] = {
    { "\"operation\":\"test.ping\"", "result", "/value/text", "pong" },
    { "\"operation\":\"test.ping\",\"input\":{\"text\":\"é\"}", "result", "/value/text", "é" },
    { "\"operation\":\"test.pooled\",\"input\":{\"text\":\"x\"}", "result", "/value/text", "x" },
    { "\"operation\":\"test.makeThing\",\"input\":{\"name\":\"n\"}", "result", "/value/name", "n" },
    { "\"operation\":\"test.job\"", "result", "/job/id", "test.1" },
    { "\"operation\":\"test.account\",\"input\":{\"accountId\":\"7\",\"depth\":2}", "result",
      "/nextCursor", "a b" },
    { "\"operation\":\"test.account\",\"input\":{\"accountId\":\"7\",\"depth\":0}", "error",
      "/problem/code", "invalid-input" },
    { "\"operation\":\"test.makeThing\",\"input\":{\"colour\":\"n\"}", "error",
      "/problem/errors/0/in", "body" },
    { "\"operation\":\"test.ping\",\"input\":[1]", "error", "/problem/code", "invalid-input" },
    { "\"operation\":\"test.nothing\"", "error", "/problem/code", "not-found" },
    { "\"operation\":7", "error", "/problem/code", "invalid-input" },
    { "\"operation\":\"test.echo\"", "error", "/problem/code", "unsupported" },
    { "\"operation\":\"test.slow\"", "error", "/problem/code", "deadline" },
    { "\"operation\":\"test.dropped\"", "error", "/problem/source", "plugin" },
  };
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"type\":\"call\",\"id\":%u,%s}", i, cases[i].call);
      g_autoptr (HeptadValue) answer = NULL;

      listening_send_text (fd, text);
      answer = listening_expect (fd, cases[i].type);
      g_assert_cmpint (heptad_value_get_member_int64 (answer, "id"), ==, i);
      g_assert_cmpstr (
          heptad_value_get_string (heptad_value_lookup_pointer (answer, cases[i].pointer)), ==,
          cases[i].expected);
    }
  close (fd);
}

static void
test_concurrent_calls (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  guint n_busy = 0;

  for (guint i = 0; i < 12; i++)
    listening_send_text (fd, "{\"type\":\"call\",\"id\":1,\"operation\":\"test.slow\"}");
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (HeptadValue) answer = listening_expect (fd, "error");

      n_busy += strcmp (get_problem_code (answer), "busy") == 0;
    }
  g_assert_cmpuint (n_busy, ==, 4);

  /* Calls in flight end with their connection. */
  for (guint i = 0; i < 4; i++)
    listening_send_text (fd, "{\"type\":\"call\",\"id\":1,\"operation\":\"test.slow\"}");
  close (fd);
}

static void
test_bad_messages (void)
{
  static const struct {
    const char *text;
    const char *code;
  } cases[] = {
    { "", "malformed" },
    { "{", "malformed" },
    { "{\"type\":\"ping\",\"type\":\"ping\"}", "malformed" },
    { "\"\\ud800\"", "malformed" },
    { "7", "invalid-input" },
    { "[]", "invalid-input" },
    { "{\"type\":\"shout\",\"id\":1}", "invalid-input" },
    { "{\"type\":\"call\"}", "invalid-input" },
    { "{\"type\":\"call\",\"id\":1.5}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":\"\",\"topics\":[\"cost.*\"]}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":{},\"topics\":[\"cost.*\"]}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1,\"topics\":[]}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1,\"topics\":[7]}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"co*\"]}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"cost.*\"],\"cursor\":7}", "invalid-input" },
    { "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"cost.*\"],\"cursor\":\"1.2.x\"}",
      "invalid-input" },
  };
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeptadValue) answer = NULL;

      listening_send_text (fd, cases[i].text);
      answer = listening_expect (fd, "error");
      g_assert_cmpstr (get_problem_code (answer), ==, cases[i].code);
    }
  for (guint i = 0; i < 16; i++)
    listening_send_text (fd, "no");
  listening_expect_close (fd, 4400);
}

static void
test_frames (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *deep = g_strnfill (1000, '[');
  g_autoptr (HeptadValue) answer = NULL;
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);

  listening_send_frame (fd, 2, "{}", 2);
  listening_expect_close (fd, 1003);
  fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  listening_send_text (fd, large);
  listening_expect_close (fd, 1009);
  fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  listening_send_frame (fd, 1, "\"\xff\"", 3);
  listening_expect_close (fd, 1007);
  fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  listening_send_text (fd, deep);
  answer = listening_expect (fd, "error");
  g_assert_cmpstr (get_problem_code (answer), ==, "too-large");
  close (fd);
}

static void
test_rate (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);

  for (guint i = 0; i < 500; i++)
    listening_send_text (fd, "{\"type\":\"ping\"}");
  listening_expect_close (fd, 4429);
}

static void
test_permissions (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  g_autofree char *key = heptad_rest_fixture_add_key (fixture->rest, "key/cost", "cost:read", NULL);
  int fd = listening_fixture_open_websocket (fixture, key, 0);
  g_autoptr (HeptadValue) others = NULL;
  g_autoptr (HeptadValue) all = NULL;

  listening_send_text (fd, SUBSCRIBE);
  expect_subscribed (fd);
  listening_send_text (fd, "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"drift.found\"]}");
  others = listening_expect (fd, "error");
  g_assert_cmpstr (get_problem_code (others), ==, "denied");
  listening_send_text (fd, "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"*\"]}");
  all = listening_expect (fd, "error");
  g_assert_cmpstr (get_problem_code (all), ==, "denied");

  listening_fixture_revoke (fixture, key);
  listening_expect_close (fd, 4401);
}

static void
expect_refusal (ListeningFixture *fixture, const char *key, const char *headers, const char *status)
{
  int fd = listening_fixture_dial (fixture, 0);
  g_autofree char *answer = NULL;
  g_autofree char *found = NULL;

  listening_send_get (fd, "/ws", key, headers);
  answer = listening_read_until (fd, "\r\n\r\n");
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));
  found = g_strndup (answer + strlen ("HTTP/1.1 "), 3);
  g_assert_cmpstr (found, ==, status);
  close (fd);
}

#define UPGRADE                                                                                    \
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"                     \
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static void
test_refusals (void)
{
  HeptadAudienceLimits limits = HEPTAD_AUDIENCE_LIMITS;
  g_autoptr (ListeningFixture) fixture = NULL;
  g_autofree char *session = NULL;
  int fds[2];

  limits.max_per_principal = 2;
  fixture = listening_fixture_new (&limits);
  session = g_strdup_printf (
      UPGRADE "Cookie: heptad_session=%s\r\nOrigin: https://evil.example\r\n", fixture->rest->key);
  expect_refusal (fixture, NULL, UPGRADE, "401");
  expect_refusal (fixture, fixture->rest->limited_key, UPGRADE, "403");
  expect_refusal (fixture, fixture->rest->key, "", "426");
  expect_refusal (fixture, NULL, session, "403");
  expect_refusal (fixture, fixture->rest->key, UPGRADE "Sec-WebSocket-Protocol: other\r\n", "400");
  for (guint i = 0; i < 2; i++)
    fds[i] = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  expect_refusal (fixture, fixture->rest->key, UPGRADE, "429");
  close (fds[0]);
  close (fds[1]);
}

/* The socket's buffers and the budget hold far less than what is published. */
static void
test_slow_client (void)
{
  const HeptadAudienceLimits limits = { .max_per_principal = 8,
                                        .max_queued_bytes = 128 * 1024,
                                        .slow_ms = 700 };
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (&limits);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 4096);
  g_autofree char *cursor = NULL;
  guint close_code = 0;
  gint64 number = 0;
  HeptadValue *message;
  HeptadAudienceStats stats;

  listening_send_text (fd, SUBSCRIBE);
  expect_subscribed (fd);
  listening_fixture_publish (fixture, 1, 400, 50000);
  for (guint i = 0; i < 500; i++)
    {
      heptad_websocket_door_get_stats (fixture->websocket, &stats);
      if (stats.slow > 0)
        break;
      g_usleep (10000);
    }
  g_assert_cmpuint (stats.slow, ==, 1);
  g_assert_cmpuint (stats.events, <, 200);
  while ((message = listening_receive (fd, &close_code)) != NULL)
    {
      if (strcmp (heptad_value_get_member_string (message, "type"), "event") == 0)
        {
          g_assert_cmpint (listening_get_number (message), ==, ++number);
          g_free (cursor);
          cursor = g_strdup (heptad_value_get_member_string (message, "cursor"));
        }
      else
        {
          g_assert_cmpint (heptad_value_get_member_int64 (message, "code"), ==, 4408);
          g_assert_cmpstr (heptad_value_get_string (
                               heptad_value_lookup_pointer (message, "/subscriptions/0/cursor")),
                           ==, cursor);
        }
      heptad_value_unref (message);
    }
  g_assert_cmpuint (close_code, ==, 4408);
  close (fd);

  fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  resubscribe (fd, cursor);
  g_free (expect_events (fd, number + 1, 400));
  close (fd);
}

static void
test_flood_unread (void)
{
  const HeptadAudienceLimits limits = { .max_per_principal = 8,
                                        .max_queued_bytes = 16 * 1024,
                                        .slow_ms = 10000 };
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (&limits);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 4096);
  g_autofree char *name = g_strnfill (60000, 'x');
  g_autofree char *call = g_strdup_printf ("{\"type\":\"call\",\"id\":1,\"operation\":\"test."
                                           "account\",\"input\":{\"accountId\":\"%s\"}}",
                                           name);
  HeptadAudienceStats stats = { 0 };
  guint n_busy = 0;
  guint close_code = 0;
  HeptadValue *message;

  for (guint i = 0; i < 150; i++)
    listening_send_text (fd, call);
  g_usleep (200000);
  heptad_websocket_door_get_stats (fixture->websocket, &stats);
  listening_send_text (fd, "{\"type\":\"ping\",\"id\":\"end\"}");
  while ((message = listening_receive (fd, &close_code)) != NULL)
    {
      const char *type = heptad_value_get_member_string (message, "type");
      gboolean is_end = strcmp (type, "pong") == 0;

      n_busy += strcmp (type, "error") == 0;
      heptad_value_unref (message);
      if (is_end)
        break;
    }
  /* Either it was told to read its answers first, or cut for not reading them. */
  g_assert_true (n_busy > 0 || close_code == 4408 || close_code == 1006);
  close (fd);
}

static void
test_drain (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = listening_fixture_open_websocket (fixture, fixture->rest->key, 0);
  g_autofree char *cursor = NULL;
  g_autoptr (HeptadValue) going = NULL;

  listening_send_text (fd, SUBSCRIBE);
  expect_subscribed (fd);
  listening_fixture_publish (fixture, 1, 3, 10);
  cursor = expect_events (fd, 1, 3);
  heptad_websocket_door_drain (fixture->websocket);
  going = listening_expect (fd, "going-away");
  g_assert_cmpstr (
      heptad_value_get_string (heptad_value_lookup_pointer (going, "/subscriptions/0/cursor")), ==,
      cursor);
  listening_expect_close (fd, 1001);
  expect_refusal (fixture, fixture->rest->key, UPGRADE, "503");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ws/a-subscription-goes-on-without-gap-or-repetition", test_resume);
  g_test_add_func ("/ws/nothing-comes-after-unsubscribing", test_unsubscribe);
  g_test_add_func ("/ws/operations-are-called", test_calls);
  g_test_add_func ("/ws/calls-at-once-are-bounded", test_concurrent_calls);
  g_test_add_func ("/ws/a-bad-message-is-a-problem-and-many-close", test_bad_messages);
  g_test_add_func ("/ws/a-bad-frame-closes-with-its-code", test_frames);
  g_test_add_func ("/ws/too-many-messages-close", test_rate);
  g_test_add_func ("/ws/topics-need-permission-and-a-revoked-key-is-closed", test_permissions);
  g_test_add_func ("/ws/who-may-not-is-refused-before-the-upgrade", test_refusals);
  g_test_add_func ("/ws/a-slow-client-is-told-cut-off-and-misses-nothing", test_slow_client);
  g_test_add_func ("/ws/answers-that-nobody-reads-are-bounded", test_flood_unread);
  g_test_add_func ("/ws/draining-closes-with-1001", test_drain);
  return g_test_run ();
}
