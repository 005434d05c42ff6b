/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/rate-limit.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)

static guint
take_many (HeptadRateCell *cell, const HeptadRateLimit *limit, gint64 now_us, guint n_tries)
{
  gint64 retry_after_us;
  guint taken = 0;

  for (guint i = 0; i < n_tries; i++)
    taken += heptad_rate_cell_take (cell, limit, now_us, &retry_after_us);
  return taken;
}

static void
test_burst_then_rate (void)
{
  const HeptadRateLimit limit = { 10, 25 };
  HeptadRateCell cell = { 0 };
  gint64 now_us = 1000 * SECOND_US;

  g_assert_cmpuint (take_many (&cell, &limit, now_us, 100), ==, 25);
  g_assert_cmpuint (take_many (&cell, &limit, now_us + SECOND_US, 100), ==, 10);
  /* A long rest gives the burst back, and no more. */
  g_assert_cmpuint (take_many (&cell, &limit, now_us + 3600 * SECOND_US, 100), ==, 25);
}

static void
test_told_wait_is_enough (void)
{
  const HeptadRateLimit limit = { 3, 1 };
  HeptadRateCell cell = { 0 };
  gint64 now_us = 77 * SECOND_US, retry_after_us = -1;

  g_assert_true (heptad_rate_cell_take (&cell, &limit, now_us, &retry_after_us));
  g_assert_cmpint (retry_after_us, ==, -1);
  g_assert_false (heptad_rate_cell_take (&cell, &limit, now_us + 5, &retry_after_us));
  g_assert_cmpint (retry_after_us, >, 0);
  g_assert_false (
      heptad_rate_cell_take (&cell, &limit, now_us + 5 + retry_after_us - 1, &(gint64){ 0 }));
  g_assert_true (
      heptad_rate_cell_take (&cell, &limit, now_us + 5 + retry_after_us, &(gint64){ 0 }));
}

static void
test_no_limit (void)
{
  const HeptadRateLimit limit = { 0, 0 };
  HeptadRateCell cell = { 0 };

  g_assert_cmpuint (take_many (&cell, &limit, 1, 10000), ==, 10000);
}

static void
test_refused_calls_cost_nothing (void)
{
  const HeptadRateLimit limit = { 10, 1 };
  HeptadRateCell cell = { 0 };

  take_many (&cell, &limit, 5 * SECOND_US, 100000);
  g_assert_cmpuint (take_many (&cell, &limit, 5 * SECOND_US + SECOND_US / 10, 2), ==, 1);
}

typedef struct {
  HeptadRateCell cell;
  HeptadRateLimit limit;
} Shared;

static gpointer
take_in_thread (gpointer data)
{
  Shared *shared = data;

  return GUINT_TO_POINTER (take_many (&shared->cell, &shared->limit, 9 * SECOND_US, 20000));
}

static void
test_threads_share_one_allowance (void)
{
  Shared shared = { { 0 }, { 1, 5000 } };
  GThread *threads[4];
  guint taken = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("take", take_in_thread, &shared);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    taken += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (taken, ==, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate-limit/a-burst-passes-and-then-the-rate", test_burst_then_rate);
  g_test_add_func ("/rate-limit/the-wait-that-is-told-is-enough", test_told_wait_is_enough);
  g_test_add_func ("/rate-limit/zero-is-no-limit", test_no_limit);
  g_test_add_func ("/rate-limit/refused-calls-cost-no-allowance", test_refused_calls_cost_nothing);
  g_test_add_func ("/rate-limit/threads-share-one-allowance", test_threads_share_one_allowance);
  return g_test_run ();
}
