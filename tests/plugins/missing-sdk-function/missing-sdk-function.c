/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

extern void heptad_store_predict_future (void);

static gpointer
start (HeptadHost *host, GError **error)
{
  heptad_store_predict_future ();
  return host;
}

HEPTAD_DEFINE_PLUGIN (.id = "missing-sdk-function",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
