/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

/**
 * DemoBillShape:
 * @n_days: how many days from 2024-11-01
 * @n_accounts: how many accounts spend
 * @n_resources: lines of each service of an account a day
 *
 * How large the bill is.
 */
typedef struct {
  guint n_days;
  guint n_accounts;
  guint n_resources;
} DemoBillShape;

#define DEMO_BILL_TWO_YEARS ((DemoBillShape){ .n_days = 730, .n_accounts = 5, .n_resources = 1 })

/**
 * demo_bill_write:
 *
 * Writes a made-up FOCUS 1.0 bill: a line for each day, account and service, with growth, quiet
 * weekends, fees at the end of each month and a few anomalies. Whole numbers only, so that it is
 * the same on every machine and at all times.
 *
 * Returns: lines written, without the header
 */
guint64 demo_bill_write (DemoBillShape shape, FILE *out);
