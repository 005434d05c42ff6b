/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/yaml-private.h"

struct _HeptadYamlLines {
  GHashTable *by_pointer;
};

HeptadYamlLines *
heptad_yaml_lines_new (void)
{
  HeptadYamlLines *self = g_new (HeptadYamlLines, 1);

  self->by_pointer = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
heptad_yaml_lines_free (HeptadYamlLines *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_pointer);
  g_free (self);
}

void
heptad_yaml_lines_add (HeptadYamlLines *self, const char *pointer, guint line)
{
  g_hash_table_insert (self->by_pointer, g_strdup (pointer), GUINT_TO_POINTER (line));
}

guint
heptad_yaml_lines_find (const HeptadYamlLines *self, const char *pointer)
{
  g_autofree char *place = NULL;

  g_return_val_if_fail (self != NULL && pointer != NULL, 1);

  place = g_strdup (pointer);
  for (;;)
    {
      gpointer line = g_hash_table_lookup (self->by_pointer, place);
      char *slash = strrchr (place, '/');

      if (line != NULL)
        return GPOINTER_TO_UINT (line);
      if (slash == NULL)
        return 1;
      *slash = '\0';
    }
}
