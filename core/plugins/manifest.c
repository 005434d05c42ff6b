/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/manifest.h"

#include <string.h>

#include "core/jobs/cron.h"
#include "core/operations/yaml.h"
#include "core/plugins/bundle.h"
#include "core/plugins/manifest-schema.h"
#include "core/plugins/plugin-services.h"
#include "core/plugins/version-range.h"
#include "sdk/heptad-error.h"

#define MAX_MANIFEST_BYTES (1024 * 1024)

/* What is at hand while one manifest is read. */
typedef struct {
  HeptadManifest *manifest;
  HeptadYamlLines *lines;
  const char *bundle_dir;
} Reader;

static void
set_fault_at (Reader *reader, GError **error, const char *pointer, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static void
set_fault_at (Reader *reader, GError **error, const char *pointer, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, "%s:%u: %s",
               reader->manifest->file_name, heptad_yaml_lines_find (reader->lines, pointer),
               detail);
}

/* A member that is too many is reported at its object; people look for the member's own line. */
static char *
locate_failure (const HeptadSchemaFailure *failure)
{
  g_auto (GStrv) parts = g_strsplit (failure->detail, "'", 3);

  if (g_str_equal (failure->keyword, "additionalProperties") && g_strv_length (parts) == 3)
    return g_strconcat (failure->pointer, "/", parts[1], NULL);
  return g_strdup (failure->pointer);
}

static gboolean
check_schema (Reader *reader, GError **error)
{
  g_auto (HeptadSchemaReport) report = { 0 };
  const HeptadSchemaFailure *first = &report.failures[0];
  g_autofree char *pointer = NULL;

  if (heptad_schema_validate (heptad_manifest_get_schema (), reader->manifest->document, &report))
    return TRUE;

  pointer = locate_failure (first);
  set_fault_at (reader, error, pointer, "%s: %s; see data/plugin-manifest.schema.json",
                *first->pointer != '\0' ? first->pointer + 1 : "the manifest", first->detail);
  return FALSE;
}

static gboolean
check_asks (Reader *reader, GError **error)
{
  HeptadManifest *self = reader->manifest;

  for (guint i = 0; self->asks[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/asks/%u", i);

      if (heptad_plugin_asks_known (self->asks[i]))
        continue;
      set_fault_at (reader, error, pointer,
                    "asks for '%s', which this host does not know; it may ask for %s",
                    self->asks[i], heptad_plugin_asks_describe ());
      return FALSE;
    }
  return TRUE;
}

static gboolean
belongs_to (const char *name, const char *plugin_id, char separator)
{
  gsize length = strlen (plugin_id);

  return strncmp (name, plugin_id, length) == 0 && name[length] == separator;
}

static gboolean
read_permissions (Reader *reader, GError **error)
{
  HeptadManifest *self = reader->manifest;
  const HeptadValue *list = heptad_value_get_member (self->document, "permissions");

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      const HeptadValue *item = heptad_value_get_item (list, i);
      HeptadManifestPermission permission = {
        .id = heptad_value_get_member_string (item, "id"),
        .title = heptad_value_get_member_string (item, "title"),
      };
      g_autofree char *pointer = g_strdup_printf ("/permissions/%u/id", i);

      if (!belongs_to (permission.id, self->id, ':'))
        {
          set_fault_at (reader, error, pointer,
                        "defines the permission '%s' of another plugin; its own begin with '%s:'",
                        permission.id, self->id);
          return FALSE;
        }
      if (heptad_manifest_defines_permission (self, permission.id))
        {
          set_fault_at (reader, error, pointer, "defines the permission '%s' twice; remove one",
                        permission.id);
          return FALSE;
        }
      g_array_append_val (self->permissions, permission);
    }
  return TRUE;
}

static gboolean
read_dependencies (Reader *reader, const char *key, gboolean required, GError **error)
{
  HeptadManifest *self = reader->manifest;
  const HeptadValue *list = heptad_value_get_member (self->document, key);

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      const HeptadValue *item = heptad_value_get_item (list, i);
      const char *plain = heptad_value_get_string (item);
      HeptadManifestDependency dependency = {
        .id = plain != NULL ? plain : heptad_value_get_member_string (item, "id"),
        .version_range = heptad_value_get_member_string (item, "version"),
        .required = required,
      };
      g_autofree char *pointer = g_strdup_printf ("/%s/%u", key, i);
      g_autoptr (GError) failure = NULL;

      if (g_str_equal (dependency.id, self->id))
        {
          set_fault_at (reader, error, pointer, "%s itself; remove the line", key);
          return FALSE;
        }
      if (dependency.version_range != NULL
          && !heptad_version_range_check (dependency.version_range, &failure))
        {
          set_fault_at (reader, error, pointer, "%s", failure->message);
          return FALSE;
        }
      g_array_append_val (self->dependencies, dependency);
    }
  return TRUE;
}

/* Gives the schema of a topic: in place, or from a file of the bundle. */
static HeptadValue *
load_event_schema (Reader *reader, const HeptadValue *schema, GError **error)
{
  const char *file = heptad_value_get_string (schema);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (file == NULL)
    return heptad_value_ref (schema);

  path = g_canonicalize_filename (file, reader->bundle_dir);
  if (!belongs_to (path, reader->bundle_dir, G_DIR_SEPARATOR))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "the schema file %s lies outside the bundle; move it in", file);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (g_str_has_suffix (file, ".json"))
    return heptad_value_parse (text, (gssize) length, error);
  return heptad_yaml_parse (text, (gssize) length, file, error);
}

static gboolean
read_event (Reader *reader, const HeptadValue *item, HeptadManifestEvent *event, GError **error)
{
  g_autoptr (HeptadSchema) schema = NULL;

  event->topic = heptad_value_get_member_string (item, "topic");
  event->title = heptad_value_get_member_string (item, "title");
  if (!belongs_to (event->topic, reader->manifest->id, '.'))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "declares the topic '%s' of another plugin; its own begin with '%s.'",
                   event->topic, reader->manifest->id);
      return FALSE;
    }

  event->schema = load_event_schema (reader, heptad_value_get_member (item, "schema"), error);
  if (event->schema == NULL)
    return FALSE;
  schema = heptad_schema_compile_at (event->schema, "", error);
  if (schema != NULL)
    return TRUE;
  g_prefix_error (error, "the schema of the topic '%s' is not valid: ", event->topic);
  g_clear_pointer (&event->schema, heptad_value_unref);
  return FALSE;
}

static gboolean
read_events (Reader *reader, GError **error)
{
  HeptadManifest *self = reader->manifest;
  const HeptadValue *list = heptad_value_get_member (self->document, "events");

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/events/%u", i);
      g_autoptr (GError) failure = NULL;
      HeptadManifestEvent event = { 0 };

      if (!read_event (reader, heptad_value_get_item (list, i), &event, &failure))
        {
          set_fault_at (reader, error, pointer, "%s", failure->message);
          return FALSE;
        }
      g_array_append_val (self->events, event);
    }
  return TRUE;
}

static gboolean
read_settings (Reader *reader, GError **error)
{
  HeptadManifest *self = reader->manifest;
  g_autoptr (HeptadSchema) schema = NULL;
  g_autoptr (GError) failure = NULL;

  self->settings = heptad_value_get_member (self->document, "settings");
  if (self->settings == NULL)
    return TRUE;
  schema = heptad_schema_compile_at (self->document, "/settings", &failure);
  if (schema != NULL)
    return TRUE;
  set_fault_at (reader, error, "/settings", "the schema of the settings is not valid: %s",
                failure->message);
  return FALSE;
}

static gboolean
check_schedule (Reader *reader,
                const HeptadManifestSchedule *schedule,
                const char *pointer,
                GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (schedule->timezone);
  g_autoptr (GError) failure = NULL;
  Cron cron;

  if (!cron_parse (schedule->cron, &cron, &failure))
    {
      set_fault_at (reader, error, pointer, "the schedule '%s' has a wrong cron line '%s': %s",
                    schedule->id, schedule->cron, failure->message);
      return FALSE;
    }
  if (zone != NULL)
    return TRUE;
  set_fault_at (reader, error, pointer,
                "the schedule '%s' has the time zone '%s', which this machine does not know; write "
                "one such as Europe/Berlin",
                schedule->id, schedule->timezone);
  return FALSE;
}

static gboolean
read_schedules (Reader *reader, GError **error)
{
  HeptadManifest *self = reader->manifest;
  const HeptadValue *list = heptad_value_get_member (self->document, "schedules");

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    {
      const HeptadValue *item = heptad_value_get_item (list, i);
      const char *zone = heptad_value_get_member_string (item, "timezone");
      g_autofree char *pointer = g_strdup_printf ("/schedules/%u", i);
      HeptadManifestSchedule schedule = {
        .id = heptad_value_get_member_string (item, "id"),
        .cron = heptad_value_get_member_string (item, "cron"),
        .timezone = zone != NULL ? zone : "UTC",
        .job = heptad_value_get_member_string (item, "job"),
        .input = heptad_value_get_member (item, "input"),
      };

      if (!check_schedule (reader, &schedule, pointer, error))
        return FALSE;
      g_array_append_val (self->schedules, schedule);
    }
  return TRUE;
}

static char **
read_strings (const HeptadValue *list)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();

  for (guint i = 0; i < heptad_value_get_size (list); i++)
    g_strv_builder_add (strings, heptad_value_get_string (heptad_value_get_item (list, i)));
  return g_strv_builder_end (strings);
}

static HeptadPlacement
read_placement (const HeptadValue *document)
{
  const char *placement = heptad_value_get_member_string (document, "placement");

  if (g_strcmp0 (placement, "host") == 0)
    return HEPTAD_PLACEMENT_HOST;
  if (g_strcmp0 (placement, "worker") == 0)
    return HEPTAD_PLACEMENT_WORKER;
  return HEPTAD_PLACEMENT_ANY;
}

static void
read_plain (HeptadManifest *self)
{
  const HeptadValue *serial = heptad_value_get_member (self->document, "serial");

  self->id = heptad_value_get_member_string (self->document, "id");
  self->name = heptad_value_get_member_string (self->document, "name");
  self->version = heptad_value_get_member_string (self->document, "version");
  self->summary = heptad_value_get_member_string (self->document, "summary");
  self->sdk = heptad_value_get_member_string (self->document, "sdk");
  self->module = heptad_value_get_member_string (self->document, "module");
  self->asks = read_strings (heptad_value_get_member (self->document, "asks"));
  self->subscribes = read_strings (heptad_value_get_member (self->document, "subscribes"));
  self->console = heptad_value_get_member (self->document, "console");
  self->serial = serial == NULL || heptad_value_get_boolean (serial);
  self->placement = read_placement (self->document);
}

static gboolean
read_manifest (Reader *reader, GError **error)
{
  if (!check_schema (reader, error))
    return FALSE;
  read_plain (reader->manifest);
  return check_asks (reader, error) && read_permissions (reader, error)
         && read_dependencies (reader, "requires", TRUE, error)
         && read_dependencies (reader, "wants", FALSE, error) && read_events (reader, error)
         && read_schedules (reader, error) && read_settings (reader, error);
}

static void
clear_event (gpointer data)
{
  HeptadManifestEvent *event = data;

  g_clear_pointer (&event->schema, heptad_value_unref);
}

static HeptadManifest *
new_manifest (const char *file_name)
{
  HeptadManifest *self = g_new0 (HeptadManifest, 1);

  g_atomic_ref_count_init (&self->references);
  self->file_name = g_strdup (file_name);
  self->permissions = g_array_new (FALSE, FALSE, sizeof (HeptadManifestPermission));
  self->dependencies = g_array_new (FALSE, FALSE, sizeof (HeptadManifestDependency));
  self->events = g_array_new (FALSE, FALSE, sizeof (HeptadManifestEvent));
  g_array_set_clear_func (self->events, clear_event);
  self->schedules = g_array_new (FALSE, FALSE, sizeof (HeptadManifestSchedule));
  return self;
}

HeptadManifest *
heptad_manifest_parse (
    const char *text, gsize length, const char *file_name, const char *bundle_dir, GError **error)
{
  g_autoptr (HeptadManifest) self = new_manifest (file_name);
  g_autoptr (HeptadYamlLines) lines = NULL;
  Reader reader = { .manifest = self, .bundle_dir = bundle_dir };

  self->document = heptad_yaml_parse_with_lines (text, (gssize) length, file_name, &lines, error);
  if (self->document == NULL)
    return NULL;
  reader.lines = lines;
  if (!read_manifest (&reader, error))
    return NULL;
  return g_steal_pointer (&self);
}

HeptadManifest *
heptad_manifest_load (const char *bundle_dir, GError **error)
{
  g_autofree char *path = g_build_filename (bundle_dir, HEPTAD_BUNDLE_MANIFEST, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "%s has a module but no %s; write one, as docs/sdk/manifest.md says", bundle_dir,
                   HEPTAD_BUNDLE_MANIFEST);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (length > MAX_MANIFEST_BYTES)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_TOO_LARGE,
                   "%s is larger than 1 MiB; move large schemas to files of their own", path);
      return NULL;
    }
  return heptad_manifest_parse (text, length, path, bundle_dir, error);
}

HeptadManifest *
heptad_manifest_ref (HeptadManifest *manifest)
{
  g_atomic_ref_count_inc (&manifest->references);
  return manifest;
}

void
heptad_manifest_unref (HeptadManifest *manifest)
{
  if (!g_atomic_ref_count_dec (&manifest->references))
    return;
  g_array_unref (manifest->permissions);
  g_array_unref (manifest->dependencies);
  g_array_unref (manifest->events);
  g_array_unref (manifest->schedules);
  g_strfreev (manifest->asks);
  g_strfreev (manifest->subscribes);
  g_clear_pointer (&manifest->document, heptad_value_unref);
  g_free (manifest->file_name);
  g_free (manifest);
}

gboolean
heptad_manifest_asks (const HeptadManifest *manifest, const char *what)
{
  return g_strv_contains ((const char *const *) manifest->asks, what);
}

gboolean
heptad_manifest_defines_permission (const HeptadManifest *manifest, const char *permission)
{
  for (guint i = 0; i < manifest->permissions->len; i++)
    if (g_str_equal (g_array_index (manifest->permissions, HeptadManifestPermission, i).id,
                     permission))
      return TRUE;
  return FALSE;
}
