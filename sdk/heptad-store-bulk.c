/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "backend/heptad-store-backend.h"

static inline void
add (HeptadBulk *bulk, HeptadSqlParameter value)
{
  bulk->backend->add (bulk, &value);
}

void
heptad_bulk_add_null (HeptadBulk *bulk)
{
  add (bulk, heptad_sql_null ());
}

void
heptad_bulk_add_text (HeptadBulk *bulk, const char *text, gssize length)
{
  add (bulk, length < 0 ? heptad_sql_text (text) : heptad_sql_text_len (text, (gsize) length));
}

void
heptad_bulk_add_int64 (HeptadBulk *bulk, gint64 number)
{
  add (bulk, heptad_sql_int64 (number));
}

void
heptad_bulk_add_double (HeptadBulk *bulk, double number)
{
  add (bulk, heptad_sql_double (number));
}

void
heptad_bulk_add_decimal (HeptadBulk *bulk, HeptadDecimal decimal)
{
  add (bulk, heptad_sql_decimal (decimal));
}

void
heptad_bulk_add_time (HeptadBulk *bulk, gint64 time_us)
{
  add (bulk, heptad_sql_time (time_us));
}

void
heptad_bulk_add_bytes (HeptadBulk *bulk, const void *data, gsize length)
{
  add (bulk, heptad_sql_bytes (data, length));
}

gboolean
heptad_bulk_end_row (HeptadBulk *bulk, GError **error)
{
  return bulk->backend->end_row (bulk, error);
}

void
heptad_bulk_free (HeptadBulk *bulk)
{
  if (bulk != NULL)
    bulk->backend->free (bulk);
}
