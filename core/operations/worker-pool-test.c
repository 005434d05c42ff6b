/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/serial-slot.h"
#include "core/operations/worker-pool.h"
#include "sdk/backend/heptad-tenant-backend.h"

#define N_WORK 2000

typedef struct {
  HeptadWork work; /* first: the pool hands it back */
  GMutex *gate;
  gint *n_run;
} Work;

static void
run_behind_gate (HeptadWork *work)
{
  Work *self = (Work *) work;

  g_mutex_lock (self->gate);
  g_mutex_unlock (self->gate);
  g_atomic_int_inc (self->n_run);
}

static void
test_all_runs_before_free_returns (void)
{
  g_autofree Work *works = g_new0 (Work, N_WORK);
  HeptadWorkerPool *pool = heptad_worker_pool_new ("test", 4, N_WORK);
  GMutex gate;
  gint n_run = 0;

  g_mutex_init (&gate);
  for (guint i = 0; i < N_WORK; i++)
    {
      works[i] = (Work){ { NULL, run_behind_gate }, &gate, &n_run };
      g_assert_true (heptad_worker_pool_push (pool, &works[i].work));
    }
  heptad_worker_pool_free (pool);
  g_assert_cmpint (n_run, ==, N_WORK);
  g_mutex_clear (&gate);
}

static void
test_full_queue_refuses_at_once (void)
{
  Work works[4] = { 0 };
  HeptadWorkerPool *pool = heptad_worker_pool_new ("test", 1, 2);
  GMutex gate;
  gint n_run = 0;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    works[i] = (Work){ { NULL, run_behind_gate }, &gate, &n_run };
  g_assert_true (heptad_worker_pool_push (pool, &works[0].work));
  while (heptad_worker_pool_get_queued (pool) > 0)
    g_usleep (100);
  g_assert_true (heptad_worker_pool_push (pool, &works[1].work));
  g_assert_true (heptad_worker_pool_push (pool, &works[2].work));
  g_assert_false (heptad_worker_pool_push (pool, &works[3].work));
  /* What was admitted before is not refused a second time. */
  heptad_worker_pool_push_admitted (pool, &works[3].work);
  g_assert_cmpuint (heptad_worker_pool_get_queued (pool), ==, 3);
  g_mutex_unlock (&gate);
  heptad_worker_pool_free (pool);
  g_assert_cmpint (n_run, ==, 4);
  g_mutex_clear (&gate);
}

/* Work that enters in turn, notes when it was its turn, and leaves. */
typedef struct {
  HeptadWork work;
  HeptadSerialSlot *slot;
  char name;
} Turn;

static char turns[8];
static gint n_turns; /* atomic */

static void
take_turn (HeptadWork *work)
{
  Turn *turn = (Turn *) work;

  turns[n_turns] = turn->name;
  g_atomic_int_inc (&n_turns);
  heptad_serial_slot_leave (turn->slot);
}

static void
test_slot_lets_one_in_and_keeps_order (void)
{
  static const HeptadTenantBackend backend;
  g_autoptr (HeptadTenant) tenant = heptad_tenant_new (&backend, "acme", NULL);
  HeptadSerialSlot *slot = heptad_serial_slot_get (tenant);
  HeptadWorkerPool *pool = heptad_worker_pool_new ("test", 4, 16);
  Turn first = { { .run = take_turn }, slot, 'a' };
  Turn second = { { .run = take_turn }, slot, 'b' };
  Turn third = { { .run = take_turn }, slot, 'c' };
  gboolean waiting = TRUE;

  g_assert_true (heptad_serial_slot_get (tenant) == slot);
  g_assert_true (heptad_serial_slot_enter_or_wait (slot, &first.work, pool, 2, &waiting));
  g_assert_false (waiting);
  g_assert_false (heptad_serial_slot_try_enter (slot));
  g_assert_true (heptad_serial_slot_enter_or_wait (slot, &second.work, pool, 1, &waiting));
  g_assert_true (waiting);
  g_assert_false (heptad_serial_slot_enter_or_wait (slot, &third.work, pool, 1, &waiting));
  g_assert_true (heptad_serial_slot_enter_or_wait (slot, &third.work, pool, 2, &waiting));
  take_turn (&first.work);
  while (g_atomic_int_get (&n_turns) < 3)
    g_usleep (100);
  heptad_worker_pool_free (pool);
  g_assert_cmpstr (turns, ==, "abc");
  g_assert_true (heptad_serial_slot_try_enter (slot));
}

static void
test_slots_of_two_tenants_are_apart (void)
{
  static const HeptadTenantBackend backend;
  g_autoptr (HeptadTenant) one = heptad_tenant_new (&backend, "one", NULL);
  g_autoptr (HeptadTenant) other = heptad_tenant_new (&backend, "other", NULL);

  g_assert_true (heptad_serial_slot_try_enter (heptad_serial_slot_get (one)));
  g_assert_true (heptad_serial_slot_try_enter (heptad_serial_slot_get (other)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker-pool/all-that-is-queued-runs-before-the-pool-ends",
                   test_all_runs_before_free_returns);
  g_test_add_func ("/worker-pool/a-full-queue-refuses-at-once", test_full_queue_refuses_at_once);
  g_test_add_func ("/serial-slot/one-is-let-in-and-the-rest-wait-in-order",
                   test_slot_lets_one_in_and_keeps_order);
  g_test_add_func ("/serial-slot/tenants-do-not-wait-for-each-other",
                   test_slots_of_two_tenants_are_apart);
  return g_test_run ();
}
