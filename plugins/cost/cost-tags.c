/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cost-tags.h"

#include <string.h>

struct _CostTags {
  CostTexts *texts;
  GPtrArray *sets; /* (nullable elements) by the number of their JSON */
};

CostTags *
cost_tags_new (CostTexts *texts)
{
  CostTags *tags = g_new0 (CostTags, 1);

  tags->texts = texts;
  tags->sets = g_ptr_array_new_with_free_func (g_free);
  return tags;
}

void
cost_tags_free (CostTags *tags)
{
  if (tags == NULL)
    return;
  g_ptr_array_unref (tags->sets);
  g_free (tags);
}

void
cost_tags_clear (CostTags *tags)
{
  g_ptr_array_set_size (tags->sets, 0);
}

/* A number or a boolean is taken as it is written. */
static guint32
intern_value (CostTags *tags, const HeptadValue *value)
{
  HeptadValueType type = heptad_value_get_value_type (value);
  g_autofree char *written = NULL;
  gsize length = 0;
  const char *text = heptad_value_get_text (value, &length);

  if (text == NULL)
    {
      if (type == HEPTAD_VALUE_NULL || type == HEPTAD_VALUE_ARRAY || type == HEPTAD_VALUE_OBJECT)
        return COST_TEXT_ABSENT;
      text = written = heptad_value_print (value);
      length = strlen (written);
    }
  if (length > G_MAXUINT32 || memchr (text, '\0', length) != NULL)
    return COST_TEXT_ABSENT;
  return cost_texts_intern (tags->texts, (CostText){ (char *) text, (guint32) length });
}

static CostTagSet *
parse (CostTags *tags, CostText json)
{
  g_autoptr (HeptadValue) object = heptad_value_parse (json.data, json.length, NULL);
  CostTagSet *set;
  gsize size;

  if (object == NULL || heptad_value_get_value_type (object) != HEPTAD_VALUE_OBJECT)
    return NULL;
  size = heptad_value_get_size (object);
  set = g_malloc0 (sizeof *set + size * sizeof *set->tags);
  for (guint i = 0; i < size; i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (object, i, &name);
      CostTag tag = { .value = intern_value (tags, value) };

      if (tag.value == COST_TEXT_ABSENT)
        continue;
      tag.key =
          cost_texts_intern (tags->texts, (CostText){ (char *) name, (guint32) strlen (name) });
      set->tags[set->n_tags++] = tag;
    }
  return set;
}

CostText
cost_tags_keep (CostTags *tags, CostText json)
{
  return cost_texts_get (tags->texts, cost_texts_intern (tags->texts, json));
}

const CostTagSet *
cost_tags_read (CostTags *tags, CostText json)
{
  guint32 number = cost_texts_intern (tags->texts, json);
  CostTagSet *set;

  if (number < tags->sets->len && tags->sets->pdata[number] != NULL)
    return tags->sets->pdata[number];
  set = parse (tags, json);
  if (set == NULL)
    return NULL;
  if (number >= tags->sets->len)
    g_ptr_array_set_size (tags->sets, (int) number + 1);
  tags->sets->pdata[number] = set;
  return set;
}
