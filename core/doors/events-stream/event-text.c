/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/events-stream/event-text.h"

#include "sdk/backend/heptad-events-backend.h"

#include <string.h>

enum {
  REMEMBERED = 64, /* as many as a subscription reads at a time */
  MAX_REMEMBERED_BYTES = 16 * 1024,
};

typedef struct {
  HeptadEvent *events[REMEMBERED];
  GBytes *texts[REMEMBERED];
} Memory;

static void
memory_free (gpointer data)
{
  Memory *memory = data;

  for (guint i = 0; i < REMEMBERED; i++)
    {
      g_clear_object (&memory->events[i]);
      g_clear_pointer (&memory->texts[i], g_bytes_unref);
    }
  g_free (memory);
}

static GPrivate thread_memory = G_PRIVATE_INIT (memory_free);

static GBytes *
print (HeptadEvent *event, const char *tenant_id)
{
  const char *topic = heptad_event_get_topic (event);
  g_autoptr (HeptadBuilder) builder = heptad_builder_new_object ();
  g_autofree char *source =
      g_strdup_printf ("/tenants/%s/plugins/%.*s", tenant_id, (int) strcspn (topic, "."), topic);
  g_autoptr (HeptadValue) value = NULL;
  GString *text = g_string_sized_new (512);

  heptad_builder_set_string (builder, "specversion", "1.0");
  heptad_builder_set_string (builder, "id", heptad_event_get_id (event));
  heptad_builder_set_string (builder, "source", source);
  heptad_builder_set_string (builder, "type", topic);
  heptad_builder_set_time (builder, "time", heptad_event_get_time_us (event));
  heptad_builder_set_string (builder, "datacontenttype", "application/json");
  if (heptad_event_get_key (event) != NULL)
    heptad_builder_set_string (builder, "partitionkey", heptad_event_get_key (event));
  heptad_builder_set_value (builder, "data", heptad_event_get_data (event));
  value = heptad_builder_end (builder);
  heptad_value_print_to (value, text);
  return g_string_free_to_bytes (text);
}

GBytes *
heptad_event_print (HeptadEvent *event, const char *tenant_id)
{
  Memory *memory = g_private_get (&thread_memory);
  guint place = (guint) (heptad_event_get_position (event) % REMEMBERED);
  GBytes *text;

  if (memory == NULL)
    {
      memory = g_new0 (Memory, 1);
      g_private_set (&thread_memory, memory);
    }
  if (memory->events[place] == event)
    return g_bytes_ref (memory->texts[place]);

  text = print (event, tenant_id);
  if (g_bytes_get_size (text) <= MAX_REMEMBERED_BYTES)
    {
      g_set_object (&memory->events[place], event);
      g_clear_pointer (&memory->texts[place], g_bytes_unref);
      memory->texts[place] = g_bytes_ref (text);
    }
  return text;
}
