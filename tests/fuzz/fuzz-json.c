/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sdk/heptad-value.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
visit (const HeptadValue *value)
{
  const char *name;
  gint64 number;
  HeptadDecimal decimal;

  heptad_value_try_int64 (value, &number);
  heptad_value_try_decimal (value, &decimal);
  heptad_value_get_double (value);
  for (guint i = 0; i < heptad_value_get_size (value); i++)
    if (heptad_value_get_item (value, i) != NULL)
      visit (heptad_value_get_item (value, i));
    else
      {
        visit (heptad_value_get_member_at (value, i, &name));
        heptad_value_get_member (value, name);
      }
}

/* What is accepted can be printed, and reads back as the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadValue) value = heptad_value_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (HeptadValue) again = NULL;
  g_autofree char *text = NULL;

  g_assert_true ((value == NULL) == (error != NULL));
  if (value == NULL)
    return 0;
  visit (value);
  text = heptad_value_print (value);
  again = heptad_value_parse (text, -1, NULL);
  g_assert_nonnull (again);
  g_assert_true (heptad_value_equal (value, again));
  return 0;
}
