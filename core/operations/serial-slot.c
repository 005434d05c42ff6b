/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/serial-slot.h"

struct _HeptadSerialSlot {
  GMutex mutex;
  gboolean taken;
  HeptadWork *first;
  HeptadWork *last;
  HeptadWorkerPool *pool; /* where those who wait go on */
  guint n_waiting;
};

static void
slot_free (gpointer data)
{
  HeptadSerialSlot *slot = data;

  g_mutex_clear (&slot->mutex);
  g_free (slot);
}

static HeptadSerialSlot *
slot_new (void)
{
  HeptadSerialSlot *slot = g_new0 (HeptadSerialSlot, 1);

  g_mutex_init (&slot->mutex);
  return slot;
}

HeptadSerialSlot *
heptad_serial_slot_get (HeptadTenant *tenant)
{
  static GQuark quark;
  HeptadSerialSlot *slot, *fresh;

  if (quark == 0)
    quark = g_quark_from_static_string ("heptad-serial-slot");
  slot = g_object_get_qdata (G_OBJECT (tenant), quark);
  if (slot != NULL)
    return slot;

  fresh = slot_new ();
  if (g_object_replace_qdata (G_OBJECT (tenant), quark, NULL, fresh, slot_free, NULL))
    return fresh;
  slot_free (fresh);
  return g_object_get_qdata (G_OBJECT (tenant), quark);
}

gboolean
heptad_serial_slot_try_enter (HeptadSerialSlot *slot)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&slot->mutex);

  if (slot->taken)
    return FALSE;
  slot->taken = TRUE;
  return TRUE;
}

gboolean
heptad_serial_slot_enter_or_wait (HeptadSerialSlot *slot,
                                  HeptadWork *work,
                                  HeptadWorkerPool *pool,
                                  guint max_waiting,
                                  gboolean *waiting)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&slot->mutex);

  *waiting = slot->taken;
  if (!slot->taken)
    {
      slot->taken = TRUE;
      return TRUE;
    }
  if (slot->n_waiting >= max_waiting)
    return FALSE;
  work->next = NULL;
  slot->pool = pool;
  if (slot->last != NULL)
    slot->last->next = work;
  else
    slot->first = work;
  slot->last = work;
  slot->n_waiting++;
  return TRUE;
}

static HeptadWork *
take_next (HeptadSerialSlot *slot)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&slot->mutex);
  HeptadWork *work = slot->first;

  if (work == NULL)
    {
      slot->taken = FALSE;
      return NULL;
    }
  slot->first = work->next;
  if (slot->first == NULL)
    slot->last = NULL;
  slot->n_waiting--;
  return work;
}

void
heptad_serial_slot_leave (HeptadSerialSlot *slot)
{
  HeptadWork *next = take_next (slot);

  if (next != NULL)
    heptad_worker_pool_push_admitted (slot->pool, next);
}
