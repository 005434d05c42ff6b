/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long an event takes from its publication to the last of many WebSocket subscribers. Prints
 * the percentiles over some rounds. Arguments: subscribers (1000), rounds (50). */
#include "core/doors/events-stream/listening-fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TARGET_MS 50.0

typedef struct {
  ListeningFixture *fixture;
  int epoll;
  guint n_clients;
  int *fds;
} Bench;

static void
connect_clients (Bench *bench)
{
  bench->epoll = epoll_create1 (EPOLL_CLOEXEC);
  bench->fds = g_new (int, bench->n_clients);
  for (guint i = 0; i < bench->n_clients; i++)
    {
      int fd = listening_fixture_open_websocket (bench->fixture, bench->fixture->rest->key, 0);
      struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

      listening_send_text (fd, "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"cost.*\"]}");
      heptad_value_unref (listening_expect (fd, "subscribed"));
      epoll_ctl (bench->epoll, EPOLL_CTL_ADD, fd, &event);
      bench->fds[i] = fd;
    }
}

/* One event for each client: a read takes the whole of it, since it is far smaller than a segment.
 */
static void
receive_everywhere (Bench *bench)
{
  struct epoll_event events[256];
  char buffer[4096];

  for (guint n_received = 0; n_received < bench->n_clients;)
    {
      int n_ready = epoll_wait (bench->epoll, events, G_N_ELEMENTS (events), 10000);

      if (n_ready <= 0)
        g_error ("%u of %u clients received the event", n_received, bench->n_clients);
      for (int i = 0; i < n_ready; i++)
        if (recv (events[i].data.fd, buffer, sizeof buffer, 0) > 0)
          n_received++;
    }
}

static int
compare (const void *a, const void *b)
{
  gint64 difference = *(const gint64 *) a - *(const gint64 *) b;

  return (difference > 0) - (difference < 0);
}

static double
measure (Bench *bench, guint n_rounds)
{
  g_autofree gint64 *times_us = g_new (gint64, n_rounds);
  double p99_ms;

  for (guint i = 0; i < n_rounds; i++)
    {
      gint64 begun_us = g_get_monotonic_time ();

      listening_fixture_publish (bench->fixture, i, i, 100);
      receive_everywhere (bench);
      times_us[i] = g_get_monotonic_time () - begun_us;
    }
  qsort (times_us, n_rounds, sizeof *times_us, compare);
  p99_ms = (double) times_us[n_rounds * 99 / 100] / 1000;
  g_print ("%u subscribers, %u events, publish (with its commit) to last receipt: p50 %.1f ms, "
           "p99 %.1f ms, worst %.1f ms; target p99 <= %.0f ms: %s\n",
           bench->n_clients, n_rounds, (double) times_us[n_rounds / 2] / 1000, p99_ms,
           (double) times_us[n_rounds - 1] / 1000, TARGET_MS,
           p99_ms <= TARGET_MS ? "met" : "MISSED");
  return p99_ms;
}

int
main (int argc, char **argv)
{
  HeptadAudienceLimits limits = HEPTAD_AUDIENCE_LIMITS;
  Bench bench = { .n_clients = argc > 1 ? (guint) atoi (argv[1]) : 1000 };
  guint n_rounds = argc > 2 ? (guint) atoi (argv[2]) : 50;
  double p99_ms;

  limits.max_per_principal = bench.n_clients;
  bench.fixture = listening_fixture_new (&limits);
  connect_clients (&bench);
  p99_ms = measure (&bench, n_rounds);
  for (guint i = 0; i < bench.n_clients; i++)
    close (bench.fds[i]);
  g_free (bench.fds);
  close (bench.epoll);
  listening_fixture_free (bench.fixture);
  return p99_ms <= TARGET_MS ? EXIT_SUCCESS : EXIT_FAILURE;
}
