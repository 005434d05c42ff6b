/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/yaml.h"

#include <string.h>
#include <yaml.h>

#include "core/operations/yaml-private.h"
#include "sdk/heptad-error.h"

#define MAX_TEXT   (4 * 1024 * 1024)
#define MAX_DEPTH  64
#define MAX_VALUES 100000

/* What an alias stands for. */
typedef struct {
  HeptadValue *value;
  guint n_values;
  guint height; /* levels of containers in it */
} Anchor;

typedef struct {
  yaml_parser_t parser;
  const char *file_name;
  GHashTable *anchors;    /* name → Anchor */
  HeptadYamlLines *lines; /* (nullable) */
  GString *pointer;       /* to the value that is read */
  guint n_values;
  guint depth;
  guint height; /* the deepest level met since it was last lowered */
} Reader;

/* Where a value goes: a member of an object when it has a name, else an item. */
typedef struct {
  HeptadBuilder *builder;
  const char *name;
} Target;

typedef yaml_event_t Event;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Event, yaml_event_delete)

static gboolean read_value (Reader *self, Event *event, Target target, GError **error);

static void
anchor_free (Anchor *anchor)
{
  heptad_value_unref (anchor->value);
  g_free (anchor);
}

static gboolean
fail (const Reader *self,
      const yaml_mark_t *mark,
      HeptadError code,
      const char *problem,
      GError **error)
{
  g_set_error (error, HEPTAD_ERROR, (int) code, "%s:%zu:%zu: %s", self->file_name, mark->line + 1,
               mark->column + 1, problem);
  return FALSE;
}

static gboolean
fail_in_parser (const Reader *self, GError **error)
{
  const char *problem = self->parser.problem != NULL ? self->parser.problem : "not YAML";
  const char *context = self->parser.context;
  const yaml_mark_t *mark = &self->parser.problem_mark;
  g_autofree char *sentence = NULL;

  /* An error of the reader has no mark of its own; the scanner is just behind it. */
  if (self->parser.error == YAML_READER_ERROR)
    mark = &self->parser.mark;
  sentence = context == NULL ? g_strdup (problem) : g_strdup_printf ("%s %s", problem, context);
  return fail (self, mark, HEPTAD_ERROR_MALFORMED, sentence, error);
}

static gboolean
next_event (Reader *self, Event *event, GError **error)
{
  return yaml_parser_parse (&self->parser, event) != 0 || fail_in_parser (self, error);
}

static void
put (Target target, const HeptadValue *value)
{
  if (target.name != NULL)
    heptad_builder_set_value (target.builder, target.name, value);
  else
    heptad_builder_add_value (target.builder, value);
}

static gboolean
count_values (Reader *self, const Event *event, guint n, GError **error)
{
  self->n_values += n;
  return self->n_values <= MAX_VALUES
         || fail (self, &event->start_mark, HEPTAD_ERROR_TOO_LARGE,
                  "there are more than 100,000 values, with every alias written out", error);
}

static gboolean
reach_depth (Reader *self, const Event *event, guint depth, GError **error)
{
  self->height = MAX (self->height, depth);
  return depth <= MAX_DEPTH
         || fail (self, &event->start_mark, HEPTAD_ERROR_TOO_LARGE,
                  "the text is nested more than 64 levels deep", error);
}

static HeptadValue *
read_scalar (Reader *self, const Event *event, GError **error)
{
  const char *text = (const char *) event->data.scalar.value;
  const char *problem = NULL;
  HeptadValue *value;

  value =
      heptad_yaml_resolve (text, event->data.scalar.length, (const char *) event->data.scalar.tag,
                           event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE, &problem);
  if (value == NULL)
    fail (self, &event->start_mark, HEPTAD_ERROR_MALFORMED, problem, error);
  return value;
}

static void
append_token (GString *pointer, const char *name)
{
  g_string_append_c (pointer, '/');
  for (; *name != '\0'; name++)
    if (*name == '~')
      g_string_append (pointer, "~0");
    else if (*name == '/')
      g_string_append (pointer, "~1");
    else
      g_string_append_c (pointer, *name);
}

static void
note_line (Reader *self, const Event *event)
{
  if (self->lines != NULL)
    heptad_yaml_lines_add (self->lines, self->pointer->str, (guint) event->start_mark.line + 1);
}

/* A name as it is written, whatever it would be as a value. */
static const char *
read_name (Reader *self, const Event *event, GHashTable *names, GError **error)
{
  const char *name = (const char *) event->data.scalar.value;
  const char *problem = NULL;

  if (event->type != YAML_SCALAR_EVENT)
    problem = "a name must be a scalar";
  else if (event->data.scalar.anchor != NULL)
    problem = "a name must not have an anchor";
  else if (strlen (name) != event->data.scalar.length)
    problem = "a name must not hold a NUL character";
  else if (strcmp (name, "<<") == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
    problem = "merge keys are not supported; write the members out";
  else if (!g_hash_table_add (names, g_strdup (name)))
    problem = "this name is in the mapping already";
  if (problem == NULL)
    return name;
  fail (self, &event->start_mark, HEPTAD_ERROR_MALFORMED, problem, error);
  return NULL;
}

static gboolean
read_members (Reader *self, HeptadBuilder *builder, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize parent = self->pointer->len;

  for (;;)
    {
      g_auto (Event) key = { 0 };
      g_auto (Event) event = { 0 };
      const char *name;

      if (!next_event (self, &key, error))
        return FALSE;
      if (key.type == YAML_MAPPING_END_EVENT)
        return TRUE;
      name = read_name (self, &key, names, error);
      if (name == NULL || !next_event (self, &event, error))
        return FALSE;
      append_token (self->pointer, name);
      note_line (self, &key);
      if (!read_value (self, &event, (Target){ builder, name }, error))
        return FALSE;
      g_string_truncate (self->pointer, parent);
    }
}

static gboolean
read_items (Reader *self, HeptadBuilder *builder, GError **error)
{
  gsize parent = self->pointer->len;

  for (guint i = 0;; i++)
    {
      g_auto (Event) event = { 0 };

      if (!next_event (self, &event, error))
        return FALSE;
      if (event.type == YAML_SEQUENCE_END_EVENT)
        return TRUE;
      g_string_append_printf (self->pointer, "/%u", i);
      note_line (self, &event);
      if (!read_value (self, &event, (Target){ builder, NULL }, error))
        return FALSE;
      g_string_truncate (self->pointer, parent);
    }
}

static gboolean
check_container_tag (const Reader *self, const Event *event, GError **error)
{
  gboolean is_mapping = event->type == YAML_MAPPING_START_EVENT;
  const char *tag =
      (const char *) (is_mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag);

  if (tag == NULL || strcmp (tag, is_mapping ? YAML_MAP_TAG : YAML_SEQ_TAG) == 0
      || strcmp (tag, "!") == 0)
    return TRUE;
  return fail (self, &event->start_mark, HEPTAD_ERROR_MALFORMED,
               "the tag is unknown; write the value without it", error);
}

/* What stands in the container that @event begins. */
static gboolean
read_content (Reader *self, const Event *event, HeptadBuilder *builder, GError **error)
{
  gboolean is_read;

  if (!check_container_tag (self, event, error)
      || !reach_depth (self, event, self->depth + 1, error))
    return FALSE;
  self->depth++;
  is_read = event->type == YAML_MAPPING_START_EVENT ? read_members (self, builder, error)
                                                    : read_items (self, builder, error);
  self->depth--;
  return is_read;
}

/* As a value of its own, for a root or an anchor. */
static HeptadValue *
read_separately (Reader *self, const Event *event, GError **error)
{
  g_autoptr (HeptadBuilder) builder = NULL;

  if (event->type == YAML_SCALAR_EVENT)
    return read_scalar (self, event, error);
  builder = event->type == YAML_MAPPING_START_EVENT ? heptad_builder_new_object ()
                                                    : heptad_builder_new_array ();
  return read_content (self, event, builder, error) ? heptad_builder_end (builder) : NULL;
}

static const char *
get_anchor (const Event *event)
{
  switch (event->type)
    {
    case YAML_SCALAR_EVENT:
      return (const char *) event->data.scalar.anchor;
    case YAML_MAPPING_START_EVENT:
      return (const char *) event->data.mapping_start.anchor;
    case YAML_SEQUENCE_START_EVENT:
      return (const char *) event->data.sequence_start.anchor;
    default:
      return NULL;
    }
}

/* The anchor is known only behind its value, so a value cannot hold itself. */
static HeptadValue *
read_anchored (Reader *self, const Event *event, const char *name, GError **error)
{
  guint n_before = self->n_values - 1, height_before = self->height;
  HeptadValue *value;
  Anchor *anchor;

  self->height = self->depth;
  value = read_separately (self, event, error);
  if (value == NULL)
    return NULL;
  anchor = g_new (Anchor, 1);
  *anchor =
      (Anchor){ heptad_value_ref (value), self->n_values - n_before, self->height - self->depth };
  g_hash_table_insert (self->anchors, g_strdup (name), anchor);
  self->height = MAX (self->height, height_before);
  return value;
}

static gboolean
read_alias (Reader *self, const Event *event, Target target, GError **error)
{
  const Anchor *anchor =
      g_hash_table_lookup (self->anchors, (const char *) event->data.alias.anchor);

  if (anchor == NULL)
    return fail (self, &event->start_mark, HEPTAD_ERROR_MALFORMED,
                 "the alias has no anchor before it", error);
  if (!count_values (self, event, anchor->n_values, error)
      || !reach_depth (self, event, self->depth + anchor->height, error))
    return FALSE;
  put (target, anchor->value);
  return TRUE;
}

static gboolean
read_container (Reader *self, const Event *event, Target target, GError **error)
{
  gboolean is_mapping = event->type == YAML_MAPPING_START_EVENT;

  if (target.name != NULL && is_mapping)
    heptad_builder_set_object (target.builder, target.name);
  else if (target.name != NULL)
    heptad_builder_set_array (target.builder, target.name);
  else if (is_mapping)
    heptad_builder_add_object (target.builder);
  else
    heptad_builder_add_array (target.builder);
  if (!read_content (self, event, target.builder, error))
    return FALSE;
  heptad_builder_close (target.builder);
  return TRUE;
}

static gboolean
read_value (Reader *self, Event *event, Target target, GError **error)
{
  const char *name = get_anchor (event);
  g_autoptr (HeptadValue) value = NULL;

  if (event->type == YAML_ALIAS_EVENT)
    return read_alias (self, event, target, error);
  if (!count_values (self, event, 1, error))
    return FALSE;
  if (name == NULL && event->type != YAML_SCALAR_EVENT)
    return read_container (self, event, target, error);
  value =
      name != NULL ? read_anchored (self, event, name, error) : read_scalar (self, event, error);
  if (value == NULL)
    return FALSE;
  put (target, value);
  return TRUE;
}

static gboolean
expect_event (Reader *self, yaml_event_type_t type, const char *problem, GError **error)
{
  g_auto (Event) event = { 0 };

  if (!next_event (self, &event, error))
    return FALSE;
  return event.type == type
         || fail (self, &event.start_mark, HEPTAD_ERROR_MALFORMED, problem, error);
}

static HeptadValue *
read_document (Reader *self, GError **error)
{
  g_auto (Event) event = { 0 };
  g_autoptr (HeptadValue) value = NULL;

  if (!expect_event (self, YAML_STREAM_START_EVENT, "this is no YAML text", error)
      || !expect_event (self, YAML_DOCUMENT_START_EVENT, "there is nothing in it", error)
      || !next_event (self, &event, error))
    return NULL;
  self->n_values = 1;
  note_line (self, &event);
  if (event.type == YAML_ALIAS_EVENT)
    {
      fail (self, &event.start_mark, HEPTAD_ERROR_MALFORMED, "the alias has no anchor before it",
            error);
      return NULL;
    }
  value = read_separately (self, &event, error);
  if (value == NULL
      || !expect_event (self, YAML_DOCUMENT_END_EVENT, "the document does not end here", error)
      || !expect_event (self, YAML_STREAM_END_EVENT,
                        "a second document begins here; there may be only one", error))
    return NULL;
  return g_steal_pointer (&value);
}

static HeptadValue *
parse (
    const char *text, gsize length, const char *file_name, HeptadYamlLines *lines, GError **error)
{
  Reader self = { .file_name = file_name, .lines = lines };
  HeptadValue *value;

  if (length > MAX_TEXT)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "%s has %" G_GSIZE_FORMAT " bytes; the most is 4 MiB", file_name, length);
      return NULL;
    }
  if (yaml_parser_initialize (&self.parser) == 0)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_INTERNAL, "%s: there is no memory to parse it",
                   file_name);
      return NULL;
    }
  yaml_parser_set_input_string (&self.parser, (const guchar *) text, length);
  yaml_parser_set_encoding (&self.parser, YAML_UTF8_ENCODING);
  self.anchors =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) anchor_free);
  self.pointer = g_string_new (NULL);
  value = read_document (&self, error);
  g_string_free (self.pointer, TRUE);
  g_hash_table_unref (self.anchors);
  yaml_parser_delete (&self.parser);
  return value;
}

HeptadValue *
heptad_yaml_parse (const char *text, gssize length, const char *file_name, GError **error)
{
  g_return_val_if_fail (text != NULL && file_name != NULL, NULL);

  return parse (text, length < 0 ? strlen (text) : (gsize) length, file_name, NULL, error);
}

HeptadValue *
heptad_yaml_parse_with_lines (
    const char *text, gssize length, const char *file_name, HeptadYamlLines **lines, GError **error)
{
  g_autoptr (HeptadYamlLines) found = NULL;
  HeptadValue *value;

  g_return_val_if_fail (text != NULL && file_name != NULL && lines != NULL, NULL);

  found = heptad_yaml_lines_new ();
  value = parse (text, length < 0 ? strlen (text) : (gsize) length, file_name, found, error);
  if (value != NULL)
    *lines = g_steal_pointer (&found);
  return value;
}
