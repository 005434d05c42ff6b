/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../sample-plugin.h"

SAMPLE_OPERATIONS ("ping");

static HeptadValue *
run_tidy (HeptadJob *job, gpointer plugin, GError **error)
{
  return NULL;
}

static const HeptadJobEntry jobs[] = { HEPTAD_JOB_KIND ("tidy", run_tidy), { NULL, NULL } };

HEPTAD_DEFINE_PLUGIN (.id = "bad-cron", .version = "1.0.0", .operations = operations, .jobs = jobs)
