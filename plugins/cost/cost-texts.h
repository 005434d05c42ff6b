/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-csv.h"

/**
 * CostTexts:
 *
 * Keeps one copy of each text and gives it a number, since a bill says the same few things over and
 * over. Numbers are small and hold until the texts are cleared. One thread at a time.
 */
typedef struct _CostTexts CostTexts;

#define COST_TEXT_ABSENT 0

CostTexts *cost_texts_new (void);
void cost_texts_free (CostTexts *texts);

/**
 * cost_texts_intern:
 *
 * Returns: the text's number; %COST_TEXT_ABSENT for an absent text
 */
guint32 cost_texts_intern (CostTexts *texts, CostText text);

/**
 * cost_texts_get:
 *
 * Returns: (transfer none): the text, NUL-terminated as well, until the texts are cleared
 */
CostText cost_texts_get (CostTexts *texts, guint32 number);

/**
 * cost_texts_get_size:
 *
 * Returns: bytes held
 */
gsize cost_texts_get_size (CostTexts *texts);
void cost_texts_clear (CostTexts *texts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostTexts, cost_texts_free)
