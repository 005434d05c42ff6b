/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sqlite3.h>

#include "sdk/heptad-decimal.h"

/* Gives a connection the dialect's functions: exact decimals, times. */
void sqlite_functions_register (sqlite3 *db);

/* The exact sum() and avg(), in sqlite-aggregates.c. */
void sqlite_aggregates_register (sqlite3 *db);

/* The decimal in @value: text or an integer or a double; FALSE for what is no number. */
gboolean sqlite_value_get_decimal (sqlite3_value *value, HeptadDecimal *out);
void sqlite_result_decimal (sqlite3_context *context, HeptadDecimal decimal);

/* Fails the statement as %HEPTAD_ERROR_INVALID_INPUT. */
void sqlite_result_invalid (sqlite3_context *context, const char *message);
