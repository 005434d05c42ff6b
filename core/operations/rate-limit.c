/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/rate-limit.h"

gboolean
heptad_rate_cell_take (HeptadRateCell *cell,
                       const HeptadRateLimit *limit,
                       gint64 now_us,
                       gint64 *retry_after_us)
{
  gint64 interval_us, tolerance_us, empty_at_us, next_us;

  if (limit->per_second == 0)
    return TRUE;

  interval_us = MAX (1, G_USEC_PER_SEC / limit->per_second);
  tolerance_us = interval_us * MAX (1, limit->burst);
  empty_at_us = __atomic_load_n (&cell->empty_at_us, __ATOMIC_RELAXED);
  do
    {
      next_us = MAX (empty_at_us, now_us) + interval_us;
      if (next_us - now_us > tolerance_us)
        {
          *retry_after_us = next_us - now_us - tolerance_us;
          return FALSE;
        }
    }
  while (!__atomic_compare_exchange_n (&cell->empty_at_us, &empty_at_us, next_us, TRUE,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return TRUE;
}
