/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cost-texts.h"

#include <heptad.h>

/**
 * CostTag:
 *
 * One tag, as numbers of the texts.
 */
typedef struct {
  guint32 key;
  guint32 value;
} CostTag;

/**
 * CostTagSet:
 *
 * The tags of a line.
 */
typedef struct {
  guint n_tags;
  CostTag tags[];
} CostTagSet;

/**
 * CostTags:
 *
 * Reads tags; JSON that was read before is known again and not parsed twice. One thread at a time.
 */
typedef struct _CostTags CostTags;

/* @texts is borrowed. */
CostTags *cost_tags_new (CostTexts *texts);
void cost_tags_free (CostTags *tags);

/**
 * cost_tags_read:
 * @json: an object; members that are neither text, number nor boolean are left out
 *
 * Returns: (transfer none) (nullable): the tags until they are cleared; %NULL when @json is no JSON
 * object
 */
const CostTagSet *cost_tags_read (CostTags *tags, CostText json);

/**
 * cost_tags_keep:
 *
 * Returns: (transfer none): a copy of @json that lives as long as the texts
 */
CostText cost_tags_keep (CostTags *tags, CostText json);

/* Forgets all sets; the texts are cleared by whoever owns them. */
void cost_tags_clear (CostTags *tags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CostTags, cost_tags_free)
