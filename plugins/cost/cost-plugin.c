/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-bills.h"
#include "cost-ingest.h"
#include "cost-query.h"

static const HeptadOperationEntry operations[] = {
  HEPTAD_OPERATION ("ingestBill", cost_on_ingest_bill),
  HEPTAD_OPERATION ("listBills", cost_on_list_bills),
  HEPTAD_OPERATION ("getBill", cost_on_get_bill),
  HEPTAD_OPERATION ("listRejectedLines", cost_on_list_rejected_lines),
  HEPTAD_OPERATION ("getCosts", cost_on_get_costs),
  { NULL },
};

static const HeptadJobEntry jobs[] = {
  HEPTAD_JOB_KIND ("ingest", cost_run_ingest),
  { NULL },
};

HEPTAD_DEFINE_PLUGIN (.id = "cost", .version = "0.1.0", .operations = operations, .jobs = jobs)
