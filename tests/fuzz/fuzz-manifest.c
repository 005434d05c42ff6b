/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/manifest.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A manifest that is accepted has what the host goes on to use, and every refusal names its file.
 */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadManifest) manifest =
      heptad_manifest_parse ((const char *) data, size, "plugin.yaml", "/nonexistent", &error);

  g_assert_true ((manifest == NULL) == (error != NULL));
  if (manifest == NULL)
    {
      g_assert_nonnull (strstr (error->message, "plugin.yaml"));
      return 0;
    }
  g_assert_nonnull (manifest->id);
  g_assert_nonnull (manifest->name);
  g_assert_nonnull (manifest->version);
  g_assert_nonnull (manifest->sdk);
  g_assert_nonnull (manifest->asks);
  for (guint i = 0; i < manifest->permissions->len; i++)
    g_assert_true (heptad_manifest_defines_permission (
        manifest, g_array_index (manifest->permissions, HeptadManifestPermission, i).id));
  return 0;
}
