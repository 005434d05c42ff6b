/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sdk/draft/heptad-blobs.h"

/**
 * heptad_blob_folder_open:
 * @data_dir: the host's
 * @tenant_id: as of a store
 * @plugin_id: as of a store
 *
 * The blobs of one plugin for one tenant, in `DATA_DIR/tenants/TENANT/PLUGIN.blobs/AB/ABCD…`.
 * Unfinished ones that a crash left are removed.
 *
 * Returns: (transfer full): the blobs; any thread
 */
HeptadBlobs *heptad_blob_folder_open (const char *data_dir,
                                      const char *tenant_id,
                                      const char *plugin_id,
                                      GError **error);
