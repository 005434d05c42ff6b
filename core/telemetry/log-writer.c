/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/telemetry/log-writer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/telemetry/log-context.h"
#include "sdk/heptad-value.h"

#define MAX_CONTEXT_FIELDS 4

/* Set once before threads run, but for the level, which is atomic. */
static HeptadLogFormat writer_format;
static gint writer_least;

static const struct {
  const char *name;
  GLogLevelFlags level;
} levels[] = {
  { "debug", G_LOG_LEVEL_DEBUG },    { "info", G_LOG_LEVEL_INFO },
  { "notice", G_LOG_LEVEL_MESSAGE }, { "warning", G_LOG_LEVEL_WARNING },
  { "error", G_LOG_LEVEL_CRITICAL },
};

GLogLevelFlags
heptad_log_level_parse (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (levels[i].name, name))
      return levels[i].level;
  return G_LOG_LEVEL_INFO;
}

HeptadLogFormat
heptad_log_format_parse (const char *name)
{
  static const char *const names[] = { "auto", "text", "journal", "json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      return (HeptadLogFormat) i;
  return HEPTAD_LOG_AUTO;
}

static const char *
name_level (GLogLevelFlags level)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if ((level & levels[i].level) != 0)
      return levels[i].name;
  return "error";
}

/* The text of a field; GLib lets fields have a length or an end. */
static char *
copy_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].value != NULL)
      return g_utf8_make_valid (fields[i].value, fields[i].length);
  return NULL;
}

static void
print_json (
    GLogLevelFlags level, const GLogField *fields, gsize n_fields, gint64 at_us, GString *into)
{
  const HeptadLogContext *context = heptad_log_context_get ();
  g_autoptr (HeptadBuilder) line = heptad_builder_new_object ();
  g_autoptr (HeptadValue) value = NULL;
  g_autofree char *message = copy_field (fields, n_fields, "MESSAGE");
  g_autofree char *plugin = copy_field (fields, n_fields, "HEPTAD_PLUGIN");
  g_autofree char *domain = copy_field (fields, n_fields, "GLIB_DOMAIN");
  g_autofree char *function = copy_field (fields, n_fields, "CODE_FUNC");

  heptad_builder_set_time (line, "time", at_us);
  heptad_builder_set_string (line, "level", name_level (level));
  heptad_builder_set_string (line, "message", message);
  if (plugin != NULL)
    heptad_builder_set_string (line, "plugin", plugin);
  else if (context != NULL && context->plugin_id != NULL)
    heptad_builder_set_string (line, "plugin", context->plugin_id);
  if (domain != NULL)
    heptad_builder_set_string (line, "domain", domain);
  if (function != NULL)
    heptad_builder_set_string (line, "function", function);
  if (context != NULL && context->tenant_id != NULL)
    heptad_builder_set_string (line, "tenant", context->tenant_id);
  if (context != NULL && context->call_id != NULL)
    heptad_builder_set_string (line, "call", context->call_id);
  if (context != NULL && context->trace_id != NULL)
    heptad_builder_set_string (line, "trace", context->trace_id);
  value = heptad_builder_end (line);
  heptad_value_print_to (value, into);
}

/* A message is one line: what a client has sent cannot make up another. */
static void
append_one_line (GString *into, const char *message)
{
  for (const char *at = message; *at != '\0'; at++)
    {
      if ((guchar) *at >= 0x20 && *at != 0x7f)
        g_string_append_c (into, *at);
      else
        g_string_append_printf (into, "\\x%02x", (guchar) *at);
    }
}

static void
print_text (
    GLogLevelFlags level, const GLogField *fields, gsize n_fields, gint64 at_us, GString *into)
{
  const HeptadLogContext *context = heptad_log_context_get ();
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *time = g_date_time_format (local, "%H:%M:%S");
  g_autofree char *message = copy_field (fields, n_fields, "MESSAGE");
  g_autofree char *plugin = copy_field (fields, n_fields, "HEPTAD_PLUGIN");

  g_string_append_printf (into, "%s.%03d %-7s ", time, (int) (at_us / 1000 % 1000),
                          name_level (level));
  if (plugin != NULL && !g_str_equal (plugin, "core"))
    g_string_append_printf (into, "%s: ", plugin);
  append_one_line (into, message != NULL ? message : "");
  if (context != NULL && context->call_id != NULL)
    g_string_append_printf (into, " [call %s]", context->call_id);
}

void
heptad_log_writer_print (HeptadLogFormat format,
                         GLogLevelFlags level,
                         const GLogField *fields,
                         gsize n_fields,
                         gint64 at_us,
                         GString *into)
{
  if (format == HEPTAD_LOG_JSON)
    print_json (level, fields, n_fields, at_us, into);
  else
    print_text (level, fields, n_fields, at_us, into);
  g_string_append_c (into, '\n');
}

static void
add_context_field (GArray *fields, const char *key, const char *value)
{
  GLogField field = { key, value, -1 };

  if (value != NULL)
    g_array_append_val (fields, field);
}

static GLogWriterOutput
write_journal (GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
  const HeptadLogContext *context = heptad_log_context_get ();
  g_autoptr (GArray) all =
      g_array_sized_new (FALSE, FALSE, sizeof (GLogField), (guint) n_fields + MAX_CONTEXT_FIELDS);

  g_array_append_vals (all, fields, (guint) n_fields);
  if (context != NULL)
    {
      add_context_field (all, "HEPTAD_TENANT", context->tenant_id);
      add_context_field (all, "HEPTAD_PLUGIN", context->plugin_id);
      add_context_field (all, "HEPTAD_CALL", context->call_id);
      add_context_field (all, "HEPTAD_TRACE", context->trace_id);
    }
  return g_log_writer_journald (level, (const GLogField *) (void *) all->data, all->len, NULL);
}

static GLogWriterOutput
write_record (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  g_autoptr (GString) line = NULL;
  gssize written;

  /* GLib's levels grow less grave as their numbers grow. */
  if ((level & G_LOG_LEVEL_MASK) > (GLogLevelFlags) g_atomic_int_get (&writer_least))
    return G_LOG_WRITER_HANDLED;
  if (writer_format == HEPTAD_LOG_JOURNAL
      && write_journal (level, fields, n_fields) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  line = g_string_sized_new (256);
  heptad_log_writer_print (writer_format, level, fields, n_fields, g_get_real_time (), line);
  do
    written = write (STDERR_FILENO, line->str, line->len);
  while (written < 0 && errno == EINTR);
  return G_LOG_WRITER_HANDLED;
}

void
heptad_log_writer_install (HeptadLogFormat format, GLogLevelFlags least)
{
  if (format == HEPTAD_LOG_AUTO)
    format = g_log_writer_is_journald (STDERR_FILENO) ? HEPTAD_LOG_JOURNAL : HEPTAD_LOG_TEXT;
  writer_format = format;
  g_atomic_int_set (&writer_least, (gint) least);
  g_log_set_writer_func (write_record, NULL, NULL);
}

void
heptad_log_writer_set_level (GLogLevelFlags least)
{
  g_atomic_int_set (&writer_least, (gint) least);
}
