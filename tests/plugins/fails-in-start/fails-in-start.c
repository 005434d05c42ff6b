/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static gpointer
start (HeptadHost *host, GError **error)
{
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_UNAVAILABLE,
                       "the price list is not there");
  return NULL;
}

HEPTAD_DEFINE_PLUGIN (.id = "fails-in-start",
                      .version = "1.0.0",
                      .operations = operations,
                      .start = start)
