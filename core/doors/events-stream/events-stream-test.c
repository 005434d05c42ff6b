/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/listening-fixture.h"

#include <string.h>
#include <unistd.h>

static int
open_stream (ListeningFixture *fixture, const char *target, const char *key, const char *headers)
{
  int fd = listening_fixture_dial (fixture, 0);
  g_autofree char *head = NULL;

  listening_send_get (fd, target, key, headers);
  head = listening_read_until (fd, "\r\n\r\n");
  g_assert_true (g_str_has_prefix (head, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (head, "Content-Type: text/event-stream"));
  return fd;
}

/* (transfer full): the `id:` of the next piece that holds @part */
static char *
expect (int fd, const char *part)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *piece = listening_read_until (fd, "\n\n");
      const char *id = strstr (piece, "id: ");

      g_assert_cmpstr (piece, !=, "");
      if (strstr (piece, part) != NULL)
        return id != NULL ? g_strndup (id + 4, strcspn (id + 4, "\n")) : g_strdup ("");
    }
  g_assert_not_reached ();
}

static void
expect_numbers (int fd, guint from, guint to, char **cursor)
{
  for (guint number = from; number <= to; number++)
    {
      g_autofree char *part = g_strdup_printf ("\"data\":{\"n\":%u,", number);
      g_autofree char *piece = NULL;

      do
        {
          g_free (piece);
          piece = listening_read_until (fd, "\n\n");
          g_assert_cmpstr (piece, !=, "");
        }
      while (strstr (piece, "data: ") == NULL);
      g_assert_nonnull (strstr (piece, part));
      g_free (*cursor);
      *cursor = g_strndup (strstr (piece, "id: ") + 4, strcspn (strstr (piece, "id: ") + 4, "\n"));
    }
}

static void
test_resume (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = open_stream (fixture, "/events?topics=cost.*,cost.other", fixture->rest->key, "");
  g_autofree char *begun = expect (fd, "retry: ");
  g_autofree char *cursor = NULL;
  g_autofree char *header = NULL;
  g_autofree char *target = NULL;

  listening_fixture_publish (fixture, 1, 20, 10);
  expect_numbers (fd, 1, 12, &cursor);
  close (fd);
  listening_fixture_publish (fixture, 21, 25, 10);

  header = g_strdup_printf ("Last-Event-ID: %s\r\n", cursor);
  target = g_strdup_printf ("/events?topics=cost.item.added&cursor=%s", begun);
  fd = open_stream (fixture, target, fixture->rest->key, header);
  expect_numbers (fd, 13, 25, &cursor);
  close (fd);
  fd = open_stream (fixture, target, fixture->rest->key, "");
  expect_numbers (fd, 1, 25, &cursor);
  close (fd);
}

static void
test_heartbeat (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = open_stream (fixture, "/events?topics=cost.*", fixture->rest->key, "");

  g_free (expect (fd, ": still here"));
  close (fd);
}

static void
test_refusals (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  g_autofree char *key = heptad_rest_fixture_add_key (fixture->rest, "key/cost", "cost:read", NULL);
  const struct {
    const char *target;
    const char *key;
    const char *status;
  } cases[] = {
    { "/events?topics=cost.*", NULL, "401" },
    { "/events?topics=cost.*", fixture->rest->limited_key, "403" },
    { "/events?topics=drift.*", key, "403" },
    { "/events", key, "422" },
    { "/events?topics=", key, "422" },
    { "/events?topics=a.b&topics=c.d", key, "422" },
    { "/events?topic=a.b", key, "422" },
    { "/events?topics=%ff", key, "422" },
    { "/events?topics=cost.*&cursor=1.2", key, "422" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int fd = listening_fixture_dial (fixture, 0);
      g_autofree char *answer = NULL;
      g_autofree char *status = NULL;

      listening_send_get (fd, cases[i].target, cases[i].key, "");
      answer = listening_read_until (fd, "\r\n\r\n");
      status = g_strndup (answer + 9, 3);
      g_assert_cmpstr (status, ==, cases[i].status);
      close (fd);
    }
}

static void
test_ends (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  g_autofree char *key = heptad_rest_fixture_add_key (fixture->rest, "key/cost", "cost:read", NULL);
  int revoked = open_stream (fixture, "/events?topics=cost.*", key, "");
  int drained = open_stream (fixture, "/events?topics=cost.*", fixture->rest->key, "");
  g_autofree char *last = NULL;

  listening_fixture_revoke (fixture, key);
  g_free (expect (revoked, "\"code\":\"unauthenticated\""));
  last = listening_read_until (revoked, "0\r\n\r\n");
  g_assert_true (g_str_has_suffix (last, "0\r\n\r\n"));
  heptad_events_stream_door_drain (fixture->stream);
  g_free (expect (drained, "event: going-away"));
  g_free (g_steal_pointer (&last));
  last = listening_read_until (drained, "0\r\n\r\n");
  g_assert_true (g_str_has_suffix (last, "0\r\n\r\n"));
  close (revoked);
  close (drained);
}

static void
test_slow_client (void)
{
  const HeptadAudienceLimits limits = { .max_per_principal = 8,
                                        .max_queued_bytes = 128 * 1024,
                                        .slow_ms = 700 };
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (&limits);
  int fd = listening_fixture_dial (fixture, 4096);
  HeptadAudienceStats stats;

  listening_send_get (fd, "/events?topics=cost.*", fixture->rest->key, "");
  g_free (expect (fd, "retry: "));
  listening_fixture_publish (fixture, 1, 400, 50000);
  for (guint i = 0; i < 500; i++)
    {
      heptad_events_stream_door_get_stats (fixture->stream, &stats);
      if (stats.slow > 0)
        break;
      g_usleep (10000);
    }
  g_assert_cmpuint (stats.slow, ==, 1);
  g_assert_cmpuint (stats.events, <, 200);
  g_free (expect (fd, "event: going-away"));
  close (fd);
}

static void
test_gone (void)
{
  g_autoptr (ListeningFixture) fixture = listening_fixture_new (NULL);
  int fd = open_stream (fixture, "/events?topics=cost.*", fixture->rest->key, "");
  HeptadAudienceStats stats = { .open = 1 };

  close (fd);
  for (guint i = 0; i < 300 && stats.open > 0; i++)
    {
      g_usleep (10000);
      heptad_events_stream_door_get_stats (fixture->stream, &stats);
    }
  g_assert_cmpuint (stats.open, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/a-stream-goes-on-after-the-last-id", test_resume);
  g_test_add_func ("/events/a-silent-stream-beats", test_heartbeat);
  g_test_add_func ("/events/who-may-not-or-asks-wrongly-is-refused", test_refusals);
  g_test_add_func ("/events/a-stream-ends-with-a-reason", test_ends);
  g_test_add_func ("/events/a-slow-client-is-cut-off-with-bounded-memory", test_slow_client);
  g_test_add_func ("/events/a-client-that-leaves-is-forgotten", test_gone);
  return g_test_run ();
}
